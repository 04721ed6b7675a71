package dev.troupe.router.refine;

import dev.troupe.router.refine.Edit.ClearBackground;
import dev.troupe.router.refine.Edit.Describe;
import dev.troupe.router.refine.Edit.Fade;
import dev.troupe.router.refine.Edit.Place;
import dev.troupe.router.refine.Edit.Recolour;
import dev.troupe.router.refine.Edit.Resize;
import dev.troupe.router.refine.Edit.Restyle;
import dev.troupe.router.refine.Edit.Shade;
import dev.troupe.router.refine.Pattern.Match;
import dev.troupe.router.refine.Segment.Kind;
import dev.troupe.router.refine.Segment.Setting;
import java.util.List;
import java.util.Optional;

/** How things look: colour, size, setting, style. */
final class LookRules {
    private static final String MAKE =
            "try|make|turn|paint|color|colour|dye|change|keep|set|get|have|can|could|should|let|may";
    private static final String BE = "[to] [be|become|is|are|was|were|should_be|must_be|could_be|look|looks]";
    private static final String VERSION = "[one|ones|version|color|colour]";

    static final List<Rule> ALL = List.of(
            // The background comes before things, as it would pass for one.
            Rule.of(
                    "[with|on|use|add|give_it|put_it_on|and] [a|an|the] {colour} background|backdrop [behind_it|there]",
                    LookRules::background),
            Rule.of(
                    "[" + MAKE + "] [with|the] [a|the] background|backdrop [color|colour] " + BE
                            + " [to|into|in] {colour}",
                    LookRules::background),
            Rule.of("[change|turn|make] [the] background from {colour:old} to|into {colour}", LookRules::background),
            Rule.of(
                    "[with|on|use|make|give_it|and] [a|it|the] [a] [have] [a] transparent|plain|no background",
                    match -> background("transparent")),
            Rule.of(
                    "[" + MAKE + "] [the] background " + BE + " transparent|plain|invisible",
                    match -> background("transparent")),
            Rule.of(
                    "without|no|remove|delete|drop|erase|lose [the|a|any] background|backdrop|scenery",
                    match -> new ClearBackground()),
            Rule.of("{setting}", LookRules::place),
            Rule.of("put|place|move|set|show|draw|bring|have|let|make [out] {what} [be] {setting}", LookRules::place),
            Rule.of("{what} is|should_be|must_be|to_be {setting}", LookRules::place),
            Rule.of("{known} {setting}", LookRules::place),
            Rule.of(
                    "[make|let] [it|this|that] [to] [be|is|should_be|must_be|could_be] {when}",
                    match -> new Place(match.get("when", Setting.class))),
            Rule.of("[add] [some] {when}", match -> new Place(match.get("when", Setting.class))),
            Rule.of(
                    "[" + MAKE + "] {what} " + BE + " [in|all|to|into|more|rather] {colour} " + VERSION,
                    match -> new Recolour(match.what(), match.text("colour"))),
            Rule.of(
                    "change|make|set|switch|turn the|its|his|her color|colour " + BE + " [into|in] {colour}",
                    LookRules::colour),
            Rule.of(
                    "change|make|set|switch the color|colour of {what} [to|into] {colour}",
                    match -> new Recolour(match.what(), match.text("colour"))),
            Rule.of("[to] [be] [more|in|a|an|the] {colour} " + VERSION + " [instead|now]", LookRules::colour),
            Rule.of("[in|make_it|to_be] {colour} instead_of|not|rather_than {colour:old}", LookRules::colour),
            Rule.of(
                    "{colour} {known} instead_of|not|rather_than {colour:old} [ones|one]",
                    match -> new Recolour(Optional.of(match.text("known")), match.text("colour"))),
            Rule.of("change|replace|swap|turn [the] {colour:old} with|by|to|for|into|in {colour}", LookRules::colour),
            Rule.of(
                    "[a|an|the] {colour} {known} would_be [better|nicer|good|nice]",
                    match -> new Recolour(Optional.of(match.text("known")), match.text("colour"))),
            Rule.of(
                    "[with|make|in|the|a|an] [the|a|an] {colour} {known}",
                    match -> new Recolour(Optional.of(match.text("known")), match.text("colour"))),
            Rule.of("[it|that] [is|looks] not [be] [so|too|that|as|quite|very] {colour}", LookRules::fade),
            Rule.of("[make_it|it_is|looks] less|too|not_so {colour}", LookRules::fade),
            Rule.of(
                    "[" + MAKE + "] {what} " + BE + " [even|much|a_lot] {shade} [one|version]",
                    match -> new Shade(match.what(), match.text("shade"))),
            Rule.of(
                    "[a|an] [even|much|more] {shade} [one|version|colors|colours]",
                    match -> new Shade(Optional.empty(), match.text("shade"))),
            Rule.of(
                    "[a|with|the|and] [a|the|even|much] {shade} {known}",
                    match -> new Shade(Optional.of(match.text("known")), match.text("shade"))),
            Rule.of(
                    "[make|draw|let|have|can|could|should] {what} " + BE
                            + " [even|much|far|way|a_lot|lots|more|very|really|still] {size}",
                    match -> size(match, match.what(), 1)),
            Rule.of(
                    "[a|an|even|much|way|more] [even|much|way] {size} [one|version|still]",
                    match -> size(match, Optional.empty(), 1)),
            Rule.of(
                    "[a|an|the|with|make|and] [a|an|the|even|much] {size} {known}",
                    match -> size(match, Optional.of(match.text("known")), 1)),
            Rule.of(
                    "{what} [is|are|looks|look|seems] [still|way|far|much] too {size}",
                    match -> size(match, match.what(), -1)),
            Rule.of("[still|way|far|much] too {size}", match -> size(match, Optional.empty(), -1)),
            Rule.of("twice|double [as_big|as_large|the_size|its_size]", match -> new Resize(Optional.empty(), 1)),
            Rule.of("half [as_big|as_large|the_size|its_size]", match -> new Resize(Optional.empty(), -1)),
            Rule.of("enlarge|grow|increase|expand {what}", match -> new Resize(match.what(), 1)),
            Rule.of("shrink|reduce|decrease {what}", match -> new Resize(match.what(), -1)),
            Rule.of("increase|raise|double [the|its] size [of] [it]", match -> new Resize(Optional.empty(), 1)),
            Rule.of("increase|raise|double the size of {what}", match -> new Resize(match.what(), 1)),
            Rule.of("decrease|reduce|lower|halve [the|its] size [of] [it]", match -> new Resize(Optional.empty(), -1)),
            Rule.of("decrease|reduce|lower|halve the size of {what}", match -> new Resize(match.what(), -1)),
            Rule.of("more {style}", match -> new Restyle(match.text("style"), true)),
            Rule.of(
                    "[make|turn|draw|paint|render|do|show|redraw|have] {what} " + BE
                            + " [like|as|into|in] more {style}",
                    match -> new Restyle(match.text("style"), true)),
            Rule.of(
                    "[make|turn|draw|paint|render|do|show|redraw|have] {what} " + BE + " [like|as|into|in] {style}",
                    LookRules::style),
            Rule.of("[redraw|as|in|like|but|rather] {style}", LookRules::style),
            Rule.last(
                    "[make|have|let] {what} " + BE + " [even|much] {comparative}",
                    match -> new Describe(match.what(), match.text("comparative"), false)),
            Rule.last(
                    "[make|have|let] {what} " + BE + " [a] [bit|more|very|really|even] [more] {adjective}",
                    match -> new Describe(match.what(), match.text("adjective"), false)),
            Rule.last(
                    "[a|even|much] {comparative} [one|version]",
                    match -> new Describe(Optional.empty(), match.text("comparative"), false)),
            Rule.last(
                    "[even|much] {comparative} {known}",
                    match -> new Describe(Optional.of(match.text("known")), match.text("comparative"), false)),
            Rule.last("[a|the|with] [a|the] {size} {name}", match -> size(match, Optional.of(match.text("name")), 1)),
            Rule.last(
                    "[even|a] more {adjective} [one|version]",
                    match -> new Describe(Optional.empty(), match.text("adjective"), false)),
            Rule.last(
                    "[make_it|it_is|is] less|too|not_so {adjective}",
                    match -> new Describe(Optional.empty(), match.text("adjective"), true)));

    private LookRules() {}

    private static Edit background(Match match) {
        return background(match.text("colour"));
    }

    private static Edit background(String how) {
        return new Place(new Setting(Kind.BACKGROUND, "on " + Nouns.article("a", how) + " " + how + " background"));
    }

    private static Edit place(Match match) {
        return new Place(match.get("setting", Setting.class));
    }

    private static Edit colour(Match match) {
        return new Recolour(Optional.empty(), match.text("colour"));
    }

    private static Edit fade(Match match) {
        return new Fade(match.text("colour"));
    }

    private static Edit size(Match match, Optional<String> what, int sign) {
        return new Resize(what, sign * match.get("size", Integer.class));
    }

    private static Edit style(Match match) {
        return new Restyle(match.text("style"), false);
    }
}
