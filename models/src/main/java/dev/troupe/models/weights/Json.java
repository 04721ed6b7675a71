package dev.troupe.models.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A JSON object of a model directory, read by typed keys. A null counts as absent; a wrong type names file and key, in a {@link
 * ModelFormatException}.
 *
 * @param path of the file, for messages
 */
public record Json(Path path, JsonNode node) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final long MAX_BYTES = 64L << 20;

    /**
     * Reads a file that holds one object.
     *
     * @throws IOException if it is not there or cannot be read
     * @throws ModelFormatException if it is something else, or much too large
     */
    public static Json read(Path path) throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            throw new ModelFormatException(path + ": larger than any such file should be; fetch it again");
        }
        return parse(path, Files.readAllBytes(path));
    }

    /** An object out of {@code bytes}, which stand in the file of that path. */
    static Json parse(Path path, byte[] bytes) {
        JsonNode node;
        try {
            node = MAPPER.readTree(bytes);
        } catch (IOException e) {
            String problem = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new ModelFormatException(path + ": not JSON: " + problem + "; fetch the file again", e);
        }
        if (!node.isObject()) {
            throw new ModelFormatException(path + ": not a JSON object; fetch the file again");
        }
        return new Json(path, node);
    }

    public Optional<Json> object(String key) {
        return find(key).map(value -> {
            require(key, value.isObject(), "an object");
            return new Json(path, value);
        });
    }

    public Optional<String> string(String key) {
        return find(key).map(value -> {
            require(key, value.isTextual(), "a string");
            return value.textValue();
        });
    }

    public Optional<Boolean> bool(String key) {
        return find(key).map(value -> {
            require(key, value.isBoolean(), "a boolean");
            return value.booleanValue();
        });
    }

    public OptionalInt natural(String key) {
        Optional<JsonNode> value = find(key);
        value.ifPresent(v -> require(key, v.canConvertToInt() && v.isIntegralNumber() && v.intValue() >= 0, "a count"));
        return value.map(v -> OptionalInt.of(v.intValue())).orElseGet(OptionalInt::empty);
    }

    public int requireNatural(String key) {
        return natural(key).orElseThrow(() -> wrong(key, "is missing"));
    }

    public OptionalDouble number(String key) {
        Optional<JsonNode> value = find(key);
        value.ifPresent(v -> require(key, v.isNumber(), "a number"));
        return value.map(v -> OptionalDouble.of(v.doubleValue())).orElseGet(OptionalDouble::empty);
    }

    public Optional<JsonNode> array(String key) {
        return find(key).map(value -> {
            require(key, value.isArray(), "an array");
            return value;
        });
    }

    private Optional<JsonNode> find(String key) {
        return Optional.ofNullable(node.get(key)).filter(value -> !value.isNull());
    }

    private void require(String key, boolean holds, String type) {
        if (!holds) {
            throw wrong(key, "is not " + type);
        }
    }

    /** For a value that is there and says what we cannot do: fetching again would not help. */
    public ModelFormatException unsupported(String key, Object value, String remedy) {
        return new ModelFormatException(path + ": '" + key + "' is " + value + ", which is not supported; " + remedy);
    }

    /** For a value that cannot be what was meant. */
    public ModelFormatException wrong(String key, String problem) {
        return new ModelFormatException(path + ": '" + key + "' " + problem + "; fetch the file again");
    }
}
