package dev.troupe.bench.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.picture.ColourWord;
import dev.troupe.router.refine.Refinement;
import dev.troupe.router.refine.Refiner;
import dev.troupe.router.refine.Start;
import dev.troupe.router.refine.Turn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The dialogues without a picture: what the rules make of their words. */
class DialogueRewritingTest {
    private final Refiner refiner = new Refiner();

    /** How many are rewritten as they should be now; what they were at first sight is in docs/refinement.md. */
    @ParameterizedTest
    @CsvSource({"DIALOGUES,40,40", "HELD_BACK,20,20", "HELD_BACK_SECOND,19,20"})
    void dialoguesAreRewrittenAsTheyShouldBe(Dialogue.Set set, int right, int all) {
        List<Dialogue> dialogues = Dialogue.read(set);
        List<String> wrong =
                dialogues.stream().flatMap(dialogue -> wrong(dialogue).stream()).toList();

        assertThat(dialogues).hasSize(all);
        assertThat(dialogues.stream().filter(dialogue -> wrong(dialogue).isEmpty()))
                .as("wrong: %s", wrong)
                .hasSize(right);
    }

    @Test
    void aPromptThatIsNotAsAskedIsWrong() {
        Dialogue.Turn blue =
                Dialogue.read(Dialogue.Set.DIALOGUES).get(0).turns().get(0);

        assertThat(Finding.ofPrompt(blue, "a blue apple")).allMatch(Finding::holds);
        assertThat(Finding.ofPrompt(blue, "a red apple")).anyMatch(finding -> !finding.holds());
        assertThat(Finding.ofPrompt(blue, "a blue and red apple")).anyMatch(finding -> !finding.holds());
    }

    @ParameterizedTest
    @EnumSource
    void dialoguesAskForWhatCanBeMeasured(Dialogue.Set set) {
        List<Dialogue> dialogues = Dialogue.read(set);

        assertThat(dialogues.stream().map(Dialogue::id)).doesNotHaveDuplicates();
        for (Dialogue dialogue : dialogues) {
            for (int i = 0; i < dialogue.turns().size(); i++) {
                Dialogue.Turn turn = dialogue.turns().get(i);
                assertThat(turn.of()).as(dialogue.id()).isBetween(0, i + 1);
                assertThat(turn.colour() == null || ColourWord.of(turn.colour()).isPresent())
                        .as(dialogue.id())
                        .isTrue();
            }
        }
    }

    private List<String> wrong(Dialogue dialogue) {
        List<Turn> talk = new ArrayList<>();
        add(talk, refiner.refine(talk, dialogue.first()), dialogue.first());
        List<String> wrong = new ArrayList<>();
        for (Dialogue.Turn turn : dialogue.turns()) {
            Refinement refinement = refiner.refine(talk, turn.words());
            boolean right = Finding.ofPrompt(turn, refinement.prompt()).stream().allMatch(Finding::holds)
                    && turn.negative().stream()
                            .allMatch(word -> refinement.negativePrompt().contains(word))
                    && (turn.start() == null || turn.start().equals(name(refinement.start())))
                    && refinement.of().orElse("0").equals(Integer.toString(turn.of()));
            if (!right) {
                wrong.add(dialogue.id() + ": " + turn.words() + " -> " + refinement.prompt() + ", " + refinement);
            }
            add(talk, refinement, turn.words());
        }
        return wrong;
    }

    private static void add(List<Turn> talk, Refinement refinement, String words) {
        int number = talk.size() + 1;
        talk.add(new Turn(Integer.toString(number), refinement.prompt(), refinement.negativePrompt(), number, words));
    }

    private static String name(Start start) {
        if (start instanceof Start.NewNoise) {
            return "new noise";
        }
        return start instanceof Start.SameNoise ? "same noise" : "from picture";
    }
}
