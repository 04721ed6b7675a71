package dev.troupe.image.work;

/** What a scheduler tells of itself. Called on its thread. */
public interface PictureMetrics {
    PictureMetrics NONE = new PictureMetrics() {
        @Override
        public void passed(int rows, int steps, long micros) {
            // Nobody asks.
        }

        @Override
        public void ended(boolean made, long millis) {
            // Nobody asks.
        }

        @Override
        public void load(int running, int waiting) {
            // Nobody asks.
        }
    };

    /**
     * A pass with steps in it.
     *
     * @param rows of the network
     * @param steps of pictures: fewer than rows where some are guided
     */
    void passed(int rows, int steps, long micros);

    /** @param millis since the picture came to this worker */
    void ended(boolean made, long millis);

    void load(int running, int waiting);
}
