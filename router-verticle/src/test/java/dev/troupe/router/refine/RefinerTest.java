package dev.troupe.router.refine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.router.refine.Start.FromPicture;
import dev.troupe.router.refine.Start.NewNoise;
import dev.troupe.router.refine.Start.SameNoise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefinerTest {
    private final Refiner refiner = new Refiner();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            a red apple                     | make it blue                          | a blue apple
            a red apple                     | blue instead of red                   | a blue apple
            a red apple                     | not so red                            | a pale red apple
            a dark red apple                | lighter                               | a red apple
            an apple                        | in dark green                         | a dark green apple
            a cat with a hat                | make the hat red                      | a cat with a red hat
            a cat                           | could you please give it a red hat?   | a cat with a red hat
            a house                         | make the roof red                     | a house with a red roof
            a cat with a hat                | add a scarf                           | a cat with a hat and a scarf
            a house                         | add a tree behind the house           | a house in front of a tree
            a cat with a hat and a scarf    | no hat                                | a cat with a scarf
            a castle and a moon             | remove the castle                     | a moon
            a cat with an umbrella          | a dog instead of the cat              | a dog with an umbrella
            a cat on a blue background      | now an owl                            | an owl on a blue background
            a moon                          | smaller                               | a small moon
            a small moon                    | bigger                                | a moon
            a moon                          | huge                                  | a huge moon
            a cat on a beach                | on a red background                   | a cat on a red background
            a cat at night                  | in the snow                           | a cat at night in the snow
            a cat at night                  | make it day                           | a cat by day
            a cat, highly detailed          | at sunset                             | a cat at sunset, highly detailed
            a photo of a cat                | make it blue                          | a photo of a blue cat
            a photo of a cat                | as a watercolor                       | a cat, watercolor
            a cat, cartoonish               | more cartoonish                       | a cat, very cartoonish
            a mouse                         | three of them                         | three mice
            three mice                      | only one                              | a mouse
            a cat                           | happier                               | a happy cat
            a cat                           | sparkling like never before           | a cat, sparkling like never before
            a castle on a hill              | BIGGER!!!                             | a big castle on a hill
            a cat                           | mkae it bleu                          | a blue cat
            """)
    void oneTurnMakesACompletePrompt(String prompt, String words, String expected) {
        assertThat(refiner.refine(talk(prompt), words).prompt()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            (masterpiece:1.2), a woman in a dress | make the dress blue         | (masterpiece:1.2), a woman in a blue dress
            (masterpiece:1.2), a woman in a dress | turn the woman into a man   | (masterpiece:1.2), a man in a dress
            (masterpiece:1.2), a woman            | at night                    | (masterpiece:1.2), a woman, at night
            """)
    void aPromptThatIsOnlyTextIsChangedWhereItSaysSoAndElseAddedTo(String prompt, String words, String expected) {
        assertThat(refiner.refine(talk(prompt), words).prompt()).isEqualTo(expected);
    }

    @Test
    void smallEditsKeepTheNoiseLargerOnesStartFromThePictureAnotherOneHasNewNoise() {
        assertThat(start("make it blue")).isEqualTo(new SameNoise("img_1", 101));
        assertThat(start("bigger")).isEqualTo(new SameNoise("img_1", 101));
        assertThat(start("at night")).isEqualTo(new SameNoise("img_1", 101));
        assertThat(start("add a hat")).isEqualTo(new FromPicture("img_1", Strengths.ADD));
        assertThat(start("now a dog")).isEqualTo(new FromPicture("img_1", Strengths.REPLACE));
        assertThat(start("make it blue and add a hat"))
                .isEqualTo(new FromPicture("img_1", Strengths.ADD + Strengths.WITH_SMALL_EDITS));
        assertThat(start("another one")).isEqualTo(new NewNoise());
        assertThat(start("a castle on a hill")).isEqualTo(new NewNoise());
        assertThat(start("thanks, great!")).isEqualTo(new FromPicture("img_1", 0));
    }

    private Start start(String words) {
        return refiner.refine(talk("a cat"), words).start();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            go back to the second             | img_2
            the first one                     | img_1
            the 2nd                           | img_2
            number 1 please                   | img_1
            undo                              | img_2
            go back                           | img_2
            the one before                    | img_2
            no, the other one                 | img_2
            the original                      | img_1
            go back two steps                 | img_1
            the green one                     | img_2
            the one with the hat              | img_3
            I liked the second one better     | img_2
            """)
    void aReferenceIsThePictureItselfWithItsPrompt(String words, String imageId) {
        List<Turn> talk = talk("a red cat", "a green cat", "a green cat with a hat");
        Refinement refinement = refiner.refine(talk, words);

        assertThat(refinement.start()).isEqualTo(new FromPicture(imageId, 0));
        assertThat(refinement.of()).hasValue(imageId);
        assertThat(talk).anySatisfy(turn -> {
            assertThat(turn.imageId()).isEqualTo(imageId);
            assertThat(refinement.prompt()).isEqualTo(turn.prompt());
        });
    }

    @Test
    void aReferenceWithAnEditEditsThatPicture() {
        Refinement refinement = refiner.refine(talk("a red cat", "a dog"), "the first one again but green");

        assertThat(refinement.prompt()).isEqualTo("a green cat");
        assertThat(refinement.start()).isEqualTo(new SameNoise("img_1", 101));
    }

    @Test
    void aPictureThatThereIsNotIsSaidAndTheNewestIsMeant() {
        Refinement refinement = refiner.refine(talk("a cat", "a dog"), "go back to the seventh");

        assertThat(refinement.of()).hasValue("img_2");
        assertThat(refinement.understood()).containsExactly("no such picture: there are 2; the newest is meant");
    }

    @Test
    void whatWasRemovedIsKeptOutUntilItIsAskedForAgain() {
        List<Turn> talk = talk("a cat with a hat");
        talk.add(next(talk, "no hat"));
        assertThat(last(talk).negativePrompt()).isEqualTo("hat");
        talk.add(next(talk, "make it blue"));
        assertThat(last(talk).prompt()).isEqualTo("a blue cat");
        assertThat(last(talk).negativePrompt()).isEqualTo("hat");
        talk.add(next(talk, "bring back the hat"));
        assertThat(last(talk).prompt()).isEqualTo("a blue cat with a hat");
        assertThat(last(talk).negativePrompt()).isEmpty();
    }

    @Test
    void theUsersOwnNegativePromptStays() {
        List<Turn> talk = List.of(new Turn("img_1", "a cat with a hat", "blurry, text", 1, "a cat with a hat"));

        assertThat(refiner.refine(talk, "without the hat").negativePrompt()).isEqualTo("blurry, text, hat");
    }

    @Test
    void theSubjectIsNotRemovedWhenNothingWouldBeLeft() {
        Refinement refinement = refiner.refine(talk("a cat with a hat"), "remove the cat");

        assertThat(refinement.prompt()).isEqualTo("a cat with a hat");
        assertThat(refinement.understood()).containsExactly("the cat stays: without it nothing would be left");
    }

    @Test
    void talkThatIsNoEditIsNotPutIntoThePrompt() {
        Refinement refinement = refiner.refine(talk("a cat"), "I can not say what is wrong with her");

        assertThat(refinement.prompt()).isEqualTo("a cat");
        assertThat(refinement.unclear()).isNotEmpty();
    }

    @Test
    void wordsOneLetterFromOursAreLeftAlone() {
        assertThat(refiner.refine(talk("a cat"), "add a crown").prompt()).isEqualTo("a cat with a crown");
        assertThat(refiner.refine(talk("a cat"), "add a peach").prompt()).isEqualTo("a cat with a peach");
        assertThat(refiner.refine(talk("a cat"), "a knight on a horse").prompt())
                .isEqualTo("a knight on a horse");
    }

    @Test
    void aFirstTurnIsAPromptWithoutThePoliteness() {
        assertThat(refiner.refine(List.of(), "A red apple, 35mm").prompt()).isEqualTo("A red apple, 35mm");
        assertThat(refiner.refine(List.of(), "Could you draw me a picture of a red apple please?")
                        .prompt())
                .isEqualTo("a red apple");
        assertThat(refiner.refine(List.of(), "draw a red apple").start()).isEqualTo(new NewNoise());
    }

    @Test
    void aTextTooLongToBeARemarkIsAPromptOfItsOwn() {
        String words = "very ".repeat(Refiner.MAX_WORDS) + "red";

        assertThat(refiner.refine(talk("a cat"), words).prompt()).isEqualTo(words);
    }

    @Test
    void aPromptThatGrewToItsLimitGrowsNoFurtherAndItIsSaid() {
        String prompt = "a cat, " + "x".repeat(Refiner.MAX_PROMPT - 10);
        Refinement refinement = refiner.refine(talk(prompt), "add an umbrella");

        assertThat(refinement.prompt()).isEqualTo(prompt);
        assertThat(refinement.understood()).first().asString().contains("longer than 2000 characters");
    }

    @Test
    void aThousandPicturesAreKnownByNumber() {
        List<Turn> talk = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            talk.add(new Turn("img_" + i, "a cat", "", i, ""));
        }
        assertThat(refiner.refine(talk, "the first one in blue").start()).isEqualTo(new SameNoise("img_1", 1));
    }

    @Test
    void nobodysWordsAreInALog() {
        assertThat(talk("a secret cat").get(0)).hasToString("Turn[img_1]");
        assertThat(refiner.refine(talk("a secret cat"), "blue").toString()).doesNotContain("secret");
    }

    static List<Turn> talk(String... prompts) {
        List<Turn> talk = new ArrayList<>();
        for (String prompt : prompts) {
            int number = talk.size() + 1;
            talk.add(new Turn("img_" + number, prompt, "", 100 + number, prompt));
        }
        return talk;
    }

    private Turn next(List<Turn> talk, String words) {
        Refinement refinement = refiner.refine(talk, words);
        int number = talk.size() + 1;
        return new Turn("img_" + number, refinement.prompt(), refinement.negativePrompt(), 100 + number, words);
    }

    private static Turn last(List<Turn> talk) {
        return talk.get(talk.size() - 1);
    }
}
