package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.worker.model.KvLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KvPlannerTest {
    private static final long GB = 1L << 30;

    /** SmolLM2-135M in bfloat16: 2 × 30 layers × 3 heads × 64 × 2 bytes. */
    private static final long TOKEN_BYTES = 23_040;

    @Test
    void twoGigabytesHoldEightWholeContextsOfTheDefaultModel() {
        KvLayout plan = KvPlanner.plan(8192, TOKEN_BYTES, 2 * GB);

        assertThat(plan).isEqualTo(new KvLayout(8, 8192, 27_670 / KvCopy.BLOCK_TOKENS));
    }

    @Test
    void contextIsShortenedWhereTwoWholeOnesDoNotFit() {
        KvLayout plan = KvPlanner.plan(131_072, 128 << 10, 4 * GB);

        assertThat(plan.slabTokens()).isEqualTo(8192);
        assertThat(plan.slabs()).isEqualTo(3);
    }

    @Test
    void tooLittleMemorySaysHowMuchIsEnough() {
        assertThatThrownBy(() -> KvPlanner.plan(8192, TOKEN_BYTES, 1 << 20))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("1 MB")
                .hasMessageContaining("--kv-memory 16m");
        assertThat(KvPlanner.plan(8192, TOKEN_BYTES, 16 << 20).slabTokens()).isEqualTo(256);
    }

    @Test
    void noPlanIsLargerThanItsBudget() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            int context = 1 + random.nextInt(200_000);
            long tokenBytes = 64L << random.nextInt(12);
            long budget = 1L << (20 + random.nextInt(16));
            try {
                KvLayout plan = KvPlanner.plan(context, tokenBytes, budget);
                assertThat(plan.tokens() * tokenBytes).isLessThanOrEqualTo(budget);
                assertThat(plan.slabs()).isGreaterThanOrEqualTo(2);
                assertThat(plan.slabTokens() % KvCopy.BLOCK_TOKENS).isZero();
            } catch (UserError e) {
                assertThat(2 * 256 * tokenBytes * 4 / 3)
                        .as("%s", e.getMessage())
                        .isGreaterThan(budget - tokenBytes * 4);
            }
        }
    }
}
