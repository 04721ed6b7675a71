package dev.troupe.router.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code POST /v1/chat/completions}. */
public final class ChatFields {
    private static final String ROLES = "'system', 'assistant', 'user', and 'developer'";
    /** More messages than any context holds; each takes several tokens. */
    private static final int MAX_MESSAGES = 100_000;

    private static final int MAX_TOP_LOGPROBS = 20;

    private ChatFields() {}

    /** @throws ApiException when a field is wrong */
    public static ChatRequest read(ObjectNode body) {
        Fields in = Fields.root(body);
        refuseUnsupported(in);
        GenerationOptions options = CommonFields.read(in, maxTokens(in), topLogprobs(in));
        ArrayNode array = Fields.array(in.required("messages"), "messages", MAX_MESSAGES);
        List<ChatTurn> messages = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            messages.add(message(Fields.of(array.get(i), "messages[" + i + "]")));
        }
        return new ChatRequest(options, messages, conversation(in, options));
    }

    private static Optional<String> conversation(Fields in, GenerationOptions options) {
        Optional<String> id = in.value("conversation").map(value -> ConversationFields.id(value, "conversation"));
        if (id.isPresent() && options.choices() > 1) {
            throw Fields.error(
                    "n",
                    "invalid_parameter_combination",
                    "Invalid 'n': a conversation goes on with one answer, so 'n' must be 1 beside 'conversation'.");
        }
        return id;
    }

    private static OptionalInt maxTokens(Fields in) {
        OptionalInt old = in.integer("max_tokens", 1, Integer.MAX_VALUE);
        OptionalInt current = in.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        if (old.isPresent() && current.isPresent()) {
            throw Fields.error(
                    "max_tokens",
                    "invalid_parameter_combination",
                    "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
        }
        return current.isPresent() ? current : old;
    }

    private static OptionalInt topLogprobs(Fields in) {
        boolean logprobs = in.flag("logprobs");
        OptionalInt top = in.integer("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (top.isPresent() && !logprobs) {
            throw Fields.error(
                    "top_logprobs",
                    "invalid_value",
                    "Invalid 'top_logprobs': it is only allowed when 'logprobs' is true.");
        }
        return logprobs ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty();
    }

    private static ChatTurn message(Fields in) {
        String role = role(in);
        if (in.value("tool_calls").isPresent() || in.value("function_call").isPresent()) {
            throw unsupported(in.path("tool_calls"), "Tool calls");
        }
        JsonNode content = in.required("content");
        String text = content instanceof ArrayNode parts
                ? parts(parts, in.path("content"))
                : content.isTextual() ? content.textValue() : wrongContent(in, content);
        return new ChatTurn(role, text, in.string("name"));
    }

    private static String wrongContent(Fields in, JsonNode content) {
        throw Fields.wrongType(in.path("content"), "one of a string or array of objects", content);
    }

    private static String role(Fields in) {
        String role = Fields.string(in.required("role"), in.path("role"));
        return switch (role) {
            case "system", "user", "assistant" -> role;
            case "developer" -> "system"; // OpenAI's newer name, which no open model's template knows
            case "tool", "function" -> throw unsupported(in.path("role"), "The role '" + role + "'");
            default ->
                throw Fields.error(
                        in.path("role"),
                        "invalid_value",
                        "Invalid value: '" + Json.excerpt(role) + "'. Supported values are: " + ROLES + ".");
        };
    }

    private static String parts(ArrayNode parts, String path) {
        Fields.bounded(parts, path, MAX_MESSAGES);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            Fields part = Fields.of(parts.get(i), path + "[" + i + "]");
            String type = Fields.string(part.required("type"), part.path("type"));
            if (!type.equals("text")) {
                throw Fields.error(
                        part.path("type"),
                        "invalid_value",
                        "Invalid value: '" + Json.excerpt(type)
                                + "'. Supported values are: 'text'; this model reads text only.");
            }
            text.append(Fields.string(part.required("text"), part.path("text")));
        }
        return text.toString();
    }

    /** What would change the answer if we had it is refused and not quietly left out. */
    private static void refuseUnsupported(Fields in) {
        for (String tools : List.of("tools", "functions")) {
            Optional<JsonNode> value = in.value(tools);
            if (value.isPresent() && !Fields.isEmptyArray(value.get(), tools)) {
                throw unsupported(tools, "'" + tools + "'");
            }
        }
        Optional<Fields> format = in.object("response_format");
        if (format.isPresent()) {
            String type = Fields.string(format.get().required("type"), "response_format.type");
            if (!type.equals("text")) {
                throw unsupported("response_format", "'response_format' of type '" + Json.excerpt(type) + "'");
            }
        }
        if (in.value("audio").isPresent()) {
            throw unsupported("audio", "'audio'");
        }
        if (in.value("modalities").filter(value -> !isTextOnly(value)).isPresent()) {
            throw unsupported("modalities", "Output other than text");
        }
    }

    private static boolean isTextOnly(JsonNode modalities) {
        for (JsonNode modality : Fields.array(modalities, "modalities", MAX_TOP_LOGPROBS)) {
            if (!Fields.string(modality, "modalities").equals("text")) {
                return false;
            }
        }
        return true;
    }

    private static ApiException unsupported(String param, String what) {
        return Fields.error(
                param, "unsupported_parameter", "Unsupported parameter: " + what + " is not supported by this server.");
    }
}
