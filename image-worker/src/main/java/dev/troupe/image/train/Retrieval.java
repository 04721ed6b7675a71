package dev.troupe.image.train;

/** Which of many is nearest. */
final class Retrieval {
    private Retrieval() {}

    /**
     * The place of the right one among all, by cosine: 0 if it is the nearest. Of those that are equally near the right one comes last, so
     * that an encoder which says the same of everything finds nothing.
     */
    static int rank(float[] query, float[][] all, int right) {
        double own = dot(query, all[right]);
        int nearer = 0;
        for (int i = 0; i < all.length; i++) {
            if (i != right && dot(query, all[i]) >= own) {
                nearer++;
            }
        }
        return nearer;
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** How often row i of {@code queries} finds row i of {@code all} among the first {@code k}. */
    static double share(float[][] queries, float[][] all, int k) {
        int found = 0;
        for (int i = 0; i < queries.length; i++) {
            if (rank(queries[i], all, i) < k) {
                found++;
            }
        }
        return (double) found / queries.length;
    }

    /** The nearest of all. */
    static int nearest(float[] query, float[][] all) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < all.length; i++) {
            double near = dot(query, all[i]);
            if (near > most) {
                most = near;
                best = i;
            }
        }
        return best;
    }
}
