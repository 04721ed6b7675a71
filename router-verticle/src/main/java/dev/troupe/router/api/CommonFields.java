package dev.troupe.router.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;

/** The fields that both kinds of completion have, with OpenAI's ranges and defaults. */
final class CommonFields {
    static final int MAX_CHOICES = 128;
    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP_CHARS = 4096;
    private static final int MAX_BIASES = 300;
    private static final int MAX_METADATA = 16;
    private static final int MAX_METADATA_KEY = 64;
    private static final int MAX_METADATA_VALUE = 512;

    private CommonFields() {}

    static GenerationOptions read(Fields in, OptionalInt maxTokens, OptionalInt topLogprobs) {
        String model = Fields.string(in.required("model"), "model");
        boolean stream = in.flag("stream");
        in.string("user");
        metadata(in);
        return new GenerationOptions(
                model,
                in.integer("n", 1, MAX_CHOICES).orElse(1),
                maxTokens,
                sampling(in, topLogprobs),
                stops(in),
                in.flag("ignore_eos"),
                stream,
                includeUsage(in, stream),
                in.flag("background"));
    }

    private static SamplingOptions sampling(Fields in, OptionalInt topLogprobs) {
        // The record wants a nucleus above nothing; the smallest one holds the likeliest token alone, as 0 does.
        float topP = Math.max(Float.MIN_VALUE, (float) in.decimal("top_p", 0, 1).orElse(1));
        int topK = in.integer("top_k", -1, Integer.MAX_VALUE).orElse(0);
        return new SamplingOptions(
                (float) in.decimal("temperature", 0, 2).orElse(1),
                topP,
                topK > 0 ? OptionalInt.of(topK) : OptionalInt.empty(),
                (float) in.decimal("min_p", 0, 1).orElse(0),
                (float) in.decimal("presence_penalty", -2, 2).orElse(0),
                (float) in.decimal("frequency_penalty", -2, 2).orElse(0),
                (float) in.decimal("repetition_penalty", 0.01, 100).orElse(1),
                logitBias(in),
                in.wideInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                topLogprobs);
    }

    private static Map<Integer, Float> logitBias(Fields in) {
        Map<Integer, Float> biases = new HashMap<>();
        Optional<Fields> object = in.object("logit_bias");
        if (object.isEmpty()) {
            return biases;
        }
        if (object.get().size() > MAX_BIASES) {
            throw Fields.error(
                    "logit_bias",
                    "object_above_max_properties",
                    "Invalid 'logit_bias': too many properties. Expected at most " + MAX_BIASES + ", but got "
                            + object.get().size() + " instead.");
        }
        for (Map.Entry<String, JsonNode> entry : object.get().entries()) {
            int token = tokenId(entry.getKey());
            biases.put(token, (float) Fields.decimal(entry.getValue(), "logit_bias." + token, -100, 100));
        }
        return biases;
    }

    private static int tokenId(String key) {
        // Beyond nine digits no vocabulary reaches, and an int cannot overflow.
        if (!key.matches("\\d{1,9}")) {
            throw Fields.error(
                    "logit_bias",
                    "invalid_value",
                    "Invalid key in 'logit_bias': " + Json.excerpt(key)
                            + ". Only token ids (non-negative integers) are allowed.");
        }
        return Integer.parseInt(key);
    }

    private static List<String> stops(Fields in) {
        Optional<JsonNode> value = in.value("stop");
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get().isTextual()) {
            return List.of(stop(value.get(), "stop"));
        }
        if (!(value.get() instanceof ArrayNode array)) {
            throw Fields.wrongType("stop", "one of a string or array of strings", value.get());
        }
        if (array.isEmpty()) {
            return List.of();
        }
        Fields.bounded(array, "stop", MAX_STOPS);
        return StreamSupport.stream(array.spliterator(), false)
                .map(element -> stop(element, "stop"))
                .distinct()
                .toList();
    }

    private static String stop(JsonNode value, String path) {
        String stop = Fields.string(value, path);
        if (stop.isEmpty()) {
            throw Fields.error(
                    path,
                    "empty_string",
                    "Invalid '" + path
                            + "': empty string. Expected a string with minimum length 1, but got an empty string"
                            + " instead.");
        }
        return bounded(stop, path, MAX_STOP_CHARS);
    }

    private static boolean includeUsage(Fields in, boolean stream) {
        Optional<Fields> options = in.object("stream_options");
        if (options.isPresent() && !stream) {
            throw Fields.error(
                    "stream_options",
                    "invalid_value",
                    "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
        }
        return options.isPresent() && options.get().flag("include_usage");
    }

    /** Checked as OpenAI does. */
    static Map<String, String> metadata(Fields in) {
        Optional<Fields> metadata = in.object("metadata");
        if (metadata.isEmpty()) {
            return Map.of();
        }
        if (metadata.get().size() > MAX_METADATA) {
            throw Fields.error(
                    "metadata",
                    "object_above_max_properties",
                    "Invalid 'metadata': too many properties. Expected an object with at most " + MAX_METADATA
                            + " properties, but got an object with "
                            + metadata.get().size() + " properties instead.");
        }
        Map<String, String> values = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : metadata.get().entries()) {
            String key = bounded(entry.getKey(), "metadata", MAX_METADATA_KEY);
            String path = "metadata." + key;
            values.put(key, bounded(Fields.string(entry.getValue(), path), path, MAX_METADATA_VALUE));
        }
        return values;
    }

    private static String bounded(String value, String path, int most) {
        if (value.length() > most) {
            throw Fields.error(
                    path,
                    "string_above_max_length",
                    "Invalid '" + path + "': string too long. Expected a string with maximum length " + most
                            + ", but got a string with length " + value.length() + " instead.");
        }
        return value;
    }
}
