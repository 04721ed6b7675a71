package dev.troupe.router.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Typed reading of an object's fields: null is absent, a wrong type is an error that names the field, in OpenAI's words.
 *
 * <p>Every method throws {@link ApiException} for a value of the wrong type or out of range.
 */
final class Fields {
    private final ObjectNode node;
    private final String path;

    private Fields(ObjectNode node, String path) {
        this.node = node;
        this.path = path;
    }

    static Fields root(ObjectNode node) {
        return new Fields(node, "");
    }

    /** @return fields of an element; {@code path} is what errors call it */
    static Fields of(JsonNode node, String path) {
        if (node instanceof ObjectNode object) {
            return new Fields(object, path);
        }
        throw wrongType(path, "an object", node);
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    Optional<JsonNode> value(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    JsonNode required(String name) {
        return value(name)
                .orElseThrow(() -> error(
                        path(name), "missing_required_parameter", "Missing required parameter: '" + path(name) + "'."));
    }

    Optional<String> string(String name) {
        return value(name).map(value -> string(value, path(name)));
    }

    static String string(JsonNode value, String path) {
        if (!value.isTextual()) {
            throw wrongType(path, "a string", value);
        }
        return value.textValue();
    }

    boolean flag(String name) {
        Optional<JsonNode> value = value(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw wrongType(path(name), "a boolean", value.get());
        }
        return value.isPresent() && value.get().booleanValue();
    }

    OptionalInt integer(String name, int least, int most) {
        OptionalLong value = wideInteger(name, least, most);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    OptionalLong wideInteger(String name, long least, long most) {
        Optional<JsonNode> value = value(name);
        return value.isPresent()
                ? OptionalLong.of(integer(value.get(), path(name), least, most))
                : OptionalLong.empty();
    }

    static long integer(JsonNode value, String path, long least, long most) {
        if (!value.isIntegralNumber()) {
            throw wrongType(path, "an integer", value);
        }
        boolean positive = value.bigIntegerValue().signum() > 0;
        if (value.canConvertToLong() ? value.longValue() > most : positive) {
            throw outOfRange(path, "integer", true, Long.toString(most), value);
        }
        if (value.canConvertToLong() ? value.longValue() < least : !positive) {
            throw outOfRange(path, "integer", false, Long.toString(least), value);
        }
        return value.longValue();
    }

    OptionalDouble decimal(String name, double least, double most) {
        Optional<JsonNode> value = value(name);
        return value.isPresent()
                ? OptionalDouble.of(decimal(value.get(), path(name), least, most))
                : OptionalDouble.empty();
    }

    static double decimal(JsonNode value, String path, double least, double most) {
        if (!value.isNumber()) {
            throw wrongType(path, "a decimal", value);
        }
        double number = value.doubleValue();
        if (number > most) {
            throw outOfRange(path, "decimal", true, plain(most), value);
        }
        if (number < least) {
            throw outOfRange(path, "decimal", false, plain(least), value);
        }
        return number;
    }

    Optional<Fields> object(String name) {
        return value(name).map(value -> of(value, path(name)));
    }

    Set<Map.Entry<String, JsonNode>> entries() {
        return node.properties();
    }

    int size() {
        return node.size();
    }

    static ArrayNode array(JsonNode value, String path, int most) {
        if (!(value instanceof ArrayNode array)) {
            throw wrongType(path, "an array", value);
        }
        return bounded(array, path, most);
    }

    static ArrayNode bounded(ArrayNode array, String path, int most) {
        if (array.isEmpty()) {
            throw error(
                    path,
                    "empty_array",
                    "Invalid '" + path
                            + "': empty array. Expected an array with minimum length 1, but got an empty array"
                            + " instead.");
        }
        if (array.size() > most) {
            throw error(
                    path,
                    "array_above_max_length",
                    "Invalid '" + path + "': array too long. Expected an array with maximum length " + most
                            + ", but got an array with length " + array.size() + " instead.");
        }
        return array;
    }

    static boolean isEmptyArray(JsonNode value, String path) {
        if (!value.isArray()) {
            throw wrongType(path, "an array", value);
        }
        return value.isEmpty();
    }

    static ApiException wrongType(String path, String expected, JsonNode got) {
        return error(
                path,
                "invalid_type",
                "Invalid type for '" + path + "': expected " + expected + ", but got " + describe(got) + " instead.");
    }

    static ApiException error(String path, String code, String message) {
        return new ApiException(ApiError.field(path, code, message));
    }

    static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING, BINARY -> "a string";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case NULL, MISSING -> "null";
        };
    }

    private static ApiException outOfRange(String path, String kind, boolean above, String bound, JsonNode got) {
        return error(
                path,
                kind + (above ? "_above_max_value" : "_below_min_value"),
                "Invalid '" + path + "': " + kind + (above ? " above maximum" : " below minimum")
                        + " value. Expected a value " + (above ? "<= " : ">= ") + bound + ", but got "
                        + Json.excerpt(got.asText()) + " instead.");
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
