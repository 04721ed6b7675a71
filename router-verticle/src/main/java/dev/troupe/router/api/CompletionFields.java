package dev.troupe.router.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Reads {@code POST /v1/completions}. */
public final class CompletionFields {
    private static final int DEFAULT_MAX_TOKENS = 16;
    private static final int MAX_LOGPROBS = 5;
    private static final String KINDS =
            "one of a string, array of strings, array of integers, or array of integer arrays";

    private CompletionFields() {}

    /** @throws ApiException when a field is wrong */
    public static CompletionRequest read(ObjectNode body) {
        Fields in = Fields.root(body);
        OptionalInt maxTokens =
                OptionalInt.of(in.integer("max_tokens", 1, Integer.MAX_VALUE).orElse(DEFAULT_MAX_TOKENS));
        OptionalInt logprobs = in.integer("logprobs", 0, MAX_LOGPROBS);
        GenerationOptions options = CommonFields.read(in, maxTokens, logprobs);
        boolean echo = in.flag("echo");
        refuseUnsupported(in, options, echo && logprobs.isPresent());
        List<Prompt> prompts = prompts(in.required("prompt"));
        if (prompts.size() * options.choices() > CommonFields.MAX_CHOICES) {
            throw Fields.error(
                    "n",
                    "integer_above_max_value",
                    "Invalid 'n': " + prompts.size() + " prompts with " + options.choices()
                            + " choices each are more than " + CommonFields.MAX_CHOICES
                            + " completions. Send fewer prompts at once.");
        }
        return new CompletionRequest(options, prompts, echo);
    }

    private static void refuseUnsupported(Fields in, GenerationOptions options, boolean promptLogprobs) {
        if (in.string("suffix").filter(suffix -> !suffix.isEmpty()).isPresent()) {
            throw unsupported("suffix", "'suffix' is not supported by this server.");
        }
        OptionalInt bestOf = in.integer("best_of", 0, CommonFields.MAX_CHOICES);
        if (bestOf.isPresent() && bestOf.getAsInt() != options.choices()) {
            throw unsupported("best_of", "'best_of' other than 'n' is not supported by this server.");
        }
        if (promptLogprobs) {
            throw unsupported("logprobs", "'logprobs' of an echoed prompt are not supported by this server.");
        }
    }

    private static List<Prompt> prompts(JsonNode value) {
        if (value.isTextual()) {
            return List.of(new Prompt.Text(value.textValue()));
        }
        if (!(value instanceof ArrayNode array)) {
            throw Fields.wrongType("prompt", KINDS, value);
        }
        if (!array.isEmpty() && array.get(0).isNumber()) {
            return List.of(tokens(array, "prompt"));
        }
        Fields.bounded(array, "prompt", CommonFields.MAX_CHOICES);
        boolean texts = array.get(0).isTextual();
        List<Prompt> prompts = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            String path = "prompt[" + i + "]";
            prompts.add(texts ? new Prompt.Text(Fields.string(array.get(i), path)) : tokens(array.get(i), path));
        }
        return prompts;
    }

    private static Prompt tokens(JsonNode value, String path) {
        ArrayNode array = Fields.array(value, path, Integer.MAX_VALUE);
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) Fields.integer(array.get(i), path, 0, Integer.MAX_VALUE);
        }
        return new Prompt.Tokens(TokenIds.of(ids));
    }

    private static ApiException unsupported(String param, String message) {
        return Fields.error(param, "unsupported_parameter", "Unsupported parameter: " + message);
    }
}
