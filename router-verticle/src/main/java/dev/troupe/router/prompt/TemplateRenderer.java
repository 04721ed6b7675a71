package dev.troupe.router.prompt;

import dev.troupe.models.chat.ChatMessage;
import dev.troupe.models.chat.ChatOptions;
import dev.troupe.models.chat.ChatTemplate;
import dev.troupe.models.chat.ChatTemplateException;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.ChatTurn;
import java.util.List;
import java.util.Optional;

/** Renders with the model's own template. */
record TemplateRenderer(ChatTemplate template) implements ChatRenderer {
    @Override
    public String render(List<ChatTurn> messages) {
        List<ChatMessage> turns =
                messages.stream().map(TemplateRenderer::message).toList();
        try {
            return template.render(turns, ChatOptions.ANSWER);
        } catch (ChatTemplateException e) {
            throw new ApiException(
                    e.refusedByTemplate()
                            ? ApiError.field(
                                    "messages",
                                    "invalid_value",
                                    "The model's chat template refuses these messages: " + e.getMessage())
                            : ApiError.internal(
                                    "chat_template_failed", "The model's chat template failed: " + e.getMessage()));
        }
    }

    private static ChatMessage message(ChatTurn turn) {
        return new ChatMessage(turn.role(), turn.content(), turn.name(), Optional.empty(), List.of());
    }
}
