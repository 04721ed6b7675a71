package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cache.journal.Journal;
import dev.troupe.cache.journal.JournalCommand.Addition;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.MemoryJournal;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamHead;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The journal's real state machine behind what a cluster does to it: a call takes its time, some take seconds while a member is dying, and
 * then it may be done twice. It loses nothing, which is what the copy is for.
 */
final class SimJournal implements Journal {
    private static final int STALL_MILLIS = 3_000;

    private final SimNetwork network;
    private final Random random;
    private final double stalls;
    private final MemoryJournal journal;

    SimJournal(SimNetwork network, Random random, double stalls) {
        this.network = network;
        this.random = random;
        this.stalls = stalls;
        this.journal = new MemoryJournal(network::now);
    }

    private <T> CompletionStage<T> later(Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean stalled = random.nextDouble() < stalls;
        network.at(stalled ? random.nextInt(STALL_MILLIS) : random.nextInt(2), () -> {
            CompletionStage<T> done = call.get();
            CompletionStage<T> told = stalled && random.nextBoolean() ? call.get() : done;
            network.at(random.nextInt(2), () -> told.thenAccept(answer::complete));
        });
        return answer;
    }

    @Override
    public CompletionStage<Void> open(StreamHead head, String owner, int term) {
        return later(() -> journal.open(head, owner, term));
    }

    @Override
    public CompletionStage<Appended> append(String owner, List<Addition> additions) {
        return later(() -> journal.append(owner, additions));
    }

    @Override
    public CompletionStage<Boolean> close(
            String streamId, String owner, int term, List<Addition> rest, Outcome outcome) {
        return later(() -> journal.close(streamId, owner, term, rest, outcome));
    }

    @Override
    public CompletionStage<Optional<JournaledStream>> cancel(String streamId, String tenant) {
        return later(() -> journal.cancel(streamId, tenant));
    }

    @Override
    public CompletionStage<Optional<JournaledStream>> read(String streamId, String tenant, List<Integer> from) {
        return later(() -> journal.read(streamId, tenant, from));
    }

    /** What is there at this very moment, for the examiner. */
    Optional<JournaledStream> look(String streamId, String tenant) {
        return journal.read(streamId, tenant, List.of()).toCompletableFuture().join();
    }

    @Override
    public CompletionStage<Set<String>> owners() {
        return later(journal::owners);
    }

    @Override
    public CompletionStage<List<JournaledStream>> takeOver(String from, String to) {
        return later(() -> journal.takeOver(from, to));
    }

    @Override
    public CompletionStage<Claim> claim(String tenant, String key, Claim claim) {
        return later(() -> journal.claim(tenant, key, claim));
    }

    @Override
    public CompletionStage<Void> release(String tenant, String key, Claim claim) {
        return later(() -> journal.release(tenant, key, claim));
    }

    @Override
    public void prune() {
        journal.prune();
    }
}
