package dev.troupe.models.chat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/** The methods of Python's {@code str} that chat templates use. */
final class PythonStrings {
    private PythonStrings() {}

    static Object call(String text, String method, List<Object> arguments) {
        return switch (method) {
            case "strip" -> strip(text, arguments, true, true);
            case "lstrip" -> strip(text, arguments, true, false);
            case "rstrip" -> strip(text, arguments, false, true);
            case "startswith" -> any(text, arguments.get(0), String::startsWith);
            case "endswith" -> any(text, arguments.get(0), String::endsWith);
            case "split" -> split(text, arguments, false);
            case "rsplit" -> split(text, arguments, true);
            case "splitlines" -> text.lines().toList();
            case "replace" -> text.replace(string(arguments, 0), string(arguments, 1));
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> title(text);
            case "capitalize" -> capitalize(text);
            case "find" -> (long) text.indexOf(string(arguments, 0));
            case "rfind" -> (long) text.lastIndexOf(string(arguments, 0));
            case "count" -> (long) split(text, arguments.subList(0, 1), false).size() - 1;
            case "removeprefix" ->
                text.startsWith(string(arguments, 0))
                        ? text.substring(string(arguments, 0).length())
                        : text;
            case "removesuffix" ->
                text.endsWith(string(arguments, 0))
                        ? text.substring(0, text.length() - string(arguments, 0).length())
                        : text;
            case "isdigit" -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
            case "join" -> join(text, arguments.get(0));
            case "format" -> format(text, arguments);
            default -> throw PythonResolver.unknown("a string", method);
        };
    }

    /** The character at an index, which may count from the end; null outside and for anything but an index. */
    static String at(String text, String index) {
        if (!index.matches("-?\\d{1,9}")) {
            return null;
        }
        int length = text.codePointCount(0, text.length());
        int at = Integer.parseInt(index);
        at = at < 0 ? at + length : at;
        return at < 0 || at >= length ? null : Character.toString(text.codePointAt(text.offsetByCodePoints(0, at)));
    }

    private static String string(List<Object> arguments, int index) {
        if (index >= arguments.size() || !(arguments.get(index) instanceof CharSequence text)) {
            throw ChatTemplateException.broken("a method of a string is called without the string it needs", null);
        }
        return text.toString();
    }

    private static String strip(String text, List<Object> arguments, boolean left, boolean right) {
        String set = arguments.isEmpty() || arguments.get(0) == null ? null : string(arguments, 0);
        int start = 0;
        int end = text.length();
        while (left && start < end && isIn(set, text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && isIn(set, text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static boolean isIn(String set, int point) {
        return set == null ? isSpace(point) : set.indexOf(point) >= 0;
    }

    /** What Python's {@code str.isspace} holds for, which is more than Java's. */
    private static boolean isSpace(int point) {
        return Character.isWhitespace(point)
                || Character.isSpaceChar(point)
                || point == 0x85
                || (point >= 0x1C && point <= 0x1F);
    }

    private static boolean any(String text, Object affixes, BiPredicate<String, String> test) {
        if (affixes instanceof Collection<?> several) {
            return several.stream().anyMatch(affix -> test.test(text, String.valueOf(affix)));
        }
        return test.test(text, String.valueOf(affixes));
    }

    private static List<Object> split(String text, List<Object> arguments, boolean fromRight) {
        int most = arguments.size() > 1 && arguments.get(1) instanceof Number number && number.intValue() >= 0
                ? number.intValue()
                : Integer.MAX_VALUE;
        if (arguments.isEmpty() || arguments.get(0) == null) {
            String stripped = strip(text, List.of(), true, true);
            return stripped.isEmpty() ? List.of() : List.of((Object[]) stripped.split("\\s+"));
        }
        String separator = string(arguments, 0);
        if (separator.isEmpty()) {
            throw ChatTemplateException.broken("a string is split at the empty string", null);
        }
        List<Object> parts = new ArrayList<>();
        String rest = text;
        while (parts.size() < most) {
            int at = fromRight ? rest.lastIndexOf(separator) : rest.indexOf(separator);
            if (at < 0) {
                break;
            }
            String before = rest.substring(0, at);
            String after = rest.substring(at + separator.length());
            parts.add(fromRight ? 0 : parts.size(), fromRight ? after : before);
            rest = fromRight ? before : after;
        }
        parts.add(fromRight ? 0 : parts.size(), rest);
        return parts;
    }

    private static String capitalize(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        var out = new StringBuilder();
        boolean inWord = false;
        for (int point : text.codePoints().toArray()) {
            out.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toTitleCase(point));
            inWord = Character.isLetter(point);
        }
        return out.toString();
    }

    private static String join(String separator, Object parts) {
        if (!(parts instanceof Collection<?> several)) {
            throw ChatTemplateException.broken("join is called with what is no list", null);
        }
        return String.join(separator, several.stream().map(String::valueOf).toList());
    }

    /** Only plain {@code {}}: each becomes the next argument. */
    private static String format(String text, List<Object> arguments) {
        var out = new StringBuilder();
        int from = 0;
        for (Object argument : arguments) {
            int at = text.indexOf("{}", from);
            if (at < 0) {
                break;
            }
            out.append(text, from, at).append(argument);
            from = at + 2;
        }
        return out.append(text.substring(from)).toString();
    }
}
