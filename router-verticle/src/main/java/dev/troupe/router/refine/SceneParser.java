package dev.troupe.router.refine;

import dev.troupe.router.refine.Segment.Extra;
import dev.troupe.router.refine.Segment.Kind;
import dev.troupe.router.refine.Segment.Part;
import dev.troupe.router.refine.Segment.Setting;
import dev.troupe.router.refine.Segment.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a prompt. Its stretches are told apart by commas and by the words of relation between nouns ({@code with}, {@code next to},
 * {@code sitting on}); no dictionary is needed, so that any noun will do. What does not read like that stays text.
 */
final class SceneParser {
    /** Longer ones are texts, and nobody knows what in them is what. */
    static final int MAX_TOKENS = 60;

    private final List<Token> tokens;
    private final List<Segment> segments = new ArrayList<>();

    private SceneParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Any text; never fails. */
    static Scene parse(String prompt) {
        List<Token> tokens = Token.of(prompt);
        Scene asItIs = new Scene(List.of(new Extra(prompt.strip().replaceAll("\\s+", " "))));
        if (tokens.isEmpty() || tokens.size() > MAX_TOKENS || tokens.stream().anyMatch(Token::isSymbol)) {
            return asItIs;
        }
        List<Segment> all = new ArrayList<>();
        for (List<Token> chunk : chunks(tokens)) {
            List<Segment> read = new SceneParser(chunk).chunk(all.isEmpty());
            if (read.isEmpty() && all.isEmpty()) {
                return asItIs;
            }
            all.addAll(read.isEmpty() ? List.of(new Extra(Token.text(chunk))) : read);
        }
        return all.isEmpty() ? asItIs : new Scene(all);
    }

    private static List<List<Token>> chunks(List<Token> tokens) {
        List<List<Token>> chunks = new ArrayList<>();
        List<Token> chunk = new ArrayList<>();
        for (Token token : tokens) {
            if (!token.isPause()) {
                chunk.add(token);
            } else if (!chunk.isEmpty()) {
                chunks.add(chunk);
                chunk = new ArrayList<>();
            }
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    /** @return nothing where it cannot be read */
    private List<Segment> chunk(boolean first) {
        int place = first ? lead() : 0;
        if (first) {
            place = thing("", place);
        } else if (Phrases.style(tokens, 0) == tokens.size()) {
            return List.of(new Style(Token.text(tokens), false));
        } else if (Vocabulary.isDeterminer(tokens.get(0).word())) {
            place = thing(Token.PAUSE, 0);
        }
        while (place >= 0 && place < tokens.size()) {
            place = next(place);
        }
        return place < 0 ? List.of() : segments;
    }

    /** "a watercolor of": the style before the first thing. */
    private int lead() {
        for (int end = 1; end < tokens.size() - 1 && end < 6; end++) {
            if (tokens.get(end).word().equals("of") && Phrases.style(tokens.subList(0, end), 0) == end) {
                segments.add(new Style(Token.text(tokens.subList(0, end)), true));
                return end + 1;
            }
        }
        return 0;
    }

    /** @return where it ends; -1 if there is none */
    private int thing(String relation, int from) {
        int to = Phrases.thingEnd(tokens, from);
        var thing = Phrases.thing(tokens.subList(from, to));
        if (thing.isEmpty()) {
            return -1;
        }
        segments.add(new Part(relation, thing.get()));
        return to;
    }

    private int next(int place) {
        var setting = Phrases.setting(tokens, place);
        if (setting.isPresent()) {
            segments.add(setting.get().value());
            return setting.get().end();
        }
        int length = Phrases.relation(tokens, place);
        if (length == 0) {
            return -1;
        }
        String relation = Token.text(tokens.subList(place, place + length));
        boolean doing = Vocabulary.isDoing(tokens.get(place).word());
        int end = place + length;
        if (doing && length == 1 && (end == tokens.size() || Phrases.relation(tokens, end) > 0)) {
            segments.add(new Setting(Kind.ACTION, relation));
            return end;
        }
        return end < tokens.size() ? thing(relation, end) : -1;
    }
}
