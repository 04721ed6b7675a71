package dev.troupe.cache.journal;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Where accepted requests are written down. Every method returns at once; a stage completes on any thread, when what was asked is done and
 * copied, so that one process may die. What is done twice is as done once.
 */
public interface Journal {
    /**
     * What must hold before anybody is told that the request is accepted.
     *
     * @param term of its owner: 1, or more when the journal has lost it
     */
    CompletionStage<Void> open(StreamHead head, String owner, int term);

    /** Adds tokens. What is {@code missing} was lost with the processes that had it, and its owner must {@link #open} it again. */
    CompletionStage<Appended> append(String owner, List<JournalCommand.Addition> additions);

    /**
     * What could not be added to.
     *
     * @param taken requests that are not the owner's any more, or over
     * @param missing requests of which the journal has nothing
     */
    record Appended(Set<String> taken, Set<String> missing) {
        public static final Appended ALL = new Appended(Set.of(), Set.of());

        public Appended {
            taken = Set.copyOf(taken);
            missing = Set.copyOf(missing);
        }

        /** @return both together */
        public Appended and(Appended more) {
            if (more.taken.isEmpty() && more.missing.isEmpty()) {
                return this;
            }
            Set<String> bothTaken = new HashSet<>(taken);
            bothTaken.addAll(more.taken);
            Set<String> bothMissing = new HashSet<>(missing);
            bothMissing.addAll(more.missing);
            return new Appended(bothTaken, bothMissing);
        }
    }

    /**
     * The request has ended.
     *
     * @param rest of its tokens, as far as {@link #append} may not have them yet
     * @return false when the request is not {@code owner}'s any more
     */
    CompletionStage<Boolean> close(
            String streamId, String owner, int term, List<JournalCommand.Addition> rest, Outcome outcome);

    /** @return the request as it is then, over; empty when the tenant has none of that name */
    CompletionStage<Optional<JournaledStream>> cancel(String streamId, String tenant);

    /** @param from by choice, how many tokens are known already */
    CompletionStage<Optional<JournaledStream>> read(String streamId, String tenant, List<Integer> from);

    /** @return routers that work on something, dead or alive */
    CompletionStage<Set<String>> owners();

    /** @return requests that were {@code from}'s and are {@code to}'s now; several routers that ask at once share them */
    CompletionStage<List<JournaledStream>> takeOver(String from, String to);

    /**
     * Binds a name that a client has given its request, for as long as answers are kept.
     *
     * @return what is bound to the name: what was before, or now {@code claim}
     */
    CompletionStage<Claim> claim(String tenant, String key, Claim claim);

    /** The request never came to be: its name is free, if it is still bound to {@code claim}. */
    CompletionStage<Void> release(String tenant, String key, Claim claim);

    /** Forgets what has been kept long enough. */
    void prune();

    /**
     * What a client's name for a request is bound to.
     *
     * @param bodyHash of the request, which must be the same each time
     */
    record Claim(String streamId, String bodyHash) {}
}
