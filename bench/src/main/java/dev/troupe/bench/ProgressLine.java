package dev.troupe.bench;

import java.io.PrintWriter;

/** One line that changes, on a terminal; nothing elsewhere. */
final class ProgressLine {
    private static final String BEGIN_AND_WIPE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;

    ProgressLine(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    synchronized void show(String text) {
        if (terminal) {
            out.print(BEGIN_AND_WIPE + text);
            out.flush();
        }
    }

    synchronized void clear() {
        show("");
    }
}
