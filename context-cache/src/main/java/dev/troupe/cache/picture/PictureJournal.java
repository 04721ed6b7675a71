package dev.troupe.cache.picture;

import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.PictureEntry.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Where accepted orders are written down. Every method returns at once; a stage completes on any thread, when what was asked is done and
 * copied, so that one process may die. What is done twice is as done once. Ends are kept for an hour.
 */
public interface PictureJournal {
    /**
     * What must hold before a replica hears of it.
     *
     * @param term of its owner: 1, or more when the journal has lost it
     */
    CompletionStage<Verdict> open(PictureHead head, String owner, int term, Headway headway);

    /** Written seldom: when a replica takes it, at its checkpoints, when it moves. */
    CompletionStage<Verdict> advance(String id, String owner, int term, Headway headway);

    /** What must hold before the picture is kept; from then on it cannot be cancelled. */
    CompletionStage<Verdict> seal(String id, String owner, int term);

    /** It has ended. */
    CompletionStage<Verdict> close(String id, String owner, int term, Outcome outcome);

    /** It never began, and whoever asked is told so. */
    CompletionStage<Verdict> withdraw(String id, String owner, int term);

    /** @return the order as it is then, whether that ended it or it was too late; empty when the tenant has none of that id */
    CompletionStage<Optional<JournaledPicture>> cancel(String id, String tenant);

    /** @return empty when the tenant has none of that id */
    CompletionStage<Optional<JournaledPicture>> read(String id, String tenant);

    /** @return routers that work on something, dead or alive */
    CompletionStage<Set<String>> owners();

    /** @return orders that were {@code from}'s and are {@code to}'s now; several routers that ask at once share them */
    CompletionStage<List<JournaledPicture>> takeOver(String from, String to);
}
