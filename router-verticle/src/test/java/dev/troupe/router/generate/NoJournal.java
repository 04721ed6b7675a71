package dev.troupe.router.generate;

import dev.troupe.cache.journal.Journal;
import dev.troupe.cache.journal.JournalCommand.Addition;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamHead;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says at once that all is written down. */
final class NoJournal implements Journal {
    @Override
    public CompletionStage<Void> open(StreamHead head, String owner, int term) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Appended> append(String owner, List<Addition> additions) {
        return CompletableFuture.completedStage(Appended.ALL);
    }

    @Override
    public CompletionStage<Boolean> close(
            String streamId, String owner, int term, List<Addition> rest, Outcome outcome) {
        return CompletableFuture.completedStage(true);
    }

    @Override
    public CompletionStage<Optional<JournaledStream>> cancel(String streamId, String tenant) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<Optional<JournaledStream>> read(String streamId, String tenant, List<Integer> from) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<Set<String>> owners() {
        return CompletableFuture.completedStage(Set.of());
    }

    @Override
    public CompletionStage<List<JournaledStream>> takeOver(String from, String to) {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<Claim> claim(String tenant, String key, Claim claim) {
        return CompletableFuture.completedStage(claim);
    }

    @Override
    public CompletionStage<Void> release(String tenant, String key, Claim claim) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void prune() {}
}
