package dev.troupe.node.admin;

import dev.troupe.node.Seconds;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** When a key ends, on the command line: {@code 30d} from now, or the beginning of a day in UTC, {@code 2027-01-31}. */
final class Expiry implements ITypeConverter<Instant> {
    private final Clock clock;

    Expiry() {
        this(Clock.systemUTC());
    }

    Expiry(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Instant convert(String text) {
        Instant now = clock.instant();
        Instant end = text.contains("-") ? day(text) : now.plus(new Seconds().convert(text));
        if (!end.isAfter(now)) {
            throw new TypeConversionException("\"" + text + "\" is not in the future");
        }
        return end;
    }

    private static Instant day(String text) {
        try {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("\"" + text + "\" is no end; write 30d, 12h or 2027-01-31");
        }
    }
}
