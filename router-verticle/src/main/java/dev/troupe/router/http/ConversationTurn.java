package dev.troupe.router.http;

import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Spoken;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.ApiRequest;
import dev.troupe.router.api.ChatRequest;
import dev.troupe.router.api.ChatTurn;
import dev.troupe.router.conversation.ConversationAccess;
import dev.troupe.router.conversation.TurnId;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.stream.Delta;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that goes on with a conversation: its answer is appended before the client hears that it has ended. */
final class ConversationTurn implements AfterAnswer {
    private static final Logger log = LoggerFactory.getLogger(ConversationTurn.class);

    private final ConversationAccess conversations;
    private final TurnId id;
    private final List<ChatTurn> messages;
    private final String fingerprint;
    private final StringBuilder answer = new StringBuilder();
    private Optional<Spoken> spoken = Optional.empty();
    private boolean over;

    private ConversationTurn(ConversationAccess conversations, TurnId id, List<ChatTurn> messages, String fingerprint) {
        this.conversations = conversations;
        this.id = id;
        this.messages = messages;
        this.fingerprint = fingerprint;
    }

    /** @return what has been said before; nothing for a request that names no conversation */
    static Future<List<Item>> begin(
            Optional<ConversationAccess> conversations, Exchange exchange, ApiRequest request, ServedModel model) {
        if (!(request instanceof ChatRequest chat) || chat.conversation().isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        if (conversations.isEmpty()) {
            return Future.failedFuture(new ApiException(ApiError.field(
                    "conversation",
                    "unsupported_parameter",
                    "Unsupported parameter: 'conversation' is not supported by this server.")));
        }
        ConversationAccess access = conversations.get();
        TurnId id = new TurnId(exchange.caller().name(), chat.conversation().get(), exchange.id());
        return access.beginTurn(id, chat.messages())
                .onSuccess(granted -> exchange.after(new ConversationTurn(
                        access, id, chat.messages(), model.card().fingerprint())))
                .map(Conversation::items);
    }

    /**
     * The turn of a request that another router has begun.
     *
     * @param said of the answer so far
     * @return completes in any case: without the turn the answer is told all the same
     */
    static Future<Void> resume(Optional<ConversationAccess> conversations, Exchange exchange, Told told, String said) {
        if (conversations.isEmpty() || told.conversation().isEmpty()) {
            return Future.succeededFuture();
        }
        ChatRequest chat = (ChatRequest) told.request();
        ConversationAccess access = conversations.get();
        TurnId id = new TurnId(told.head().tenant(), told.conversation().get(), exchange.id());
        ConversationTurn turn = new ConversationTurn(
                access, id, chat.messages(), told.model().card().fingerprint());
        turn.answer.append(said);
        return access.beginTurn(id, chat.messages())
                .onSuccess(granted -> exchange.after(turn))
                .onFailure(
                        failure -> log.warn("The turn of {} is not appended: {}", exchange.id(), failure.getMessage()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    @Override
    public void text(int choice, Delta delta) {
        answer.append(delta.text());
    }

    @Override
    public void spoken(int choice, TokenIds tokens) {
        spoken = Optional.of(new Spoken(fingerprint, tokens));
    }

    @Override
    public Future<Void> ended() {
        over = true;
        return conversations
                .appendTurn(id, messages, answer.toString(), spoken)
                .onFailure(failure -> conversations.abandon(id));
    }

    @Override
    public void abandoned() {
        // What has ended is appended, whether or not the client has waited for it.
        if (!over) {
            over = true;
            conversations.abandon(id);
        }
    }
}
