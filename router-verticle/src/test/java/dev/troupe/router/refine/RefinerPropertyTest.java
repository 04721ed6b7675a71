package dev.troupe.router.refine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.router.refine.Start.FromPicture;
import dev.troupe.router.refine.Start.SameNoise;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any words and any conversation. */
class RefinerPropertyTest {
    /** Of all kinds, so that texts of them often mean something, and as often nothing. */
    private static final String[] WORDS =
            ("a an the make it blue red dark and but with without hat cat dog moon bigger small at night in on beach background"
                            + " instead of replace turn into remove add give undo go back to second first one another again more"
                            + " less not so three them as watercolor cartoonish please , . ! put next under behind sitting"
                            + " sleeping castle hill i you hmm no want only keep both background transparent change color from"
                            + " draw picture number 2 99 (x) \u2019 \ud83d\ude00 should be is take off away happier")
                    .split(" ");

    private final Refiner refiner = new Refiner();

    @Property(tries = 2000)
    void anyWordsOfAnyTextComeToARefinement(@ForAll String prompt, @ForAll String words) {
        Refinement refinement = refiner.refine(RefinerTest.talk(prompt), words);

        assertThat(refiner.refine(RefinerTest.talk(prompt), words)).isEqualTo(refinement);
    }

    @Property(tries = 3000)
    void aLongTalkOfKnownWordsNeverFailsAndSpeaksOfPicturesThatThereAre(@ForAll("talks") List<String> turns) {
        List<Turn> talk = new ArrayList<>();
        for (String words : turns) {
            Refinement refinement = refiner.refine(talk, words);
            assertThat(refinement.of().isEmpty()
                            || talk.stream().anyMatch(turn -> turn.imageId()
                                    .equals(refinement.of().get())))
                    .isTrue();
            assertThat(refinement.prompt().length()).isLessThanOrEqualTo(Math.max(Refiner.MAX_PROMPT, words.length()));
            int number = talk.size() + 1;
            talk.add(new Turn("img_" + number, refinement.prompt(), refinement.negativePrompt(), number, words));
        }
    }

    /** Whoever wants to be rid of a subject must say its name or ask for something in its place. */
    @Property(tries = 5000)
    void theSubjectIsStillThereUnlessSomethingElseWasAskedFor(@ForAll("turns") String words) {
        Refinement refinement = refiner.refine(RefinerTest.talk("a zebra and a house"), words);
        boolean began = refinement.of().isEmpty();
        boolean replaced = refinement.understood().stream().anyMatch(done -> done.contains("instead of the zebra"));

        assertThat(began || replaced || refinement.prompt().contains("zebra")).isTrue();
        assertThat(refinement.prompt()).isNotBlank();
    }

    /** What keeps the noise leaves everything but the asked in its place. */
    @Property(tries = 2000)
    void smallEditsLeaveTheOtherThings(@ForAll("turns") String words) {
        Refinement refinement = refiner.refine(RefinerTest.talk("a zebra and a house"), words);

        if (refinement.start() instanceof SameNoise || refinement.start().equals(new FromPicture("img_1", 0))) {
            assertThat(refinement.prompt()).contains("zebra").contains("house");
        }
    }

    @Property(tries = 3000)
    void readingWhatASceneWritesGivesTheScene(@ForAll("turns") String prompt) {
        Scene scene = SceneParser.parse(prompt);

        assertThat(SceneParser.parse(scene.text())).isEqualTo(scene);
    }

    @Property(tries = 2000)
    void readingWhatAnyTextsSceneWritesGivesTheScene(@ForAll String prompt) {
        Scene scene = SceneParser.parse(prompt);

        assertThat(SceneParser.parse(scene.text())).isEqualTo(scene);
    }

    @Property(tries = 2000)
    void aPromptInTheGrammarIsReadAsItIs(@ForAll("prompts") String prompt) {
        Scene scene = SceneParser.parse(prompt);

        assertThat(scene.subject()).isPresent();
        assertThat(scene.text()).isEqualTo(prompt);
    }

    @Provide
    Arbitrary<String> turns() {
        return Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(12).map(words -> String.join(" ", words));
    }

    @Provide
    Arbitrary<List<String>> talks() {
        return turns().list().ofMinSize(1).ofMaxSize(5);
    }

    @Provide
    Arbitrary<String> prompts() {
        Arbitrary<String> things = net.jqwik.api.Combinators.combine(
                        Arbitraries.of("", "big ", "tiny "),
                        Arbitraries.of("", "red ", "dark blue ", "red and white "),
                        Arbitraries.of("cat", "teddy bear", "slice of pizza", "castle", "T-rex"))
                .as((size, colour, noun) -> "a " + size + colour + noun);
        Arbitrary<String> more = net.jqwik.api.Combinators.combine(
                        Arbitraries.of("", " with ", " and ", " next to ", " holding ", " sitting on "), things)
                .as((relation, thing) -> relation.isEmpty() ? "" : relation + thing);
        Arbitrary<String> where = Arbitraries.of(
                "",
                " at night",
                " in the snow",
                " on a blue background",
                " on a beach in the rain",
                " sleeping in a forest");
        Arbitrary<String> style = Arbitraries.of("", ", watercolor", ", highly detailed", ", in the style of Monet");
        return net.jqwik.api.Combinators.combine(things, more, where, style)
                .as((thing, other, setting, how) -> thing + other + setting + how);
    }
}
