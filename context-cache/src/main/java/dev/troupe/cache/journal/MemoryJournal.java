package dev.troupe.cache.journal;

import dev.troupe.cache.journal.JournalCommand.Addition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** The journal in the memory of one process, for one thread: what tests and simulations share, and what outlives nobody. */
public final class MemoryJournal implements Journal {
    private final LongSupplier clock;
    private final Map<String, JournalSegment> segments = new HashMap<>();
    private final Map<String, Claim> claims = new HashMap<>();

    public MemoryJournal(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> open(StreamHead head, String owner, int term) {
        segments.computeIfAbsent(segment(head.streamId()), first -> new JournalSegment())
                .apply(new JournalCommand.Open(head, owner, term));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Appended> append(String owner, List<Addition> additions) {
        Appended all = Appended.ALL;
        for (Addition addition : additions) {
            JournalReply reply = apply(addition.streamId(), new JournalCommand.Append(owner, List.of(addition)));
            all = all.and(new Appended(reply.lost(), reply.missing()));
        }
        return CompletableFuture.completedStage(all);
    }

    @Override
    public CompletionStage<Boolean> close(
            String streamId, String owner, int term, List<Addition> rest, Outcome outcome) {
        JournalCommand close = new JournalCommand.Close(streamId, owner, term, rest, outcome, clock.getAsLong());
        return CompletableFuture.completedStage(apply(streamId, close).lost().isEmpty());
    }

    @Override
    public CompletionStage<Optional<JournaledStream>> cancel(String streamId, String tenant) {
        return first(apply(streamId, new JournalCommand.Cancel(streamId, tenant, clock.getAsLong())));
    }

    @Override
    public CompletionStage<Optional<JournaledStream>> read(String streamId, String tenant, List<Integer> from) {
        return first(apply(streamId, new JournalCommand.Read(streamId, tenant, from)));
    }

    private static CompletionStage<Optional<JournaledStream>> first(JournalReply reply) {
        return CompletableFuture.completedStage(reply.streams().stream().findFirst());
    }

    @Override
    public CompletionStage<Set<String>> owners() {
        Set<String> owners = new HashSet<>();
        segments.values()
                .forEach(segment ->
                        owners.addAll(segment.apply(new JournalCommand.Owners()).owners()));
        return CompletableFuture.completedStage(owners);
    }

    @Override
    public CompletionStage<List<JournaledStream>> takeOver(String from, String to) {
        List<JournaledStream> taken = new ArrayList<>();
        segments.values()
                .forEach(segment -> taken.addAll(
                        segment.apply(new JournalCommand.TakeOver(from, to)).streams()));
        return CompletableFuture.completedStage(taken);
    }

    @Override
    public CompletionStage<Claim> claim(String tenant, String key, Claim claim) {
        return CompletableFuture.completedStage(claims.computeIfAbsent(tenant + "\n" + key, free -> claim));
    }

    @Override
    public CompletionStage<Void> release(String tenant, String key, Claim claim) {
        claims.remove(tenant + "\n" + key, claim);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void prune() {
        segments.values().forEach(segment -> segment.apply(new JournalCommand.Prune(clock.getAsLong())));
        segments.values().removeIf(JournalSegment::isEmpty);
    }

    private JournalReply apply(String streamId, JournalCommand command) {
        return segments.getOrDefault(segment(streamId), new JournalSegment()).apply(command);
    }

    private static String segment(String streamId) {
        return StreamIds.segmentOf(streamId).orElse("none");
    }
}
