package dev.troupe.router.prompt;

import dev.troupe.cache.conversation.Item;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.ApiRequest;
import dev.troupe.router.api.ChatRequest;
import dev.troupe.router.api.CompletionRequest;
import dev.troupe.router.api.Prompt;
import java.util.List;
import java.util.OptionalInt;

/** Renders, tokenizes, and checks what only the model can tell: token ids and lengths. */
public final class PromptPreparation {
    /** Of the context, one part in so many is left for an answer that names no length of its own. */
    private static final int SHARE_OF_THE_ANSWER = 4;

    private final ServedModel model;
    private final int contextLength;

    /** @param contextLength tokens of prompt and answer together; a replica may serve less than the model was trained for */
    public PromptPreparation(ServedModel model, int contextLength) {
        this.model = model;
        this.contextLength = contextLength;
    }

    /**
     * Prepares all prompts of a request.
     *
     * @param history what a chat goes on with; its oldest turns are left out when there is no room for them
     * @throws ApiException when a prompt does not fit or a token does not exist
     */
    public List<PreparedPrompt> prepare(ApiRequest request, List<Item> history) {
        for (int token : request.options().sampling().logitBias().keySet()) {
            checkToken("logit_bias", token);
        }
        if (request instanceof ChatRequest chat) {
            return List.of(prepare(chat, new History(history)));
        }
        CompletionRequest completion = (CompletionRequest) request;
        return completion.prompts().stream()
                .map(prompt -> prepare(completion, prompt))
                .toList();
    }

    private PreparedPrompt prepare(ChatRequest chat, History history) {
        int room = contextLength - chat.options().maxTokens().orElse(contextLength / SHARE_OF_THE_ANSWER);
        TokenIds all = tokens(chat, history, 0);
        return history.turns() == 0 || all.size() <= room
                ? checked(chat, all)
                : checked(chat, newestThatFit(chat, history, room));
    }

    /** The fewer turns the fewer tokens, so the number to leave out is found by halving; none may be few enough. */
    private TokenIds newestThatFit(ChatRequest chat, History history, int room) {
        int least = 1;
        int most = history.turns();
        while (least < most) {
            int middle = (least + most) / 2;
            if (tokens(chat, history, middle).size() <= room) {
                most = middle;
            } else {
                least = middle + 1;
            }
        }
        return tokens(chat, history, least);
    }

    private TokenIds tokens(ChatRequest chat, History history, int leftOut) {
        return new ChatTokens(model).of(history.without(leftOut), chat.messages());
    }

    private PreparedPrompt checked(ChatRequest chat, TokenIds tokens) {
        if (tokens.size() >= contextLength) {
            throw tooLong(
                    "messages",
                    "However, your messages resulted in " + tokens.size()
                            + " tokens. Please reduce the length of the messages.");
        }
        OptionalInt wanted = chat.options().maxTokens();
        int rest = contextLength - tokens.size();
        if (wanted.orElse(1) > rest) {
            throw tooLong(
                    "messages",
                    "However, you requested " + ((long) tokens.size() + wanted.getAsInt()) + " tokens (" + tokens.size()
                            + " in the messages, " + wanted.getAsInt()
                            + " in the completion). Please reduce the length of the messages or completion.");
        }
        return new PreparedPrompt(tokens, "", wanted.orElse(rest));
    }

    private PreparedPrompt prepare(CompletionRequest request, Prompt prompt) {
        TokenIds tokens = tokens(prompt);
        if (tokens.isEmpty()) {
            throw new ApiException(ApiError.field(
                    "prompt", "invalid_value", "Invalid 'prompt': it is empty, so there is nothing to go on."));
        }
        int wanted = request.options().maxTokens().orElse(contextLength - tokens.size());
        if ((long) tokens.size() + wanted > contextLength) {
            throw tooLong(
                    "prompt",
                    "However, you requested " + ((long) tokens.size() + wanted) + " tokens (" + tokens.size()
                            + " in your prompt; " + wanted
                            + " for the completion). Please reduce your prompt; or completion length.");
        }
        return new PreparedPrompt(tokens, request.echo() ? text(prompt) : "", wanted);
    }

    private TokenIds tokens(Prompt prompt) {
        if (prompt instanceof Prompt.Text text) {
            return TokenIds.of(model.tokenizer().encodePrompt(text.text()));
        }
        TokenIds ids = ((Prompt.Tokens) prompt).ids();
        for (int token : ids.toArray()) {
            checkToken("prompt", token);
        }
        return ids;
    }

    private String text(Prompt prompt) {
        return prompt instanceof Prompt.Text text
                ? text.text()
                : model.tokenizer().decode(((Prompt.Tokens) prompt).ids().toArray());
    }

    private void checkToken(String param, int token) {
        int size = model.tokenizer().vocabSize();
        if (token >= size) {
            throw new ApiException(ApiError.field(
                    param,
                    "invalid_value",
                    "Invalid '" + param + "': token id " + token + " does not exist in model `" + model.id()
                            + "`, whose ids go from 0 to " + (size - 1) + "."));
        }
    }

    private ApiException tooLong(String param, String rest) {
        return new ApiException(ApiError.field(
                param,
                "context_length_exceeded",
                "This model's maximum context length is " + contextLength + " tokens. " + rest));
    }
}
