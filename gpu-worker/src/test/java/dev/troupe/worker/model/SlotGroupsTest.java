package dev.troupe.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotGroupsTest {
    @Test
    void neighboursOfLikeLengthAreOneGroup() {
        assertThat(SlotGroups.cut(new int[] {0, 1, 2, 3}, new int[] {50, 60, 40, 64}, 256))
                .containsExactly(0, 4);
    }

    @Test
    void smallHoleIsComputedAlongAndLargeHoleCuts() {
        assertThat(SlotGroups.cut(new int[] {0, 1, 4, 5}, new int[] {60, 60, 60, 60}, 256))
                .containsExactly(0, 4);
        assertThat(SlotGroups.cut(new int[] {0, 1, 20, 21}, new int[] {60, 60, 60, 60}, 256))
                .containsExactly(0, 2, 4);
    }

    @Test
    void longOneIsKeptFromManyShortOnes() {
        int[] slots = {0, 1, 2, 3, 4, 5, 6, 7};
        int[] lengths = {250, 20, 20, 20, 20, 20, 20, 20};
        assertThat(SlotGroups.cut(slots, lengths, 256)).containsExactly(0, 1, 8);
    }

    @Test
    void nothingIsNoGroup() {
        assertThat(SlotGroups.cut(new int[0], new int[0], 256)).containsExactly(0);
    }

    @Test
    void roundedLengthStaysInTheSlot() {
        assertThat(SlotGroups.rounded(33, 256)).isEqualTo(64);
        assertThat(SlotGroups.rounded(33, 48)).isEqualTo(48);
    }

    @Property
    void noOtherCutIsCheaper(@ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int count) {
        var random = new Random(seed);
        var slots = new int[count];
        var lengths = new int[count];
        int slot = 0;
        for (int i = 0; i < count; i++) {
            slot += 1 + (random.nextInt(4) == 0 ? random.nextInt(12) : 0);
            slots[i] = slot;
            lengths[i] = 1 + random.nextInt(512);
        }
        var cuts = SlotGroups.cut(slots, lengths, 512);
        long found = 0;
        for (int i = 0; i + 1 < cuts.size(); i++) {
            found += cost(slots, lengths, cuts.get(i), cuts.get(i + 1));
        }
        long best = Long.MAX_VALUE;
        for (int mask = 0; mask < 1 << (count - 1); mask++) {
            long total = 0;
            int begin = 0;
            for (int i = 1; i <= count; i++) {
                if (i == count || (mask >> (i - 1) & 1) == 1) {
                    total += cost(slots, lengths, begin, i);
                    begin = i;
                }
            }
            best = Math.min(best, total);
        }
        assertThat(found).isEqualTo(best);
    }

    private static long cost(int[] slots, int[] lengths, int begin, int end) {
        int longest = 0;
        for (int i = begin; i < end; i++) {
            longest = Math.max(longest, lengths[i]);
        }
        long span = slots[end - 1] - slots[begin] + 1L;
        return SlotGroups.GROUP_COST + span * SlotGroups.rounded(longest, 512);
    }
}
