package dev.troupe.cache.journal;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of requests. A name tells the segment that it lies in, so that any router finds it without an index; the rest cannot be guessed. Not
 * thread-safe.
 */
public final class StreamIds {
    /** Requests of one segment; more would make its copies long, fewer would make a step write in more places. */
    private static final int IN_A_SEGMENT = 64;

    private static final int RANDOM_BYTES = 16;
    private static final Pattern NAME = Pattern.compile("[a-z]{1,12}-([0-9a-f]{16})[0-9a-f]{32}");

    private final SecureRandom random = new SecureRandom();
    private String segment = "";
    private int left;

    /** @param prefix lower-case letters, such as {@code chatcmpl} */
    public String next(String prefix) {
        if (left == 0) {
            segment = HexFormat.of().toHexDigits(random.nextLong());
            left = IN_A_SEGMENT;
        }
        left--;
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return prefix + "-" + segment + HexFormat.of().formatHex(bytes);
    }

    /** @return where the request lies; empty when that is no name of ours */
    public static Optional<String> segmentOf(String streamId) {
        Matcher matcher = NAME.matcher(streamId);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
