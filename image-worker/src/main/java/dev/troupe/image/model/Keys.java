package dev.troupe.image.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.Json;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What the configurations of networks have in common. A hostile one must cost no more than a message. */
final class Keys {
    /** Far above any network of this kind. */
    static final int MAX_WIDTH = 1 << 16;

    static final int MAX_DEPTH = 128;

    private static final String OTHER_MODEL = "use a model of Stable Diffusion 1's or 2's layout";

    private Keys() {}

    /** A count from 1 to {@code most}. */
    static int count(Json json, String key, int most) {
        return checked(json, key, json.requireNatural(key), most);
    }

    /** A count from 1 to {@code most}, or what is meant where the key is not there. */
    static int countOr(Json json, String key, int otherwise, int most) {
        return checked(json, key, json.natural(key).orElse(otherwise), most);
    }

    private static int checked(Json json, String key, int value, int most) {
        if (value < 1 || value > most) {
            throw json.wrong(key, "is " + value + ", outside 1 to " + most);
        }
        return value;
    }

    /** One count for each of {@code n} blocks; a single number stands for all. */
    static List<Integer> counts(Json json, String key, int n, int most) {
        JsonNode node = json.node().path(key);
        if (!node.isArray()) {
            return Collections.nCopies(n, count(json, key, most));
        }
        List<Integer> counts = list(json, key, most);
        if (counts.size() != n) {
            throw json.wrong(key, "has " + counts.size() + " entries for " + n + " blocks");
        }
        return counts;
    }

    /** A list of counts. */
    static List<Integer> list(Json json, String key, int most) {
        JsonNode array = json.array(key).orElseThrow(() -> json.wrong(key, "is missing"));
        return StreamSupport.stream(array.spliterator(), false)
                .map(item -> {
                    if (!item.isInt()) {
                        throw json.wrong(key, "has an entry that is not a count");
                    }
                    return checked(json, key, item.intValue(), most);
                })
                .toList();
    }

    /** A list of words. */
    static List<String> words(Json json, String key) {
        JsonNode array = json.array(key).orElseThrow(() -> json.wrong(key, "is missing"));
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Refuses any value but {@code known}, where a value is given at all: another would be another network. */
    static void only(Json json, String key, Object known) {
        JsonNode value = json.node().path(key);
        boolean same = known instanceof Number number
                ? value.isNumber() && value.doubleValue() == number.doubleValue()
                : value.asText().equals(known.toString());
        if (!value.isMissingNode() && !value.isNull() && !same) {
            throw refused(json, key, value);
        }
    }

    /** Refuses any value. */
    static void absent(Json json, String... keys) {
        for (String key : keys) {
            Optional.ofNullable(json.node().get(key))
                    .filter(value -> !value.isNull())
                    .ifPresent(value -> {
                        throw refused(json, key, value);
                    });
        }
    }

    static ModelFormatException refused(Json json, String key, Object value) {
        return json.unsupported(key, value, OTHER_MODEL);
    }

    /** Whether norms and heads divide the channels. */
    static void divides(Json json, String key, int divisor, int channels) {
        if (channels % divisor != 0) {
            throw json.wrong(key, "is " + divisor + ", which does not divide the " + channels + " channels of a block");
        }
    }
}
