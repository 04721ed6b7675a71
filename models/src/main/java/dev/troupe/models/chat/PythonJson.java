package dev.troupe.models.chat;

import java.util.Iterator;
import java.util.Map;

/** JSON as Python's {@code json.dumps(value, ensure_ascii=False)} writes it: a space after each comma and colon. */
final class PythonJson {
    private final StringBuilder out = new StringBuilder();
    private final int indent;

    private PythonJson(int indent) {
        this.indent = indent;
    }

    /** @param indent spaces a level; 0 is all on one line */
    static String dumps(Object value, int indent) {
        var json = new PythonJson(indent);
        json.write(value, 1);
        return json.out.toString();
    }

    private void write(Object value, int level) {
        if (value instanceof Map<?, ?> map) {
            list('{', '}', map.entrySet(), level);
        } else if (value instanceof Map.Entry<?, ?> field) {
            string(String.valueOf(field.getKey()));
            out.append(": ");
            write(field.getValue(), level);
        } else if (value instanceof Iterable<?> several) {
            list('[', ']', several, level);
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            out.append(value);
        } else {
            string(value.toString());
        }
    }

    private void list(char open, char close, Iterable<?> values, int level) {
        out.append(open);
        Iterator<?> each = values.iterator();
        boolean empty = !each.hasNext();
        while (each.hasNext()) {
            newLine(level);
            write(each.next(), level + 1);
            if (each.hasNext()) {
                out.append(indent > 0 ? "," : ", ");
            }
        }
        if (!empty) {
            newLine(level - 1);
        }
        out.append(close);
    }

    private void newLine(int level) {
        if (indent > 0) {
            out.append('\n').append(" ".repeat(indent * level));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> out.append(c < 0x20 ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }
}
