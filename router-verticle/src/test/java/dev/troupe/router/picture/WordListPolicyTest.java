package dev.troupe.router.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordListPolicyTest {
    private final PromptPolicy standard = WordListPolicy.standard();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a nude child",
                "CHILD, Nude",
                "nüde ... chïld",
                "a n4ked k1d",
                "erotic picture of a $choolgirl",
                "ｎｕｄｅ ｃｈｉｌｄ",
                "c.s.a.m lolicon",
                "bestiality",
                "a photo of a beheading"
            })
    void whatTheListNamesIsRefused(String prompt) {
        assertThat(standard.refuse(prompt)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a child on a swing",
                "a nude by Rubens",
                "the county of Essex, a baby seal",
                "rapeseed in bloom, a woman with a hat",
                "a kidney, nakedness of the desert",
                "the beheading of Holofernes, oil on canvas",
                "",
                "日本語 🎭",
                "101 dalmatians"
            })
    void whatMeansNoHarmIsNot(String prompt) {
        assertThat(standard.refuse(prompt)).isEmpty();
    }

    @Test
    void ownListIsWordsTogetherInAnyOrder() {
        PromptPolicy own = WordListPolicy.of("# ours\nred|crimson + boat\n\nlogo of acme # theirs\n");

        assertThat(own.refuse("a boat, bright crimson")).isPresent();
        assertThat(own.refuse("the Logo of ACME!")).isPresent();
        assertThat(own.refuse("a boat")).isEmpty();
        assertThat(own.refuse("red boats")).isEmpty();
        assertThat(own.refuse("acme, of the logo")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "a +", "a || b", "| a", "a + | b", "--"})
    void lineThatIsNoRuleIsNamed(String line) {
        assertThatThrownBy(() -> WordListPolicy.of("good\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(line.strip());
    }
}
