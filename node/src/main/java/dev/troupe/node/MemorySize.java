package dev.troupe.node;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount of memory on the command line, such as {@code 512m} or {@code 2g}.
 *
 * @param bytes above 0
 */
public record MemorySize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})([kmg])b?");

    /** Reads one. */
    public static final class Converter implements ITypeConverter<MemorySize> {
        @Override
        public MemorySize convert(String text) {
            Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
            if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
                throw new TypeConversionException("\"" + text + "\" is not an amount of memory; write 512m or 2g");
            }
            int shift =
                    switch (matcher.group(2)) {
                        case "k" -> 10;
                        case "m" -> 20;
                        default -> 30;
                    };
            return new MemorySize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
        }
    }

    /** Reads one, or 0 for none. */
    public static final class OrNone implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return text.equals("0") ? 0 : new Converter().convert(text).bytes();
        }
    }

    @Override
    public String toString() {
        return text(bytes);
    }

    /** @return an amount as a person says it */
    public static String text(long bytes) {
        if (bytes >= 10L << 30) {
            return (bytes >> 30) + " GB";
        }
        if (bytes >= 1L << 30) {
            return String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30));
        }
        return bytes >= 1L << 20 ? (bytes >> 20) + " MB" : (bytes >> 10) + " KB";
    }
}
