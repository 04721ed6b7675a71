package dev.troupe.image.train;

/**
 * How fast is learned at which step, as a function of its number alone, so that training may stop and go on at any time.
 *
 * @param rate after the first steps
 * @param warm steps until then
 * @param halved steps after which it has fallen to a half, and then on with the root of their number
 * @param mean what the moving mean keeps of itself, once there have been enough steps
 */
record Pace(double rate, int warm, int halved, double mean) {
    double rateAt(int step) {
        double up = Math.min(1, (step + 1.0) / warm);
        return rate * up / Math.sqrt(1 + 3.0 * step / halved);
    }

    /** Never over more than a tenth of the steps so far. */
    double meanAt(int step) {
        return Math.min(mean, (step + 1.0) / (step + 11.0));
    }
}
