package dev.troupe.store;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Blacks out secrets that people send along: keys of ours and of OpenAI, bearer tokens, AWS keys, private keys, and what is assigned to a
 * name like "password". Rather too much than too little; what looks like nothing in particular it cannot know.
 *
 * <p>It reads plain text, JSON, and JSON within JSON. Whatever the text, it takes time in proportion to its length: what is repeated either
 * has a bound or is taken as a whole, never tried again.
 */
final class Redaction {
    static final String MARK = "[redacted]";

    /** Where a word may begin: also right behind an escape of JSON, whose last letter is none of the word's. */
    private static final String BEGIN = "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrtbf])|(?<=\\\\u[0-9A-Fa-f]{4}))";

    private static final String NAME = "(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?key"
            + "|(?:access|auth|refresh)[_-]?token)[A-Za-z0-9_-]{0,32}+";
    /** Around a name or a value, if at all; escaped where it is within JSON. */
    private static final String QUOTE = "(?:\\\\{0,3}+[\"'])?+";

    private static final String ASSIGNED = "(" + NAME + QUOTE + "\\s{0,8}+[:=]\\s{0,8}+" + QUOTE + ")";

    private static final String VALUE = "(?:"
            + "(?<=\\\\[\"'])(?:[^\"'\\\\]|\\\\(?![\"']))++" // to the next quote
            + "|(?<=\")(?:[^\"\\\\]|\\\\.)++" // to the next quote that is not escaped
            + "|(?<=')[^']++"
            + "|(?:[^\\s\"'&,;\\\\]|\\\\[^nrt\"'])++" // to the next space or separator
            + ")";

    private static final List<Rule> RULES = List.of(
            // To the end of the text where the end of the key is cut off.
            new Rule(
                    "-----BEGIN (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]{1,64}-----|\\z)",
                    MARK),
            new Rule(BEGIN + "sk-[A-Za-z0-9_-]{16,}+", MARK),
            new Rule("(?:AKIA|ASIA)[0-9A-Z]{16}", MARK),
            new Rule("((?i:bearer)(?:\\s|\\\\[nrt]){1,8}+)[A-Za-z0-9._~+/=-]{8,}+", "$1" + MARK),
            new Rule("(?i)" + ASSIGNED + VALUE, "$1" + MARK));

    private record Rule(Pattern pattern, String replacement) {
        Rule(String pattern, String replacement) {
            this(Pattern.compile(pattern, Pattern.DOTALL), replacement);
        }
    }

    private Redaction() {}

    /** @return the text with {@link #MARK} in place of every secret that is recognised */
    static String of(String text) {
        String redacted = text;
        for (Rule rule : RULES) {
            redacted = rule.pattern().matcher(redacted).replaceAll(rule.replacement());
        }
        return redacted;
    }
}
