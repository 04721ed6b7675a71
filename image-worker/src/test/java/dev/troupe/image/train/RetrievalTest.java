package dev.troupe.image.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetrievalTest {
    private static final float[][] AXES = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    @Test
    void whatPointsTheSameWayIsFirst() {
        assertThat(Retrieval.share(AXES, AXES, 1)).isEqualTo(1);
        assertThat(Retrieval.nearest(new float[] {0.1f, 0.9f, 0.2f}, AXES)).isEqualTo(1);
    }

    @Test
    void theRankCountsThoseThatAreNearer() {
        float[] query = {0.9f, 0.5f, 0.1f};
        assertThat(Retrieval.rank(query, AXES, 0)).isZero();
        assertThat(Retrieval.rank(query, AXES, 1)).isEqualTo(1);
        assertThat(Retrieval.rank(query, AXES, 2)).isEqualTo(2);
    }

    @Test
    void whoSaysTheSameOfEverythingFindsNothing() {
        float[][] same = {{1, 0}, {1, 0}, {1, 0}};
        assertThat(Retrieval.share(same, same, 1)).isZero();
    }
}
