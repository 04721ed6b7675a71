package dev.troupe.models.chat;

import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELException;
import jinjava.javax.el.ELResolver;

/**
 * Methods of values as Python has them. No method or property of a Java object is reachable from a template, but those of
 * Jinjava's own loop, filters and tests.
 */
final class PythonResolver extends ELResolver {
    private PythonResolver() {}

    static ELResolver composite() {
        var all = new CompositeELResolver();
        all.add(new PythonResolver());
        all.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
        return all;
    }

    @Override
    public Object invoke(ELContext context, Object base, Object method, Class<?>[] types, Object[] parameters) {
        if (base == null || isOfJinjava(base)) {
            return null; // unresolved: the next resolver's
        }
        List<Object> arguments = parameters == null ? List.of() : Arrays.asList(parameters);
        Object result = call(base, String.valueOf(method), arguments);
        context.setPropertyResolved(true);
        return result;
    }

    private static Object call(Object base, String method, List<Object> arguments) {
        if (method.equals(JinjaSource.REVERSED)) {
            return reversed(base);
        }
        if (base instanceof CharSequence text) {
            return PythonStrings.call(text.toString(), method, arguments);
        }
        if (base instanceof Map<?, ?> map) {
            return switch (method) {
                case "get" ->
                    map.containsKey(arguments.get(0))
                            ? map.get(arguments.get(0))
                            : arguments.size() > 1 ? arguments.get(1) : null;
                case "items" -> JinjaLibrary.items(map);
                case "keys" -> new ArrayList<>(map.keySet());
                case "values" -> new ArrayList<>(map.values());
                default -> throw unknown("a mapping", method);
            };
        }
        if (base instanceof List<?> list) {
            return switch (method) {
                case "index" -> (long) list.indexOf(arguments.get(0));
                case "count" -> (long) Collections.frequency(list, arguments.get(0));
                default -> throw unknown("a list", method);
            };
        }
        throw unknown("a " + base.getClass().getSimpleName(), method);
    }

    private static Object reversed(Object base) {
        if (base instanceof CharSequence text) {
            return new StringBuilder(text).reverse().toString();
        }
        if (base instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list);
            Collections.reverse(copy);
            return copy;
        }
        throw unknown("what is no list", "[::-1]");
    }

    static ELException unknown(String what, String method) {
        return new ELException(what + " has no method '" + method + "'");
    }

    @Override
    public Object getValue(ELContext context, Object base, Object property) {
        if (base == null
                || base instanceof Map
                || base instanceof List
                || base.getClass().isArray()
                || isOfJinjava(base)) {
            return null;
        }
        context.setPropertyResolved(true);
        if (base instanceof CharSequence text) {
            return PythonStrings.at(text.toString(), String.valueOf(property));
        }
        return null;
    }

    private static boolean isOfJinjava(Object base) {
        return base instanceof Filter || base instanceof ExpTest || base instanceof ForLoop;
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {
        throw new ELException("a template may not change a value");
    }

    @Override
    public boolean isReadOnly(ELContext context, Object base, Object property) {
        return true;
    }

    @Override
    public Class<?> getType(ELContext context, Object base, Object property) {
        return null;
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, Object base) {
        return Object.class;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
        return Collections.emptyIterator();
    }
}
