package dev.troupe.image.work;

/**
 * How a worker shares its model.
 *
 * @param maxRows of the network in one pass; a guided picture takes two
 * @param maxPictures that wait, run or are not acknowledged; more are refused
 * @param maxOfTenant of one tenant among them
 * @param maxSourceBytes of files to start from that lie here
 * @param ageMillis without a step after which the first picture of a tenant's class rises by a class
 * @param checkpointMillis between two checkpoints of a picture
 * @param repeatMillis after which an end that is not acknowledged is told again
 * @param silenceMillis without a word of its router after which a picture is given up
 * @param stuckMillis after which a pass is one that does not end
 */
public record StepConfig(
        int maxRows,
        int maxPictures,
        int maxOfTenant,
        long maxSourceBytes,
        long ageMillis,
        long checkpointMillis,
        long repeatMillis,
        long silenceMillis,
        long stuckMillis) {
    public static final StepConfig DEFAULT =
            new StepConfig(8, 256, 64, 256L << 20, 30_000, 1_000, 1_000, 60_000, 120_000);

    public StepConfig {
        if (maxRows < 2 || maxPictures < 1 || maxOfTenant < 1) {
            throw new IllegalArgumentException("a guided picture takes two rows, and one must have room: not " + maxRows
                    + " rows, " + maxPictures + " pictures, " + maxOfTenant + " of a tenant");
        }
        if (maxSourceBytes < 0
                || ageMillis < 1
                || checkpointMillis < 0
                || repeatMillis < 1
                || silenceMillis < 1
                || stuckMillis < 1) {
            throw new IllegalArgumentException("times are positive");
        }
    }
}
