package dev.troupe.node.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.troupe.node.MemorySize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A limit on the command line: a number, or {@code none}. */
final class Amount implements ITypeConverter<JsonNode> {
    @Override
    public JsonNode convert(String text) {
        if (text.equals("none")) {
            return NullNode.getInstance();
        }
        if (!text.matches("\\d{1,18}")) {
            throw new TypeConversionException("\"" + text + "\" is no limit; write a number, or none");
        }
        return LongNode.valueOf(Long.parseLong(text));
    }

    /** A limit of bytes: {@code 10g}, or {@code none}. */
    static final class OfBytes implements ITypeConverter<JsonNode> {
        @Override
        public JsonNode convert(String text) {
            return text.equals("none")
                    ? NullNode.getInstance()
                    : LongNode.valueOf(new MemorySize.OrNone().convert(text));
        }
    }
}
