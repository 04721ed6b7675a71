package dev.troupe.router.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Refuses prompts with certain words, or with certain words together. Only whole words count ("Essex" is a county), in any case, with
 * accents, with digits and signs in place of letters.
 *
 * <p>A list: one rule a line; a rule is one word, or several with {@code +} between, which all must be there, in any order; {@code |}
 * between words that stand for each other; {@code #} begins a comment.
 */
public final class WordListPolicy implements PromptPolicy {
    private static final String WORD = "[^+|]*[\\p{L}\\p{N}][^+|]*";
    private static final Pattern RULE = Pattern.compile(WORD + "([+|]" + WORD + ")*");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final String LEET = "013457@$!";
    private static final String LETTERS = "oieastasi";

    private final List<List<Pattern>> rules;

    private WordListPolicy(List<List<Pattern>> rules) {
        this.rules = rules;
    }

    /** The small list that comes with this release. */
    public static WordListPolicy standard() {
        try (InputStream in = WordListPolicy.class.getResourceAsStream("refused-words.txt")) {
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("our own list of words cannot be read", e);
        }
    }

    /** @throws IllegalArgumentException that names the line that is no rule */
    public static WordListPolicy of(String list) {
        return new WordListPolicy(list.lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .map(WordListPolicy::rule)
                .toList());
    }

    private static List<Pattern> rule(String line) {
        if (!RULE.matcher(line).matches()) {
            throw new IllegalArgumentException(
                    "\"" + line + "\" is no rule: write a word, or words with + (and) and | (or) between them");
        }
        return List.of(line.split("\\+")).stream()
                .map(words -> List.of(words.split("\\|")).stream()
                        .map(word -> Pattern.quote(folded(word.strip())))
                        .collect(Collectors.joining("|", "\\b(?:", ")\\b")))
                .map(words -> Pattern.compile(words, Pattern.UNICODE_CHARACTER_CLASS))
                .toList();
    }

    @Override
    public Optional<String> refuse(String prompt) {
        String plain = folded(prompt);
        String leet = folded(letters(prompt));
        boolean refused = rules.stream().anyMatch(rule -> rule.stream()
                .allMatch(
                        word -> word.matcher(plain).find() || word.matcher(leet).find()));
        return refused
                ? Optional.of("Your request was rejected by this server's policy of what pictures may show."
                        + " Please say it in other words, or ask whoever runs the server.")
                : Optional.empty();
    }

    /** @return in small letters without accents, one blank between words */
    private static String folded(String text) {
        String letters = Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
        return NO_WORD.matcher(letters.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }

    private static String letters(String text) {
        StringBuilder letters = new StringBuilder(text);
        for (int i = 0; i < letters.length(); i++) {
            int sign = LEET.indexOf(letters.charAt(i));
            if (sign >= 0) {
                letters.setCharAt(i, LETTERS.charAt(sign));
            }
        }
        return letters.toString();
    }
}
