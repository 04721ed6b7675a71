package dev.troupe.router.refine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a turn as edits. Of all ways to read it by the rules, the one that leaves the fewest words over; then the one of the least weight;
 * then the one whose rules stand first.
 */
final class TurnParser {
    static final List<Rule> RULES = Stream.of(TalkRules.ALL, LookRules.ALL, ThingRules.ALL)
            .flatMap(List::stream)
            .toList();

    private static final Set<String> CONNECTORS =
            Set.of(Token.PAUSE, "and", "but", "then", "also", "plus", "now", "instead", "it");
    private static final int WORD_LEFT_OVER = 100;

    private final List<Token> tokens;
    private final Scene scene;
    /** From a place on; made from the last place to the first. */
    private final List<Reading> readings;

    private record Reading(int cost, List<Edit> edits, List<String> unclear) {
        static final Reading NONE = new Reading(0, List.of(), List.of());

        Reading after(List<Edit> first, int more) {
            List<Edit> all = new ArrayList<>(first);
            all.addAll(edits);
            return new Reading(cost + more, all, unclear);
        }
    }

    /**
     * @param edits in the order of the turn
     * @param unclear the words between them that no rule reads
     */
    record Parsed(List<Edit> edits, List<String> unclear) {}

    private TurnParser(List<Token> tokens, Scene scene) {
        this.tokens = tokens;
        this.scene = scene;
        this.readings = new ArrayList<>(Collections.nCopies(tokens.size() + 1, Reading.NONE));
    }

    /** @param scene that the turn is said of, which tells names of things from other words */
    static Parsed parse(List<Token> tokens, Scene scene) {
        TurnParser parser = new TurnParser(tokens, scene);
        for (int at = tokens.size() - 1; at >= 0; at--) {
            parser.readings.set(at, parser.best(at));
        }
        Reading whole = parser.readings.get(0);
        return new Parsed(whole.edits(), whole.unclear());
    }

    private Reading best(int at) {
        Reading best = leftOver(at);
        if (CONNECTORS.contains(tokens.get(at).word())) {
            Reading rest = readings.get(at + 1);
            best = rest.cost() <= best.cost() ? rest : best;
        }
        if (!mayBegin(at)) {
            return best;
        }
        for (Rule rule : RULES) {
            for (Pattern.Match match : rule.pattern().at(tokens, at, scene)) {
                Reading rest = match.end() > at && mayEnd(match.end()) ? readings.get(match.end()) : null;
                if (rest == null || rest.cost() + rule.weight() >= best.cost()) {
                    continue;
                }
                List<Edit> edits = at == 0
                        ? rule.meaning().apply(match)
                        : inTheMiddle(rule.meaning().apply(match));
                best = edits.isEmpty() ? best : rest.after(edits, rule.weight());
            }
        }
        return best;
    }

    /** A picture of its own begins a turn or is none: else there would be nothing of the picture that the rest is about. */
    private static List<Edit> inTheMiddle(List<Edit> edits) {
        return edits.stream().anyMatch(Edit.Begin.class::isInstance) ? List.of() : edits;
    }

    private Reading leftOver(int at) {
        Reading rest = readings.get(at + 1);
        if (tokens.get(at).isSymbol()) {
            return new Reading(rest.cost() + 1, rest.edits(), rest.unclear());
        }
        List<String> unclear = new ArrayList<>(rest.unclear());
        unclear.add(0, tokens.get(at).text());
        return new Reading(rest.cost() + WORD_LEFT_OVER, rest.edits(), unclear);
    }

    private boolean mayBegin(int at) {
        return at == 0
                || CONNECTORS.contains(tokens.get(at - 1).word())
                || tokens.get(at).word().equals("and")
                || tokens.get(at - 1).isSymbol()
                || Phrases.relation(tokens, at) > 0;
    }

    private boolean mayEnd(int at) {
        return at == tokens.size()
                || CONNECTORS.contains(tokens.get(at).word())
                || tokens.get(at).isSymbol()
                || Phrases.relation(tokens, at) > 0;
    }
}
