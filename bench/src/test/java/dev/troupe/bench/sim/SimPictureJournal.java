package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.Headway;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cache.picture.MemoryPictureJournal;
import dev.troupe.cache.picture.PictureEntry.Verdict;
import dev.troupe.cache.picture.PictureHead;
import dev.troupe.cache.picture.PictureJournal;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The journal of pictures behind what a cluster does to it: a call takes its time, some take seconds, and then it may be done twice. */
final class SimPictureJournal implements PictureJournal {
    private static final int STALL_MILLIS = 3_000;

    private final SimNetwork network;
    private final Random random;
    private final double stalls;
    private final MemoryPictureJournal journal = new MemoryPictureJournal();

    SimPictureJournal(SimNetwork network, Random random, double stalls) {
        this.network = network;
        this.random = random;
        this.stalls = stalls;
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
    public CompletionStage<Verdict> open(PictureHead head, String owner, int term, Headway headway) {
        return later(() -> journal.open(head, owner, term, headway));
    }

    @Override
    public CompletionStage<Verdict> advance(String id, String owner, int term, Headway headway) {
        return later(() -> journal.advance(id, owner, term, headway));
    }

    @Override
    public CompletionStage<Verdict> seal(String id, String owner, int term) {
        return later(() -> journal.seal(id, owner, term));
    }

    @Override
    public CompletionStage<Verdict> close(String id, String owner, int term, Outcome outcome) {
        return later(() -> journal.close(id, owner, term, outcome));
    }

    @Override
    public CompletionStage<Verdict> withdraw(String id, String owner, int term) {
        return later(() -> journal.withdraw(id, owner, term));
    }

    @Override
    public CompletionStage<Optional<JournaledPicture>> cancel(String id, String tenant) {
        return later(() -> journal.cancel(id, tenant));
    }

    @Override
    public CompletionStage<Optional<JournaledPicture>> read(String id, String tenant) {
        return later(() -> journal.read(id, tenant));
    }

    @Override
    public CompletionStage<Set<String>> owners() {
        return later(journal::owners);
    }

    @Override
    public CompletionStage<List<JournaledPicture>> takeOver(String from, String to) {
        return later(() -> journal.takeOver(from, to));
    }

    /** What is there at this very moment, for the examiner. */
    List<JournaledPicture> all() {
        return journal.all();
    }
}
