package dev.troupe.image.schedule;

/** The times that a sampler visits, largest first. Rounding is to the nearest even number at ties, as NumPy's. */
final class Times {
    private Times() {}

    /** {@code first, first + (last - first) / (count - 1), ... last}. */
    private static double between(double first, double last, int count, int i) {
        return count == 1 ? first : first + (last - first) / (count - 1) * i;
    }

    /**
     * As DDIM and Euler take them.
     *
     * @param trained number of trained times
     * @param whole whether times between two trained ones are rounded to one
     */
    static double[] of(Spacing spacing, int trained, int steps, int offset, boolean whole) {
        var times = new double[steps];
        int stride = trained / steps;
        for (int i = 0; i < steps; i++) {
            int fromEnd = steps - 1 - i;
            double time =
                    switch (spacing) {
                        case LINSPACE -> between(0, trained - 1, steps, fromEnd);
                        case LEADING -> (double) fromEnd * stride + offset;
                        case TRAILING -> Math.rint(trained - i * ((double) trained / steps)) - 1;
                    };
            times[i] = within(trained, whole ? Math.rint(time) : time);
        }
        return times;
    }

    /** As DPM-Solver takes them: its last step goes to no noise, so it keeps a stride's distance from it. */
    static double[] beforeClean(Spacing spacing, int trained, int steps, int offset) {
        var times = new double[steps];
        int stride = trained / (steps + 1);
        for (int i = 0; i < steps; i++) {
            double time =
                    switch (spacing) {
                        case LINSPACE -> between(0, trained - 1, steps + 1, steps - i);
                        case LEADING -> (double) (steps - i) * stride + offset;
                        case TRAILING -> Math.rint(trained - i * ((double) trained / steps)) - 1;
                    };
            times[i] = within(trained, Math.rint(time));
        }
        return times;
    }

    private static double within(int trained, double time) {
        return Math.min(trained - 1, Math.max(0, time));
    }
}
