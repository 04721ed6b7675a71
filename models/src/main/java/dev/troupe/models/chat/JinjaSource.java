package dev.troupe.models.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites what Jinjava parses unlike jinja2, by adding parentheses where jinja2 would see them:
 *
 * <ul>
 *   <li>{@code not x is y} means {@code not (x is y)}, and likewise for comparisons;
 *   <li>{@code f(name=a - b)} means {@code f(name=(a - b))};
 *   <li>{@code x[::-1]}, which Jinjava has no syntax for, becomes a method call.
 * </ul>
 */
final class JinjaSource {
    static final String REVERSED = "__reversed";

    private static final Pattern OPEN = Pattern.compile(
            "\\{%-?\\s*raw\\s*-?%}.*?\\{%-?\\s*endraw\\s*-?%}" + "|\\{#.*?#}|\\{\\{|\\{%", Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile(
            "'(?:[^'\\\\]++|\\\\.)*+'|\"(?:[^\"\\\\]++|\\\\.)*+\"|\\[::-1]|[A-Za-z_]\\w*|\\d+|[=!<>]=|[-+]?[%}]}|\\s+|.",
            Pattern.DOTALL);

    private static final Set<String> AFTER_NOT = Set.of("and", "or", "if", "else", ",", ":", ")", "]", "}");
    private static final Set<String> COMPARISONS = Set.of("is", "==", "!=", "<", ">", "<=", ">=", "in");

    private final Set<String> filters = new TreeSet<>();
    private final String text;

    JinjaSource(String template) {
        text = rewrite(template);
    }

    /** The template as Jinjava reads it right. */
    String text() {
        return text;
    }

    /** The filters that it names: Jinjava passes over those it does not know. */
    Set<String> filters() {
        return Collections.unmodifiableSet(filters);
    }

    private String rewrite(String template) {
        var out = new StringBuilder(template.length() + 64);
        Matcher open = OPEN.matcher(template);
        int from = 0;
        while (open.find(from)) {
            out.append(template, from, open.end());
            from = open.end();
            if (open.group().length() == 2) { // neither a comment nor raw
                from = expression(template, from, open.group().equals("{{") ? "}}" : "%}", out);
            }
        }
        return out.append(template.substring(from)).toString();
    }

    /** Rewrites up to the closing of a tag; returns where it ends. */
    private int expression(String template, int from, String close, StringBuilder out) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(template).region(from, template.length());
        int depth = 0;
        while (token.lookingAt()) {
            String text = token.group();
            if (depth == 0 && text.endsWith(close)) {
                break;
            }
            if (text.endsWith("%}") || text.endsWith("}}")) { // two braces that close dictionaries, or a remainder
                text = text.substring(0, 1);
            }
            depth += "([{".contains(text) ? 1 : ")]}".contains(text) ? -1 : 0;
            tokens.add(text);
            token.region(token.regionStart() + text.length(), template.length());
        }
        boolean defines =
                tokens.stream().filter(text -> !text.isBlank()).limit(2).anyMatch(Set.of("macro", "call")::contains);
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).equals("|")) {
                filters.add(neighbour(tokens, i, 1));
            } else if (tokens.get(i).equals("[::-1]")) {
                tokens.set(i, "." + REVERSED + "()");
            } else if (isNegation(tokens, i)) {
                wrap(tokens, i + 1, AFTER_NOT, COMPARISONS);
            } else if (!defines && isNamedArgument(tokens, i)) {
                wrap(tokens, i + 1, Set.of(",", ")"), null);
            }
        }
        tokens.forEach(out::append);
        return token.regionStart();
    }

    private static boolean isNegation(List<String> tokens, int at) {
        return tokens.get(at).equals("not")
                && !neighbour(tokens, at, -1).equals("is")
                && !neighbour(tokens, at, 1).equals("in");
    }

    private static boolean isNamedArgument(List<String> tokens, int at) {
        if (!tokens.get(at).equals("=")) {
            return false;
        }
        int name = at - 1;
        while (name > 0 && tokens.get(name).isBlank()) {
            name--;
        }
        String before = neighbour(tokens, name, -1);
        return (before.equals("(") || before.equals(",")) && depthAt(tokens, at) > 0;
    }

    private static int depthAt(List<String> tokens, int at) {
        int depth = 0;
        for (String token : tokens.subList(0, at)) {
            depth += "([{".contains(token) ? 1 : ")]}".contains(token) ? -1 : 0;
        }
        return depth;
    }

    /** The next token that is not space, in a direction; empty when there is none. */
    private static String neighbour(List<String> tokens, int at, int step) {
        for (int i = at + step; i >= 0 && i < tokens.size(); i += step) {
            if (!tokens.get(i).isBlank()) {
                return tokens.get(i);
            }
        }
        return "";
    }

    /** Puts what goes from a place to one of the ends, at the same depth, in parentheses; if it holds one of these. */
    private static void wrap(List<String> tokens, int from, Set<String> ends, Set<String> only) {
        int depth = 0;
        boolean wanted = only == null;
        int end = from;
        while (end < tokens.size() && (depth > 0 || !ends.contains(tokens.get(end)))) {
            String token = tokens.get(end);
            depth += "([{".contains(token) ? 1 : ")]}".contains(token) ? -1 : 0;
            wanted |= only != null && depth == 0 && only.contains(token);
            end++;
        }
        if (wanted) {
            tokens.add(end, ")");
            tokens.add(from, "(");
        }
    }
}
