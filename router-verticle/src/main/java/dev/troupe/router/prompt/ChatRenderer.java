package dev.troupe.router.prompt;

import dev.troupe.router.api.ChatTurn;
import java.util.List;

/** Writes a conversation as the model was trained to read it, up to where its answer begins. */
@FunctionalInterface
public interface ChatRenderer {
    /** @throws dev.troupe.router.api.ApiException when the model's template refuses the conversation */
    String render(List<ChatTurn> messages);
}
