package dev.troupe.bench.load;

import java.util.Arrays;

/** Cuts a stream of bytes into lines, wherever the network cut it. */
final class LineReader {
    private byte[] rest = new byte[0];

    /** Sees the bytes of one line, without its end, for as long as the call lasts. */
    @FunctionalInterface
    interface Lines {
        void line(byte[] bytes, int from, int to);
    }

    void feed(byte[] bytes, Lines lines) {
        byte[] all = bytes;
        if (rest.length > 0) {
            all = Arrays.copyOf(rest, rest.length + bytes.length);
            System.arraycopy(bytes, 0, all, rest.length, bytes.length);
        }
        int from = 0;
        for (int i = all.length - bytes.length; i < all.length; i++) {
            if (all[i] == '\n') {
                int to = i > from && all[i - 1] == '\r' ? i - 1 : i;
                lines.line(all, from, to);
                from = i + 1;
            }
        }
        rest = Arrays.copyOfRange(all, from, all.length);
    }
}
