package dev.troupe.router.refine;

import dev.troupe.router.refine.Edit.Again;
import dev.troupe.router.refine.Edit.Append;
import dev.troupe.router.refine.Edit.Begin;
import dev.troupe.router.refine.Edit.GoBack;
import dev.troupe.router.refine.Edit.Remove;
import dev.troupe.router.refine.Start.FromPicture;
import dev.troupe.router.refine.Start.NewNoise;
import dev.troupe.router.refine.Start.SameNoise;
import dev.troupe.router.refine.TurnParser.Parsed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rewrites a turn into a complete prompt, by rules alone.
 *
 * <p>Small edits (colour, size, setting, how something is) keep the noise, larger ones start from the picture, "another one" has new noise;
 * "go back" is the picture of that turn with strength 0. Words that no rule reads are appended as a modifier; a turn of which no rule reads
 * anything is a picture of its own when it speaks of something in relation to something else and of nothing in the picture before.
 */
public final class Refiner {
    /** Of a turn, in characters: what is longer is no remark on a picture, but a prompt of its own. */
    public static final int MAX_WORDS = 1_000;
    /** Of a prompt, in characters, before a turn may add to it no more. */
    public static final int MAX_PROMPT = 2_000;

    /** Pictures further back are known by number, but not by what they show. */
    private static final int LOOK_BACK = 50;

    /** The signs by which prompts weigh their words: nobody speaks in them. */
    private static final Pattern BRACKETS = Pattern.compile("[()\\[\\]{}<>|]");

    /**
     * Any text and any history; never fails. The same always comes to the same.
     *
     * @param history pictures of the conversation, oldest first; empty for the first turn
     * @param words what the user says now
     */
    public Refinement refine(List<Turn> history, String words) {
        if (history.isEmpty()) {
            return first(words);
        }
        if (words.length() > MAX_WORDS || BRACKETS.matcher(words).find()) {
            return begin(words.strip());
        }
        Turn newest = history.get(history.size() - 1);
        List<Token> tokens = read(history, words);
        if (tokens.size() > SceneParser.MAX_TOKENS) {
            return begin(words.strip());
        }
        if (tokens.isEmpty()) {
            return unchanged(newest, "nothing to change", List.of());
        }
        Parsed parsed = TurnParser.parse(tokens, SceneParser.parse(newest.prompt()));
        if (parsed.edits().isEmpty() && isAPrompt(tokens, SceneParser.parse(newest.prompt()))) {
            return begin(Token.text(tokens));
        }
        return edited(history, parsed);
    }

    private static List<Token> read(List<Turn> history, String words) {
        Set<String> used = new HashSet<>();
        recent(history).forEach(turn -> Token.of(turn.prompt()).forEach(token -> used.add(token.word())));
        return Fillers.without(Spelling.corrected(Fillers.without(Token.of(words)), used));
    }

    private static Refinement first(String words) {
        List<Token> tokens = Fillers.without(Token.of(words));
        Scene nothing = new Scene(List.of());
        boolean plain = tokens.stream().noneMatch(Token::isSymbol);
        List<Edit> edits = plain ? TurnParser.parse(tokens, nothing).edits() : List.of();
        boolean asked = edits.size() == 1
                && edits.get(0) instanceof Begin
                && !tokens.isEmpty()
                && !Vocabulary.isDeterminer(tokens.get(0).word());
        return begin(asked ? ((Begin) edits.get(0)).prompt() : words.strip());
    }

    private static Refinement begin(String prompt) {
        return new Refinement(prompt, "", new NewNoise(), Optional.empty(), List.of("a picture of its own"), List.of());
    }

    private Refinement edited(List<Turn> history, Parsed parsed) {
        Turn newest = history.get(history.size() - 1);
        List<String> understood = new ArrayList<>();
        Turn base = newest;
        List<Edit> edits = new ArrayList<>();
        for (Edit edit : parsed.edits()) {
            Optional<Reference> back = reference(edit, edits.isEmpty());
            if (back.isPresent()) {
                base = new History(history, LOOK_BACK).find(back.get(), understood);
            } else if (!isRemoveIt(edit)) {
                edits.add(edit);
            }
        }
        if (!parsed.unclear().isEmpty() && !isTalk(parsed.unclear())) {
            edits.add(new Append(String.join(" ", parsed.unclear())));
        }
        if (edits.isEmpty() && !parsed.unclear().isEmpty()) {
            understood.add("nothing to change");
        }
        Editor editor = new Editor(
                SceneParser.parse(base.prompt()),
                base.negativePrompt(),
                recent(history).stream()
                        .map(turn -> SceneParser.parse(turn.prompt()))
                        .toList());
        edits.stream().filter(edit -> !(edit instanceof Again)).forEach(editor::apply);
        understood.addAll(editor.done());
        if (edits.stream().anyMatch(Again.class::isInstance)) {
            understood.add("another try");
        }
        String prompt = editor.scene().text();
        if (prompt.isBlank() || prompt.length() > MAX_PROMPT) {
            return unchanged(
                    base, "nothing: the prompt would be longer than " + MAX_PROMPT + " characters", parsed.unclear());
        }
        if (editor.hasBegun()) {
            return new Refinement(
                    prompt, editor.negativePrompt(), new NewNoise(), Optional.empty(), understood, parsed.unclear());
        }
        return new Refinement(
                prompt,
                editor.negativePrompt(),
                start(base, edits),
                Optional.of(base.imageId()),
                understood,
                parsed.unclear());
    }

    private static Refinement unchanged(Turn turn, String why, List<String> unclear) {
        return new Refinement(
                turn.prompt(),
                turn.negativePrompt(),
                new FromPicture(turn.imageId(), Strengths.NOTHING),
                Optional.of(turn.imageId()),
                List.of(why),
                unclear);
    }

    /** "Remove it" is of the last turn, unless this one has named what: "I don't like the hat, take it off". */
    private static Optional<Reference> reference(Edit edit, boolean first) {
        if (edit instanceof GoBack back) {
            return Optional.of(back.to());
        }
        return first && isRemoveIt(edit) ? Optional.of(new Reference.Before(1)) : Optional.empty();
    }

    private static boolean isRemoveIt(Edit edit) {
        return edit instanceof Remove remove && remove.name().isEmpty();
    }

    private static Start start(Turn base, List<Edit> edits) {
        if (edits.isEmpty()) {
            return new FromPicture(base.imageId(), Strengths.NOTHING);
        }
        if (edits.stream().anyMatch(Again.class::isInstance)) {
            return new NewNoise();
        }
        return Strengths.of(edits)
                .<Start>map(strength -> new FromPicture(base.imageId(), strength))
                .orElseGet(() -> new SameNoise(base.imageId(), base.seed()));
    }

    /** Words that speak to somebody belong in no prompt. */
    private static boolean isTalk(List<String> words) {
        return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).anyMatch(Vocabulary.TALK::contains);
    }

    private static boolean isAPrompt(List<Token> tokens, Scene before) {
        Scene read = SceneParser.parse(Token.text(tokens));
        boolean related = read.segments().stream()
                        .filter(segment -> segment instanceof Segment.Part || segment instanceof Segment.Setting)
                        .count()
                > 1;
        String old = " " + before.text().toLowerCase(Locale.ROOT) + " ";
        return related
                && !Vocabulary.isDoing(tokens.get(0).word())
                && tokens.stream()
                        .noneMatch(token -> token.word().length() > 3 && old.contains(" " + token.word() + " "));
    }

    /** The newest first. */
    private static List<Turn> recent(List<Turn> history) {
        List<Turn> recent = new ArrayList<>();
        for (int i = history.size() - 1; i >= 0 && recent.size() < LOOK_BACK; i--) {
            recent.add(history.get(i));
        }
        return recent;
    }
}
