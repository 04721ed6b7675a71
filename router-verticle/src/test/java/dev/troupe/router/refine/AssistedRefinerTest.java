package dev.troupe.router.refine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.router.refine.Start.FromPicture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssistedRefinerTest {
    private static final String WORDS = "sparkling like the stars above";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Refiner rules = new Refiner();
    private final List<Turn> talk = RefinerTest.talk("a red apple");
    private final List<String> asked = new ArrayList<>();

    @Test
    void aModelThatMakesAPromptIsListenedTo() {
        Refinement refinement = refine("a sparkling red apple like the stars above");

        assertThat(refinement.prompt()).isEqualTo("a sparkling red apple like the stars above");
        assertThat(refinement.start()).isEqualTo(new FromPicture("img_1", Strengths.REWRITTEN));
        assertThat(refinement.unclear()).isEmpty();
    }

    @Test
    void whatTheRulesUnderstandIsNotAsked() {
        AssistedRefiner refiner = new AssistedRefiner(rules, this::never, PATIENCE);

        assertThat(now(refiner, "make it blue").prompt()).isEqualTo("a blue apple");
        assertThat(asked).isEmpty();
    }

    /** In the manner of a model of 135 million parameters. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "a red apple",
                "Sure! Here is the revised prompt: \"a sparkling red apple\"",
                "I'd be happy to help you with that! What kind of apple would you like?",
                "The red apple is a symbol of knowledge, temptation and beauty.",
                "a sparkling night sky full of stars above",
                "a sparkling red apple\nUser: make it green\nAssistant: a green apple",
                "a red apple a red apple a red apple a red apple sparkling sparkling sparkling like the stars the stars",
                "1. a red apple 2. a sparkling apple",
                "<|im_start|>a sparkling red apple"
            })
    void aModelThatBabblesIsNot(String answer) {
        assertThat(refine(answer)).isEqualTo(rules.refine(talk, WORDS));
    }

    @Test
    void aModelThatFailsOrIsSilentIsNotMissed() {
        Refinement byRules = rules.refine(talk, WORDS);

        assertThat(now(
                        new AssistedRefiner(
                                rules,
                                (prompt, words) -> CompletableFuture.failedFuture(new IllegalStateException()),
                                PATIENCE),
                        WORDS))
                .isEqualTo(byRules);
        assertThat(now(
                        new AssistedRefiner(
                                rules,
                                (prompt, words) -> {
                                    throw new IllegalStateException();
                                },
                                PATIENCE),
                        WORDS))
                .isEqualTo(byRules);
        assertThat(now(new AssistedRefiner(rules, (prompt, words) -> null, PATIENCE), WORDS))
                .isEqualTo(byRules);
        assertThat(now(
                        new AssistedRefiner(rules, (prompt, words) -> new CompletableFuture<>(), Duration.ofMillis(1)),
                        WORDS))
                .isEqualTo(byRules);
    }

    @Test
    void theSubjectMayGoWhenTheTurnSpeaksOfReplacing() {
        assertThat(RewriteCheck.checked("a red apple", "a pear rather", "a red pear"))
                .hasValue("a red pear");
        assertThat(RewriteCheck.checked("a red apple", "like a pear", "a red pear"))
                .isEmpty();
    }

    private Refinement refine(String answer) {
        return now(
                new AssistedRefiner(
                        rules, (prompt, words) -> CompletableFuture.completedFuture(Optional.of(answer)), PATIENCE),
                WORDS);
    }

    private CompletableFuture<Optional<String>> never(String prompt, String words) {
        asked.add(words);
        return new CompletableFuture<>();
    }

    private Refinement now(AssistedRefiner refiner, String words) {
        return refiner.refine(talk, words).toCompletableFuture().join();
    }
}
