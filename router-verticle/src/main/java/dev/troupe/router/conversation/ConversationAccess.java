package dev.troupe.router.conversation;

import dev.troupe.cache.conversation.Beginning;
import dev.troupe.cache.conversation.Beginning.Busy;
import dev.troupe.cache.conversation.Beginning.Granted;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Conversations;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import dev.troupe.cache.conversation.Spoken;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.ChatTurn;
import dev.troupe.router.api.NewConversation;
import dev.troupe.router.api.NewItem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a router does with conversations. Every future completes on the event loop, and fails with {@link ApiException}. */
public final class ConversationAccess {
    private static final Logger log = LoggerFactory.getLogger(ConversationAccess.class);
    private static final Pattern ID = Pattern.compile("conv_[0-9a-f]{48}");
    private static final long KEEP_MILLIS = 5_000;
    private static final int RETRY_SECONDS = 1;

    private final Vertx vertx;
    private final Conversations pool;
    private final Set<TurnId> turns = new HashSet<>();

    /** Keeps the turns that are begun here until they are over. */
    public ConversationAccess(Vertx vertx, Conversations pool) {
        this.vertx = vertx;
        this.pool = pool;
        vertx.setPeriodic(KEEP_MILLIS, timer -> List.copyOf(turns).forEach(this::keep));
    }

    public Future<Conversation> create(String tenant, NewConversation wanted) {
        String id = Items.name("conv_");
        List<Item> items = Items.of(id, wanted.items());
        try {
            checkRoom(List.of(), items);
        } catch (ApiException e) {
            return Future.failedFuture(e);
        }
        Conversation conversation =
                new Conversation(id, tenant, Instant.now().getEpochSecond(), wanted.metadata(), 0, items);
        return ask(() -> pool.create(conversation)).map(conversation);
    }

    public Future<Conversation> find(String tenant, String id) {
        return known(id)
                .compose(known -> ask(() -> pool.find(tenant, id)))
                .map(found -> found.orElseThrow(() -> new ApiException(ApiError.unknownConversation(id))));
    }

    public Future<Void> delete(String tenant, String id) {
        return known(id).compose(known -> ask(() -> pool.delete(tenant, id))).map(deleted -> {
            if (!deleted) {
                throw new ApiException(ApiError.unknownConversation(id));
            }
            return null;
        });
    }

    /** Adds items as a turn of their own. @return them */
    public Future<List<Item>> add(String tenant, String id, List<NewItem> wanted) {
        TurnId turn = new TurnId(tenant, id, Items.name("add_"));
        List<Item> items = Items.of(turn.requestId(), wanted);
        return begin(turn, items).compose(before -> append(turn, items)).map(items);
    }

    /**
     * Takes the next turn, which is to be ended with {@link #append} or {@link #abandon}.
     *
     * @param messages that will be appended, if it goes well
     * @return what has been said so far; fails with 409 when another request has the turn
     */
    public Future<Conversation> beginTurn(TurnId turn, List<ChatTurn> messages) {
        return begin(turn, Items.turn(turn.requestId(), messages, "", Optional.empty()));
    }

    private Future<Conversation> begin(TurnId turn, List<Item> items) {
        String id = turn.conversationId();
        return known(id)
                .compose(known -> ask(() -> pool.begin(turn.tenant(), id, turn.requestId())))
                .map(beginning -> granted(turn, beginning))
                .map(conversation -> {
                    turns.add(turn);
                    checkRoom(conversation.items(), items);
                    return conversation;
                })
                .onFailure(failure -> abandon(turn));
    }

    private static Conversation granted(TurnId turn, Beginning beginning) {
        String id = turn.conversationId();
        if (beginning instanceof Granted granted) {
            return granted.conversation();
        }
        throw new ApiException(
                beginning instanceof Busy
                        ? ApiError.conversationBusy(id, RETRY_SECONDS)
                        : ApiError.unknownConversation(id));
    }

    /**
     * Appends what was asked and answered, and ends the turn. Any router may do it, and do it again: it is written once.
     *
     * @param spoken the answer's tokens, where they are known
     */
    public Future<Void> appendTurn(TurnId turn, List<ChatTurn> messages, String answer, Optional<Spoken> spoken) {
        return append(turn, Items.turn(turn.requestId(), messages, answer, spoken));
    }

    private Future<Void> append(TurnId turn, List<Item> items) {
        return ask(() -> pool.append(turn.tenant(), turn.conversationId(), turn.requestId(), items))
                .onSuccess(outcome -> turns.remove(turn))
                .map(outcome -> {
                    if (outcome == Outcome.SUPERSEDED) {
                        throw new ApiException(ApiError.conversationBusy(turn.conversationId(), RETRY_SECONDS));
                    }
                    // Of one that was deleted meanwhile nobody wants to know more.
                    return null;
                });
    }

    /** Ends a turn, if it is one, with nothing appended. */
    public void abandon(TurnId turn) {
        turns.remove(turn);
        ask(() -> pool.abandon(turn.tenant(), turn.conversationId(), turn.requestId()));
    }

    private void keep(TurnId turn) {
        ask(() -> pool.keep(turn.tenant(), turn.conversationId(), turn.requestId()));
    }

    private static void checkRoom(List<Item> before, List<Item> more) {
        long items = (long) before.size() + more.size();
        long bytes = Conversation.bytes(before) + Conversation.bytes(more);
        if (items > Conversation.MAX_ITEMS || bytes > Conversation.MAX_BYTES) {
            throw new ApiException(
                    ApiError.conversationFull(items, Conversation.MAX_ITEMS, bytes, Conversation.MAX_BYTES));
        }
    }

    /** An id that we never gave needs no look. */
    private static Future<Void> known(String id) {
        return ID.matcher(id).matches()
                ? Future.succeededFuture()
                : Future.failedFuture(new ApiException(ApiError.unknownConversation(id)));
    }

    private <T> Future<T> ask(Supplier<CompletionStage<T>> question) {
        CompletionStage<T> answer;
        try {
            answer = question.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(unavailable(e)); // Hazelcast is going down
        }
        return Future.fromCompletionStage(answer, vertx.getOrCreateContext())
                .recover(failure -> Future.failedFuture(unavailable(failure)));
    }

    private static ApiException unavailable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        log.error("Conversations cannot be reached: {}", cause.toString());
        return new ApiException(ApiError.unavailable(
                "conversations_unavailable",
                "Conversations cannot be read or written now. Please try again later.",
                RETRY_SECONDS));
    }
}
