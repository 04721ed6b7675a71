package dev.troupe.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.message.SlotRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotPoolTest {
    @Test
    void likeLengthsShareASlabLowestIndexFirst() {
        SlotPool pool = new SlotPool(2, 1024);

        assertThat(pool.allocate(1)).contains(new SlotRef(0, 256, 0));
        assertThat(pool.allocate(256)).contains(new SlotRef(0, 256, 1));
        assertThat(pool.allocate(257)).contains(new SlotRef(1, 512, 0));
        pool.free(new SlotRef(0, 256, 0));
        assertThat(pool.allocate(10)).contains(new SlotRef(0, 256, 0));
    }

    @Test
    void anEmptiedSlabServesAnyClassAgain() {
        SlotPool pool = new SlotPool(1, 1024);
        SlotRef small = pool.allocate(1).orElseThrow();

        assertThat(pool.allocate(1024)).isEmpty();
        pool.free(small);
        assertThat(pool.allocate(1024)).contains(new SlotRef(0, 1024, 0));
    }

    @Test
    void aLargerClassHelpsOutWhenNoSlabIsFresh() {
        SlotPool pool = new SlotPool(1, 1024);
        pool.allocate(500);

        assertThat(pool.allocate(1)).contains(new SlotRef(0, 512, 1));
        assertThat(pool.allocate(1)).isEmpty();
    }

    @Test
    void aSlabThatIsNoPowerOfTwoIsUsedWhole() {
        assertThat(new SlotPool(1, 40_960).allocate(33_000)).contains(new SlotRef(0, 40_960, 0));
        assertThat(new SlotPool(1, 100).allocate(1)).contains(new SlotRef(0, 100, 0));
    }

    @Test
    void freeingTwiceAndAskingForTooMuchAreRefused() {
        SlotPool pool = new SlotPool(1, 1024);
        SlotRef slot = pool.allocate(1).orElseThrow();
        pool.free(slot);

        assertThatThrownBy(() -> pool.free(slot)).hasMessageContaining("not in use");
        assertThatThrownBy(() -> pool.allocate(1025)).hasMessageContaining("1 to 1024 tokens, not 1025");
    }

    @Test
    void noTokenOfMemoryIsEverInTwoSlots() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            SlotPool pool = new SlotPool(1 + random.nextInt(4), 256 * (1 + random.nextInt(12)));
            List<SlotRef> live = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                if (random.nextInt(3) > 0) {
                    int tokens = 1 + random.nextInt(pool.largest());
                    Optional<SlotRef> slot = pool.allocate(tokens);
                    slot.ifPresent(s -> assertLawful(s, tokens, live, pool.largest()));
                    slot.ifPresent(live::add);
                } else if (!live.isEmpty()) {
                    pool.free(live.remove(random.nextInt(live.size())));
                }
                assertThat(pool.inUse()).as("seed %d", seed).isEqualTo(live.size());
            }
            live.forEach(pool::free);
            assertThat(pool.usage()).isZero();
            assertThat(pool.allocate(pool.largest())).as("seed %d", seed).isPresent();
        }
    }

    private static void assertLawful(SlotRef slot, int tokens, List<SlotRef> live, int slabTokens) {
        assertThat(slot.capacity()).isGreaterThanOrEqualTo(tokens);
        assertThat((slot.index() + 1) * slot.capacity()).isLessThanOrEqualTo(slabTokens);
        for (SlotRef other : live) {
            if (other.slab() == slot.slab()) {
                assertThat(other.capacity()).isEqualTo(slot.capacity());
                assertThat(other.index()).isNotEqualTo(slot.index());
            }
        }
    }
}
