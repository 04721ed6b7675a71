package dev.troupe.cache.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.Headway;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cache.picture.PictureCommand;
import dev.troupe.cache.picture.PictureEntry;
import dev.troupe.cache.picture.PictureEntry.Verdict;
import dev.troupe.cache.picture.PictureHead;
import dev.troupe.cache.picture.PictureJournal;
import dev.troupe.cluster.Maps;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The journal on Hazelcast: an order an entry, changed in place by entry processors and copied to one other member before they answer. */
public final class HazelcastPictureJournal implements PictureJournal {
    private final IMap<String, PictureValue> orders;
    private final Executor executor;

    /** @param executor for what Hazelcast can only do while a thread waits; seldom */
    public HazelcastPictureJournal(HazelcastInstance hazelcast, Executor executor) {
        this.orders = hazelcast.getMap(Maps.PICTURE_ORDERS);
        this.executor = executor;
    }

    @Override
    public CompletionStage<Verdict> open(PictureHead head, String owner, int term, Headway headway) {
        return verdict(head.id(), new PictureCommand.Open(head, owner, term, headway));
    }

    @Override
    public CompletionStage<Verdict> advance(String id, String owner, int term, Headway headway) {
        return verdict(id, new PictureCommand.Advance(owner, term, headway));
    }

    @Override
    public CompletionStage<Verdict> seal(String id, String owner, int term) {
        return verdict(id, new PictureCommand.Seal(owner, term));
    }

    @Override
    public CompletionStage<Verdict> close(String id, String owner, int term, Outcome outcome) {
        return verdict(id, new PictureCommand.Close(owner, term, outcome));
    }

    @Override
    public CompletionStage<Verdict> withdraw(String id, String owner, int term) {
        return verdict(id, new PictureCommand.Withdraw(owner, term));
    }

    @Override
    public CompletionStage<Optional<JournaledPicture>> cancel(String id, String tenant) {
        return submit(id, new PictureCommand.Cancel(tenant)).thenApply(PictureEntry.Result::now);
    }

    @Override
    public CompletionStage<Optional<JournaledPicture>> read(String id, String tenant) {
        return Replies.of(orders.getAsync(id)).thenApply(value -> Optional.ofNullable(value)
                .map(PictureValue::picture)
                .filter(order -> order.head().tenant().equals(tenant)));
    }

    @Override
    public CompletionStage<Set<String>> owners() {
        return CompletableFuture.supplyAsync(
                () -> new HashSet<>(
                        orders.<String>executeOnEntries(new PictureOwner()).values()),
                executor);
    }

    /** One by one in any order, so that routers that do it at the same time each get some. */
    @Override
    public CompletionStage<List<JournaledPicture>> takeOver(String from, String to) {
        return CompletableFuture.supplyAsync(() -> new ArrayList<>(orders.keySet()), executor)
                .thenCompose(ids -> {
                    Collections.shuffle(ids);
                    CompletionStage<List<JournaledPicture>> taken = CompletableFuture.completedStage(new ArrayList<>());
                    for (String id : ids) {
                        taken = taken.thenCombine(
                                submit(id, new PictureCommand.TakeOver(from, to)), HazelcastPictureJournal::with);
                    }
                    return taken;
                });
    }

    private static List<JournaledPicture> with(List<JournaledPicture> taken, PictureEntry.Result result) {
        if (result.verdict() == Verdict.DONE) {
            result.now().ifPresent(taken::add);
        }
        return taken;
    }

    private CompletionStage<Verdict> verdict(String id, PictureCommand command) {
        return submit(id, command).thenApply(PictureEntry.Result::verdict);
    }

    private CompletionStage<PictureEntry.Result> submit(String id, PictureCommand command) {
        return Replies.of(orders.submitToKey(id, new PictureUpdate(command)))
                .thenApply(bytes -> PictureWire.decode(bytes, PictureUpdate::result));
    }
}
