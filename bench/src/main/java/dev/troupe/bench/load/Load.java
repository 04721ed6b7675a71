package dev.troupe.bench.load;

/** When the next request is sent. */
public sealed interface Load {

    /** @return for people, as "32 streams" */
    String label();

    /** So many requests at any time: the next is sent when one ends. */
    record Streams(int count) implements Load {
        public Streams {
            if (count < 1) {
                throw new IllegalArgumentException("streams " + count);
            }
        }

        @Override
        public String label() {
            return count == 1 ? "1 stream" : count + " streams";
        }
    }

    /** Requests come when they come, however many are still running: Poisson arrivals. */
    record Arrivals(double perSecond) implements Load {
        public Arrivals {
            if (!(perSecond > 0 && perSecond <= 100_000)) {
                throw new IllegalArgumentException("arrivals " + perSecond);
            }
        }

        @Override
        public String label() {
            return (perSecond == Math.rint(perSecond) ? String.valueOf((long) perSecond) : String.valueOf(perSecond))
                    + " requests/s";
        }
    }
}
