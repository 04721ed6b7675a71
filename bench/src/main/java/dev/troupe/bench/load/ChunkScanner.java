package dev.troupe.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Says what is in one event of a stream without parsing it: a client that shares the cores with the server should not spend them on JSON.
 *
 * <p>Inside a JSON string every quotation mark is escaped, so the bytes {@code "name":} can only be a name: what it looks for is never found
 * in the model's own words.
 */
final class ChunkScanner {
    private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);
    private static final byte[] CONTENT = "\"content\"".getBytes(US_ASCII);
    private static final byte[] REASONING = "\"reasoning_content\"".getBytes(US_ASCII);
    private static final byte[] USAGE = "\"usage\"".getBytes(US_ASCII);
    private static final byte[] ERROR = "\"error\"".getBytes(US_ASCII);

    private boolean done;
    private boolean text;
    private boolean usage;
    private boolean error;

    /**
     * Looks at one event.
     *
     * @param bytes of which those from {@code from} to {@code to} are what follows {@code data:}
     */
    void scan(byte[] bytes, int from, int to) {
        int begin = skipSpace(bytes, from, to);
        done = startsWith(DONE, bytes, begin, to);
        text = false;
        usage = false;
        error = false;
        for (int i = begin; i < to; i++) {
            if (bytes[i] == '"' && i + 1 < to) {
                look(bytes, i, to);
            }
        }
    }

    private void look(byte[] bytes, int at, int to) {
        switch (bytes[at + 1]) {
            case 'c' -> text |= isText(value(CONTENT, bytes, at, to), bytes, to);
            case 'r' -> text |= isText(value(REASONING, bytes, at, to), bytes, to);
            case 'u' -> {
                int value = value(USAGE, bytes, at, to);
                usage |= value >= 0 && bytes[value] == '{';
            }
            case 'e' -> {
                int value = value(ERROR, bytes, at, to);
                error |= value >= 0 && bytes[value] != 'n';
            }
            default -> {
                // No name of ours.
            }
        }
    }

    /** @return the stream ends here, as {@code [DONE]} says */
    boolean isDone() {
        return done;
    }

    /** @return something for the user to read */
    boolean hasText() {
        return text;
    }

    boolean hasUsage() {
        return usage;
    }

    boolean hasError() {
        return error;
    }

    private static boolean isText(int value, byte[] bytes, int to) {
        return value >= 0 && bytes[value] == '"' && value + 1 < to && bytes[value + 1] != '"';
    }

    /** @return where the value begins, if here stands this name and a colon; else -1 */
    private static int value(byte[] name, byte[] bytes, int at, int to) {
        if (!startsWith(name, bytes, at, to)) {
            return -1;
        }
        int colon = skipSpace(bytes, at + name.length, to);
        if (colon == to || bytes[colon] != ':') {
            return -1;
        }
        int value = skipSpace(bytes, colon + 1, to);
        return value == to ? -1 : value;
    }

    private static boolean startsWith(byte[] what, byte[] bytes, int from, int to) {
        if (to - from < what.length) {
            return false;
        }
        for (int i = 0; i < what.length; i++) {
            if (bytes[from + i] != what[i]) {
                return false;
            }
        }
        return true;
    }

    private static int skipSpace(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }
}
