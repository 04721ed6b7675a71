package dev.troupe.router.refine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A word, or a pause between words.
 *
 * @param text as it was written
 * @param word in lower case, to compare by; {@link #PAUSE} for a comma and whatever else ends a phrase, {@link #SYMBOL} for a sign that no plain
 *     sentence has
 */
record Token(String text, String word) {
    static final String PAUSE = ",";
    static final String SYMBOL = "\u0000";

    private static final String PAUSES = ",;:.!?\u2026\n\r";
    private static final String INSIDE = "'-_#&";
    /** Quotation marks say nothing that a rule wants to know. */
    private static final String SILENT = "\"\u201c\u201d\u00ab\u00bb\u2018";

    private static final Map<String, String> CONTRACTIONS = Map.ofEntries(
            Map.entry("it's", "it is"),
            Map.entry("that's", "that is"),
            Map.entry("there's", "there is"),
            Map.entry("i'd", "i would"),
            Map.entry("i'll", "i will"),
            Map.entry("i'm", "i am"),
            Map.entry("don't", "do not"),
            Map.entry("dont", "do not"),
            Map.entry("doesn't", "does not"),
            Map.entry("can't", "can not"),
            Map.entry("won't", "will not"),
            Map.entry("isn't", "is not"),
            Map.entry("shouldn't", "should not"),
            Map.entry("let's", "let us"));

    boolean isPause() {
        return word.equals(PAUSE);
    }

    boolean isSymbol() {
        return word.equals(SYMBOL);
    }

    static List<Token> of(String text) {
        List<Token> tokens = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints().map(Token::plain).forEach(sign -> {
            if (Character.isLetterOrDigit(sign) || isMark(sign) || INSIDE.indexOf(sign) >= 0) {
                word.appendCodePoint(sign);
                return;
            }
            flush(word, tokens);
            if (PAUSES.indexOf(sign) >= 0) {
                tokens.add(new Token(PAUSE, PAUSE));
            } else if (!Character.isWhitespace(sign) && !Character.isSpaceChar(sign) && SILENT.indexOf(sign) < 0) {
                tokens.add(new Token(Character.toString(sign), SYMBOL));
            }
        });
        flush(word, tokens);
        return List.copyOf(tokens);
    }

    static String text(List<Token> tokens) {
        StringBuilder text = new StringBuilder();
        for (Token token : tokens) {
            text.append(text.length() == 0 || token.isPause() ? "" : " ").append(token.text());
        }
        return text.toString();
    }

    /** Typographic apostrophes and dashes are the plain ones. */
    private static int plain(int sign) {
        return sign == '\u2019' ? '\'' : sign == '\u2010' || sign == '\u2011' ? '-' : sign;
    }

    /** Vowel signs and accents that follow their letter. */
    private static boolean isMark(int sign) {
        int type = Character.getType(sign);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static void flush(StringBuilder word, List<Token> tokens) {
        String text = stripped(word.toString());
        word.setLength(0);
        if (text.isEmpty()) {
            return;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String whole = CONTRACTIONS.get(lower);
        if (whole == null) {
            tokens.add(new Token(text, lower));
        } else {
            List.of(whole.split(" ")).forEach(part -> tokens.add(new Token(part, part)));
        }
    }

    /** Without apostrophes and dashes at its ends, which quote and part. */
    private static String stripped(String word) {
        int from = 0;
        int to = word.length();
        while (from < to && "'-_&".indexOf(word.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && "'-_&".indexOf(word.charAt(to - 1)) >= 0) {
            to--;
        }
        return word.substring(from, to);
    }
}
