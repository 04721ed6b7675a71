package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MajorityTest {
    private final List<Boolean> told = new ArrayList<>();

    @Test
    void moreThanHalfOfTheExpectedNodesIsAMajorityAndHalfIsNot() {
        Majority ofThree = new Majority(3);
        Majority ofFour = new Majority(4);

        assertThat(ofThree.isHeld()).as("before anybody is seen").isFalse();
        ofThree.seen(2);
        ofFour.seen(2);

        assertThat(ofThree.isHeld()).isTrue();
        assertThat(ofFour.isHeld()).isFalse();
        assertThat(ofFour.needed()).isEqualTo(3);
    }

    @Test
    void listenersAreToldTheStateAtOnceAndThenEachChangeOnce() {
        Majority majority = new Majority(3);
        majority.listen(told::add);
        for (int members : new int[] {1, 2, 3, 2, 1, 1, 3}) {
            majority.seen(members);
        }

        assertThat(told).containsExactly(false, true, false, true);
    }

    @Test
    void withoutAnExpectationWhoeverIsThereGoesOn() {
        Majority none = new Majority(0);
        none.listen(told::add);
        none.seen(1);
        none.seen(5);
        none.seen(1);

        assertThat(told).containsExactly(true);
        assertThat(none.isAsked()).isFalse();
    }

    @Test
    void oneOrTwoNodesAreRefusedWithTheReason() {
        for (int few : new int[] {-1, 1, 2}) {
            assertThatThrownBy(() -> new Majority(few))
                    .hasMessageContaining("--expected-nodes must be 3 or more, not " + few)
                    .hasMessageContaining("neither is more than half");
        }
    }
}
