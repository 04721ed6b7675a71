package dev.troupe.bench.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomPromptsTest {
    @Test
    void firstWordIsEveryPromptsOwn() {
        Prompts prompts = new RandomPrompts(7, 3, 0);
        Set<String> first = new HashSet<>();

        for (long number = 0; number < 20_000; number++) {
            assertThat(first.add(content(prompts, number).split(" ", -1)[0])).isTrue();
        }
    }

    @Test
    void sameSeedSameWordsOtherSeedOthers() {
        assertThat(new RandomPrompts(7, 50, 10).messages(3)).isEqualTo(new RandomPrompts(7, 50, 10).messages(3));
        assertThat(new RandomPrompts(7, 50, 0).messages(3)).isNotEqualTo(new RandomPrompts(8, 50, 0).messages(3));
    }

    @Test
    void sharedWordsComeFirstAndCountAsWords() {
        Prompts prompts = new RandomPrompts(7, 50, 40);
        String[] one = content(prompts, 1).split(" ", -1);
        String[] two = content(prompts, 2).split(" ", -1);

        assertThat(one).hasSize(50);
        for (int i = 0; i < 40; i++) {
            assertThat(one[i]).isEqualTo(two[i]);
        }
        assertThat(one[40]).isNotEqualTo(two[40]);
    }

    private static String content(Prompts prompts, long number) {
        String messages = prompts.messages(number);
        assertThat(messages).startsWith("[{\"role\":\"user\",\"content\":\"").endsWith("\"}]");
        return messages.substring(28, messages.length() - 3);
    }
}
