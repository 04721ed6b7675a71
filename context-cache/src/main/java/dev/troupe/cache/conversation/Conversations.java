package dev.troupe.cache.conversation;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The pool's conversations. A conversation belongs to a tenant; to every other it does not exist.
 *
 * <p>An implementation owes:
 * <ol>
 *   <li>No method blocks. Stages complete on any thread, exceptionally when the pool or the database behind it cannot do it; it is open then
 *       whether anything was written.
 *   <li>What an append has acknowledged is in two processes of a pool, or in the database where there is one.
 *   <li>A turn is one request's at a time. It goes to another request only after {@link #append}, {@link #abandon}, or half a minute in which
 *       nobody kept it; the earlier one's append is then refused.
 *   <li>An append is all or nothing, and the same request's second one writes nothing. It needs no memory of the process that began the
 *       turn: whoever finishes a request for another may append for it.
 * </ol>
 */
public interface Conversations {
    /** @param conversation whose id is new */
    CompletionStage<Void> create(Conversation conversation);

    CompletionStage<Optional<Conversation>> find(String tenant, String id);

    /** Asks for the next turn; the same request may ask again. */
    CompletionStage<Beginning> begin(String tenant, String id, String requestId);

    /** Says that the request still works on its turn; at least every ten seconds. */
    CompletionStage<Void> keep(String tenant, String id, String requestId);

    /** Appends and gives the turn back. */
    CompletionStage<Outcome> append(String tenant, String id, String requestId, List<Item> items);

    /** Gives the turn back; nothing is appended, then or later. */
    CompletionStage<Void> abandon(String tenant, String id, String requestId);

    /** @return whether there was one */
    CompletionStage<Boolean> delete(String tenant, String id);
}
