package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.worker.model.KvLayout;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    private static final long MB = 1L << 20;
    private static final long GB = 1L << 30;
    private static final long TOKEN_BYTES = 23_040;
    private static final long MODEL = 400 * MB;

    private static MemoryPlan plan(Optional<Long> wish, long free, boolean ownDevice) {
        return MemoryPlan.decide(wish, free, ownDevice, MODEL, 8192, TOKEN_BYTES);
    }

    private static long kvBytes(MemoryPlan plan) {
        return plan.kv().tokens() * TOKEN_BYTES;
    }

    @Test
    void oneLineSaysWhatWasFoundAndWhatItIsFor() {
        assertThat(plan(Optional.empty(), 12 * GB, false).describe(64))
                .isEqualTo(
                        "Memory: 12 GB free; model about 400 MB; KV 2.0 GB = 65,536 tokens (64 sequences of 1,024 or 8"
                                + " of 8,192) and 27,664 of cached prefixes");
        assertThat(new MemoryPlan(GB, MODEL, new KvLayout(2, 256, 0), TOKEN_BYTES).describe(64))
                .contains("512 tokens (2 sequences of 256) and 0");
    }

    @Test
    void besideOtherProgramsAFifthOfWhatIsFreeUpToTwoGigabytes() {
        assertThat(MemoryPlan.defaultBudget(5 * GB)).isEqualTo(GB);
        assertThat(MemoryPlan.defaultBudget(100 * GB)).isEqualTo(2 * GB);
    }

    @Test
    void littleMemoryLeavesRoomForTheModelAndTheWork() {
        MemoryPlan tight = plan(Optional.empty(), 1000 * MB, false);

        assertThat(kvBytes(tight)).isLessThanOrEqualTo(88 * MB);
        assertThat(kvBytes(tight)).isGreaterThan(70 * MB);
    }

    @Test
    void anAcceleratorIsUsedWhole() {
        assertThat(kvBytes(plan(Optional.empty(), 80 * GB, true))).isBetween(78 * GB, 80 * GB - MODEL);
    }

    @Test
    void withoutRoomTheStartIsRefusedInOneLineThatSaysWhy() {
        assertThatThrownBy(() -> plan(Optional.empty(), 900 * MB, false))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "not enough memory: 900 MB are free, the model takes about 400 MB and work on it 512 MB; end"
                                + " other programs or take a smaller model");
        assertThatThrownBy(() -> plan(Optional.empty(), 920 * MB, false))
                .as("8 MB are left, and not two sequences fit")
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--kv-memory 16m");
    }

    @Test
    void moreThanThereIsIsRefused() {
        assertThatThrownBy(() -> plan(Optional.of(12 * GB), 12 * GB, false))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "--kv-memory 12 GB is more than there is: 12 GB are free, and the model takes about 400 MB of"
                                + " them");
        assertThat(kvBytes(plan(Optional.of(11 * GB), 12 * GB, false))).isGreaterThan(10 * GB);
    }
}
