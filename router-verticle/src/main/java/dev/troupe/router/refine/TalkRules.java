package dev.troupe.router.refine;

import dev.troupe.router.refine.Edit.Again;
import dev.troupe.router.refine.Edit.Begin;
import dev.troupe.router.refine.Edit.GoBack;
import dev.troupe.router.refine.Reference.Before;
import java.util.List;

/** Which picture is meant, another try, a picture of its own. */
final class TalkRules {
    private static final String ONE = "one|picture|image|version|try|variation|variant|time|attempt|take|go|shot";
    private static final String DRAW = "draw|paint|create|generate|show|make|imagine|design|sketch|render";

    static final List<Rule> ALL = List.of(
            Rule.of("[go|going|switch|return|take|bring] [me|us] back to {picture} [again]", TalkRules::goBack),
            Rule.of("{picture} was|is|looks|looked [much|a_lot] better|nicer|best|good", TalkRules::goBack),
            Rule.of(
                    "[i] [use|take|keep|prefer|want|like|liked|try|pick|choose] {picture} [better|more|again|instead]",
                    TalkRules::goBack),
            Rule.of("undo|revert [that|it|this|the_last_change|the_change]", match -> new GoBack(new Before(1))),
            Rule.of("[go|step] back|previous|before [that|one|one_step|a_step]", match -> new GoBack(new Before(1))),
            Rule.of(
                    "[go|step] back {number} [steps|pictures|times]",
                    match -> new GoBack(new Before(Math.max(1, Vocabulary.number(match.text("number")))))),
            // What came with the last turn is what "it" most often means here.
            Rule.of("remove|delete|erase|drop it|that|this|them [again]", match -> new Edit.Remove("")),
            Rule.of("take it|that|this|them away|off|out [again]", match -> new Edit.Remove("")),
            Rule.of("i do_not like it|this|that [one|picture|image|version]", TalkRules::again),
            Rule.of("[as|like] it_was|before before|it_was", match -> new GoBack(new Before(1))),
            Rule.of(
                    "[give|show|make|do|try|draw|generate] [me|it|this] another [" + ONE
                            + "] [of_those|of_these|like_this|like_that]",
                    TalkRules::again),
            Rule.of("[give|show|make|draw|generate] [me] another {subject}", TalkRules::again),
            Rule.of(
                    "[do|make|draw|try|generate] [it|this|that|one|once] [one] [more|over] again|anew|once_more [from_scratch]",
                    TalkRules::again),
            Rule.of("[give|show|make|do|try] [me] one|once more [" + ONE + "]", TalkRules::again),
            Rule.of(
                    "redo|retry|reroll|regenerate|reshuffle|next [it|this|that|one|the_picture|the_image]",
                    TalkRules::again),
            Rule.of(
                    "[give|show|make|try|do] [me] [a|something|someone] different|else|new [" + ONE + "]",
                    TalkRules::again),
            Rule.of("more [of_them|of_these|like_this|like_that|like_it]", TalkRules::again),
            Rule.of("not like|this|that|it [this|that]", TalkRules::again),
            new Rule(
                    Pattern.of("[now] " + DRAW + " [me|us] [a_picture_of|an_image_of|a_drawing_of] {prompt}"),
                    7,
                    match -> List.of(new Begin(match.text("prompt")))),
            new Rule(
                    Pattern.of("[do|make|draw|try|now] something else|different|new [,] {prompt}"),
                    1,
                    match -> List.of(new Begin(match.text("prompt")))),
            new Rule(
                    Pattern.of("forget|scrap|discard [that|it|this|everything] [,] [and] [" + DRAW + "] [me] {prompt}"),
                    1,
                    match -> List.of(new Begin(match.text("prompt")))),
            new Rule(
                    Pattern.of("start_over|start_again|start_from_scratch|start_anew [,] [with] {prompt}"),
                    1,
                    match -> List.of(new Begin(match.text("prompt")))),
            new Rule(
                    Pattern.of("[a] new|different picture|image [,] [of|with] {prompt}"),
                    1,
                    match -> List.of(new Begin(match.text("prompt")))),
            new Rule(Pattern.of("{prompt}"), 9, match -> List.of(new Begin(match.text("prompt")))));

    private TalkRules() {}

    private static Edit goBack(Pattern.Match match) {
        return new GoBack(match.get("picture", Reference.class));
    }

    private static Edit again(Pattern.Match match) {
        return new Again();
    }
}
