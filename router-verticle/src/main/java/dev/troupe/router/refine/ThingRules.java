package dev.troupe.router.refine;

import dev.troupe.router.refine.Edit.Add;
import dev.troupe.router.refine.Edit.BringBack;
import dev.troupe.router.refine.Edit.Count;
import dev.troupe.router.refine.Edit.Only;
import dev.troupe.router.refine.Edit.Remove;
import dev.troupe.router.refine.Edit.Replace;
import dev.troupe.router.refine.Pattern.Match;
import dev.troupe.router.refine.Segment.Part;
import java.util.List;
import java.util.Optional;

/** What is in the picture: added, removed, replaced, counted. */
final class ThingRules {
    static final List<Rule> ALL = List.of(
            new Rule(
                    Pattern.of(
                            "without|no|minus|drop|lose|skip|remove|delete|erase|hide|get_rid_of {name} and|or {name:second}"),
                    2,
                    match -> List.of(new Remove(match.text("name")), new Remove(match.text("name:second")))),
            Rule.of("without|no|minus|drop|lose|skip|remove|delete|erase|hide [any|more] {name}", ThingRules::remove),
            Rule.of("get_rid_of|take_away|take_off|take_out|leave_out|cut_out [any] {name}", ThingRules::remove),
            Rule.of("take|put|get|cut|leave|throw {name} away|off|out", ThingRules::remove),
            Rule.of("[i|we] do_not want|like|need [any|to_see|to_have] {name}", ThingRules::remove),
            Rule.of("{name} should|must|has_to|needs_to go|disappear|vanish|leave [away]", ThingRules::remove),
            Rule.of("[i] only [want|need|keep|leave] {known} [only]", match -> new Only(match.text("known"))),
            Rule.of("[there] should|must be no {name}", ThingRules::remove),
            Rule.of("[it] should|must|does not have {name}", ThingRules::remove),
            Rule.of("bring|put|give|add|get [me|it] back {name}", match -> new BringBack(match.text("name"))),
            Rule.of("bring|put|give|get {name} back", match -> new BringBack(match.text("name"))),
            Rule.of("restore {name}", match -> new BringBack(match.text("name"))),
            Rule.of("rather [have] {new} than {known}", match -> replace(Optional.of(match.text("known")), match)),
            Rule.of(
                    "{new} instead_of|rather_than|not [the] {known}",
                    match -> replace(Optional.of(match.text("known")), match)),
            Rule.of(
                    "replace|swap|exchange|substitute|change|switch|trade {it} with|by|for|to|into|against {new}",
                    ThingRules::becomes),
            Rule.of("turn|change|transform|make|convert {it} [in] to|into|be|become {new}", ThingRules::becomes),
            Rule.of(
                    "{known} to|into|should_be|becomes {new}",
                    match -> replace(Optional.of(match.text("known")), match)),
            Rule.of(
                    "make|turn {what} [into] {another} [instead|now]",
                    match -> new Replace(match.what(), match.get("another", Thing.class))),
            Rule.of(
                    "[now|how_about|with] {another} instead",
                    match -> new Replace(Optional.empty(), match.get("another", Thing.class))),
            Rule.of(
                    "now [as|with|it_is|do|draw|make] {another}",
                    match -> new Replace(Optional.empty(), match.get("another", Thing.class))),
            new Rule(Pattern.of("in_the_background [add|put|there_is|there_should_be] {new}"), 2, ThingRules::behind),
            Rule.of(
                    "add|include|insert|draw|attach|with [also] [some] [more|lots_of|a_lot_of|a_few|a_few_more] {new} [too|to_it|on_it|as_well|there|to_the_picture]",
                    match -> add("with", match)),
            Rule.of(
                    "[there] should_be|is|must_be|could_be [also] {another} {relation} {what}",
                    match -> add(Vocabulary.OTHER_SIDE.get(match.text("relation")), match.get("another", Thing.class))),
            Rule.of(
                    "there should_be|is|must_be|could_be [also] {another}",
                    match -> add("with", match.get("another", Thing.class))),
            Rule.of("decorate|cover|fill|surround {what} with {new}", match -> add("with", match)),
            Rule.of("add|put|place|draw|insert|set|include {new} {relation} {what}", ThingRules::beside),
            Rule.of("add|put|attach|draw {new} to|onto|on|for {what}", match -> add("with", match)),
            new Rule(
                    Pattern.of("[with] {another} on|over|for {what}"),
                    2,
                    match -> worn(match.get("another", Thing.class))),
            Rule.of("with|plus|and_with|and_also [also] {new} [too|as_well|on|on_it]", match -> add("with", match)),
            Rule.of("with {new} {relation} {what}", ThingRules::beside),
            Rule.of("{relation} {new}", match -> add(match.text("relation"), match)),
            Rule.of("put|place {what} {relation} {new}", match -> add(match.text("relation"), match)),
            Rule.of("give|get|lend|hand|buy {what} {new} [too|as_well]", match -> add("with", match)),
            Rule.of("let|make|have {what} wear|have|get {new}", match -> add("with", match)),
            Rule.of("{what} should|must|could|can [also] wear|have|get {new}", match -> add("with", match)),
            Rule.of("{what} needs|wants|gets|wears|has {new}", match -> add("with", match)),
            new Rule(Pattern.of("[should|must] [wear|wearing|have|having] {new}"), 2, ThingRules::worn),
            Rule.of("[and|now] wearing|having {new}", match -> add("with", match)),
            Rule.of(
                    "[let|make|have|should] [it|him|her] hold|holding|carry|carrying {new}",
                    match -> add("holding", match)),
            Rule.of("[let|make|have|should] [it|him|her] ride|riding {new}", match -> add("riding", match)),
            new Rule(Pattern.of("in {new}"), 2, ThingRules::worn),
            Rule.of("[make|draw|show|give|now] [me|it|there_be] {number} of them|these|those|it", ThingRules::count),
            Rule.of("make|draw|show|give|want [me|it|them|that] {number} [of_them|instead]", ThingRules::count),
            Rule.of("[only] a_single|only_one|one [of_them|of_these|one]", match -> new Count(Optional.empty(), "one")),
            Rule.of(
                    "[make|draw|show|now|with|add] [me|it|them|have|be] {number} {known}",
                    match -> new Count(Optional.of(match.text("known")), match.text("number"))),
            new Rule(
                    Pattern.of("[more|some|a_few|lots_of|a_lot_of] {many}"),
                    5,
                    match -> List.of(new Add(new Part("with", match.get("many", Thing.class))))),
            new Rule(
                    Pattern.of("and {another} [too|as_well]"),
                    4,
                    match -> List.of(add("with", match.get("another", Thing.class)))),
            new Rule(Pattern.of("{another}"), 7, match -> worn(match.get("another", Thing.class))));

    private ThingRules() {}

    private static Edit remove(Match match) {
        return new Remove(match.text("name"));
    }

    private static Edit replace(Optional<String> what, Match match) {
        return new Replace(what, match.get("new", Thing.class));
    }

    private static Edit becomes(Match match) {
        return replace(match.text("it").isEmpty() ? Optional.empty() : Optional.of(match.text("it")), match);
    }

    private static Edit count(Match match) {
        return new Count(Optional.empty(), match.text("number"));
    }

    private static List<Edit> behind(Match match) {
        return List.of(
                add("with", match), new Edit.Place(new Segment.Setting(Segment.Kind.BACKGROUND, "in the background")));
    }

    private static Edit add(String relation, Match match) {
        return add(relation, match.get("new", Thing.class));
    }

    private static Edit add(String relation, Thing thing) {
        return new Add(new Part(relation, thing));
    }

    /** Only what is worn or carried goes without a word of adding. */
    private static List<Edit> worn(Match match) {
        return worn(match.get("new", Thing.class));
    }

    private static List<Edit> worn(Thing thing) {
        return Vocabulary.WORN.contains(thing.head()) ? List.of(new Add(new Part("with", thing))) : List.of();
    }

    /** "A tree behind the house" is told from the house. */
    private static Edit beside(Match match) {
        return add(Vocabulary.OTHER_SIDE.get(match.text("relation")), match);
    }
}
