package dev.troupe.router.refine;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what a language model made of a turn may be a prompt. Small models chat, explain, tell stories and forget what they were asked about;
 * so an answer counts only when it is one line of no more than a prompt's length, made of the words of the prompt and the turn, when the subject
 * is still there (unless the turn speaks of replacing), and when the turn has changed something.
 */
final class RewriteCheck {
    /** A remark adds few words that it does not say itself, such as articles. */
    private static final int MORE_CHARACTERS = 40;

    private static final int MORE_TOKENS = 6;
    /** Forms of a word have their beginning in common: "happy" and "happier". */
    private static final int STEM = 4;

    private static final Set<String> REPLACING = Set.of(
            "instead",
            "replace",
            "swap",
            "into",
            "turn",
            "change",
            "become",
            "becomes",
            "rather",
            "exchange",
            "switch");

    private RewriteCheck() {}

    /** @return the prompt that may be used; empty when it may not */
    static Optional<String> checked(String prompt, String words, String answer) {
        if (answer.length() > MORE_CHARACTERS + prompt.length() + words.length() + 2) {
            return Optional.empty();
        }
        String line = unquoted(answer.strip());
        boolean fits = !line.isEmpty()
                && line.chars().noneMatch(sign -> sign == '\n' || sign == '\r')
                && !line.equalsIgnoreCase(prompt.strip());
        return fits && keepsToTheWords(prompt, words, line) && keepsTheSubject(prompt, words, line)
                ? Optional.of(line)
                : Optional.empty();
    }

    private static boolean keepsToTheWords(String prompt, String words, String line) {
        Set<String> said = words(prompt);
        said.addAll(words(words));
        List<Token> answer = Token.of(line);
        boolean made = answer.stream().noneMatch(Token::isSymbol)
                || SceneParser.parse(prompt).subject().isEmpty();
        Set<String> isNew = words(words);
        isNew.removeAll(words(prompt));
        boolean changed = answer.stream().anyMatch(token -> isNew.contains(token.word()))
                || answer.size() < Token.of(prompt).size();
        return made
                && changed
                && answer.size() <= Token.of(prompt).size() + Token.of(words).size() + MORE_TOKENS
                && answer.stream().allMatch(token -> token.isPause() || token.isSymbol() || isSaid(token.word(), said));
    }

    private static boolean isSaid(String word, Set<String> said) {
        return said.contains(word)
                || Vocabulary.ARTICLES.contains(word)
                || Vocabulary.RELATIONS.contains(word)
                || word.equals("of")
                || (word.length() >= STEM
                        && said.stream()
                                .anyMatch(
                                        other -> other.length() >= STEM && other.startsWith(word.substring(0, STEM))));
    }

    private static boolean keepsTheSubject(String prompt, String words, String line) {
        boolean replaces = words(words).stream().anyMatch(REPLACING::contains);
        Optional<Thing> subject = SceneParser.parse(prompt).subject();
        return replaces
                || subject.map(thing -> Token.of(line).stream()
                                .anyMatch(token -> Nouns.singular(token.word()).equals(thing.head())))
                        .orElseGet(() -> words(line).containsAll(words(prompt)));
    }

    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        Token.of(text.toLowerCase(Locale.ROOT)).stream()
                .filter(token -> !token.isPause() && !token.isSymbol())
                .forEach(token -> words.add(token.word()));
        return words;
    }

    private static String unquoted(String line) {
        boolean quoted = line.length() > 1 && line.startsWith("\"") && line.endsWith("\"");
        return quoted ? line.substring(1, line.length() - 1).strip() : line;
    }
}
