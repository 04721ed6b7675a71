package dev.troupe.node;

import dev.troupe.models.hub.DownloadListener;
import java.io.PrintStream;

/** Shows how a download goes: a bar that moves on a terminal, a line every tenth elsewhere. */
final class DownloadProgress implements DownloadListener {
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final boolean terminal;
    private long shown = -1;

    DownloadProgress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public synchronized void progress(String id, long done, long total) {
        long percent = total == 0 ? 0 : done * 100 / total;
        long step = terminal ? percent : percent / 10;
        if (step == shown) {
            return;
        }
        shown = step;
        String amount = MemorySize.text(done) + (total == 0 ? "" : " of " + MemorySize.text(total));
        if (!terminal) {
            out.println("downloading " + id + ": " + percent + "% (" + amount + ")");
            return;
        }
        int filled = (int) (percent * WIDTH / 100);
        String bar = "#".repeat(filled) + ".".repeat(WIDTH - filled);
        out.print("\rdownloading " + id + " [" + bar + "] " + percent + "% (" + amount + ")   ");
        if (total > 0 && done >= total) {
            out.println();
        }
        out.flush();
    }
}
