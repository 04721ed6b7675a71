package dev.troupe.image.work;

/** How fast the model is, from the last passes; to tell how long somebody will wait. */
final class Tempo {
    /** What a pass counts against all that came before it. */
    private static final double WEIGHT = 0.1;

    private double microsOfRow;

    void passed(int rows, long micros) {
        double now = (double) micros / rows;
        microsOfRow = microsOfRow == 0 ? now : microsOfRow + WEIGHT * (now - microsOfRow);
    }

    /** @return milliseconds; 0 before anything was measured */
    long millis(double rowSteps) {
        return Math.round(rowSteps * microsOfRow / 1_000);
    }
}
