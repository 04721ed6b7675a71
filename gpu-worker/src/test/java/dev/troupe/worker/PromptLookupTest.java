package dev.troupe.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptLookupTest {
    private final PromptLookup lookup = new PromptLookup();

    private int[] guess(int most, int... tokens) {
        return lookup.guess(tokens, tokens.length, most);
    }

    @Test
    void guessesWhatFollowedTheSameTokensLast() {
        assertThat(guess(3, 1, 2, 3, 7, 8, 9, 1, 2, 3)).containsExactly(7, 8, 9);
        assertThat(guess(2, 1, 2, 3, 7, 8, 9, 1, 2, 3)).containsExactly(7, 8);
        assertThat(guess(1, 1, 2, 3, 5, 1, 2, 3, 6, 4, 1, 2, 3)).containsExactly(6);
    }

    @Test
    void nothingIsGuessedFromNothing() {
        assertThat(guess(3, 1, 2, 3, 4)).isEmpty();
        assertThat(guess(3, 2, 3, 9, 2, 3)).isEmpty();
        assertThat(guess(3, 5)).isEmpty();
        assertThat(guess(0, 1, 2, 3, 1, 2, 3)).isEmpty();
    }

    @Test
    void onlyTokensThatAreThereAreRead() {
        assertThat(lookup.guess(new int[] {1, 2, 3, 1, 2, 3, 0, 0}, 6, 5)).containsExactly(1, 2, 3);
    }

    @Test
    void wrongGuessesStopItForAWhileAndRightOnesDoNot() {
        for (int i = 0; i < 20; i++) {
            assertThat(guess(2, 1, 2, 3, 1, 2, 3)).isNotEmpty();
            lookup.verified(2, 2);
        }
        int tries = 0;
        for (int i = 0; i < 1000; i++) {
            if (guess(2, 1, 2, 3, 1, 2, 3).length > 0) {
                lookup.verified(2, 0);
                tries++;
            }
        }
        assertThat(tries).isBetween(5, 60);
    }
}
