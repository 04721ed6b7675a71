package dev.troupe.models.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.time.Instant;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** The functions and filters that transformers gives to chat templates, and those where Jinjava's act unlike Python's. */
final class JinjaLibrary {
    private JinjaLibrary() {}

    static void register(Jinjava jinjava) {
        jinjava.registerFunction(
                new ELFunctionDefinition("", "raise_exception", JinjaLibrary.class, "raise", Object.class));
        jinjava.registerFunction(new ELFunctionDefinition("", "strftime_now", JinjaLibrary.class, "now", String.class));
        jinjava.registerExpTest(new PythonTest("iterable", JinjaLibrary::isIterable));
        jinjava.registerExpTest(new PythonTest("sequence", JinjaLibrary::isIterable));
        jinjava.registerFilter(new PythonFilter("tojson", JinjaLibrary::toJson));
        jinjava.registerFilter(new PythonFilter("items", (value, arguments) -> items(value)));
        jinjava.registerFilter(new PythonFilter("safe", (value, arguments) -> value));
        jinjava.registerFilter(new PythonFilter(
                "trim",
                (value, arguments) -> PythonStrings.call(String.valueOf(value), "strip", arguments.positional())));
    }

    private record PythonTest(String name, Predicate<Object> test) implements ExpTest {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean evaluate(Object value, JinjavaInterpreter interpreter, Object... arguments) {
            return test.test(value);
        }
    }

    private static boolean isIterable(Object value) {
        return value instanceof CharSequence || value instanceof Iterable || value instanceof Map;
    }

    @SuppressWarnings("DoNotCallSuggester") // called by templates, by name
    public static Object raise(Object message) {
        throw ChatTemplateException.refused(String.valueOf(message));
    }

    public static String now(String format) {
        var config = JinjavaInterpreter.getCurrent().getConfig();
        long millis = config.getDateTimeProvider().getCurrentTimeMillis();
        return StrftimeFormatter.format(Instant.ofEpochMilli(millis).atZone(config.getTimeZone()), format, Locale.US);
    }

    static List<Map.Entry<Object, Object>> items(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw ChatTemplateException.broken("items of something that is no mapping", null);
        }
        return map.entrySet().stream()
                .<Map.Entry<Object, Object>>map(entry -> new SimpleImmutableEntry<>(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String toJson(Object value, Arguments arguments) {
        return PythonJson.dumps(
                value, arguments.get(0, "indent") instanceof Number width ? Math.min(width.intValue(), 16) : 0);
    }

    /** What a filter was called with. */
    record Arguments(List<Object> positional, Map<String, Object> named) {
        /** The argument by name or place; null without one. */
        Object get(int place, String name) {
            return named.containsKey(name) ? named.get(name) : place < positional.size() ? positional.get(place) : null;
        }
    }

    private interface Body {
        Object apply(Object value, Arguments arguments);
    }

    private record PythonFilter(String name, Body body) implements Filter {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
            return body.apply(value, new Arguments(List.of((Object[]) arguments), Map.of()));
        }

        @Override
        public Object filter(
                Object value, JinjavaInterpreter interpreter, Object[] arguments, Map<String, Object> named) {
            return body.apply(value, new Arguments(Arrays.asList(arguments), named));
        }
    }
}
