package dev.troupe.cache.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.troupe.cache.journal.Journal;
import dev.troupe.cache.journal.JournalCommand;
import dev.troupe.cache.journal.JournalCommand.Addition;
import dev.troupe.cache.journal.JournalReply;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.cache.journal.StreamIds;
import dev.troupe.cluster.Maps;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The journal on Hazelcast: a segment an entry, changed in place by entry processors and copied to one other member before they answer. */
public final class HazelcastJournal implements Journal {
    private static final String PARTING = "\n";

    private final IMap<String, SegmentValue> segments;
    private final IMap<String, String> claims;
    private final Executor executor;
    private final LongSupplier wallClock;

    /**
     * @param executor for what Hazelcast can only do while a thread waits; seldom
     * @param wallClock milliseconds since 1970
     */
    public HazelcastJournal(HazelcastInstance hazelcast, Executor executor, LongSupplier wallClock) {
        this.segments = hazelcast.getMap(Maps.JOURNAL);
        this.claims = hazelcast.getMap(Maps.CLAIMS);
        this.executor = executor;
        this.wallClock = wallClock;
    }

    @Override
    public CompletionStage<Void> open(StreamHead head, String owner, int term) {
        return update(head.streamId(), new JournalCommand.Open(head, owner, term))
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<Appended> append(String owner, List<Addition> additions) {
        Map<String, List<Addition>> bySegment = new LinkedHashMap<>();
        additions.forEach(addition -> bySegment
                .computeIfAbsent(segment(addition.streamId()), first -> new ArrayList<>())
                .add(addition));
        CompletionStage<Appended> all = CompletableFuture.completedStage(Appended.ALL);
        for (Map.Entry<String, List<Addition>> one : bySegment.entrySet()) {
            all = all.thenCombine(
                    submit(one.getKey(), new SegmentUpdate(new JournalCommand.Append(owner, one.getValue()))),
                    (before, reply) -> before.and(new Appended(reply.lost(), reply.missing())));
        }
        return all;
    }

    @Override
    public CompletionStage<Boolean> close(
            String streamId, String owner, int term, List<Addition> rest, Outcome outcome) {
        return update(streamId, new JournalCommand.Close(streamId, owner, term, rest, outcome, wallClock.getAsLong()))
                .thenApply(reply -> reply.lost().isEmpty());
    }

    @Override
    public CompletionStage<Optional<JournaledStream>> cancel(String streamId, String tenant) {
        return update(streamId, new JournalCommand.Cancel(streamId, tenant, wallClock.getAsLong()))
                .thenApply(reply -> reply.streams().stream().findFirst());
    }

    @Override
    public CompletionStage<Optional<JournaledStream>> read(String streamId, String tenant, List<Integer> from) {
        SegmentQuery query = new SegmentQuery(new JournalCommand.Read(streamId, tenant, from));
        return Replies.of(segments.submitToKey(segment(streamId), query))
                .thenApply(bytes ->
                        JournalCodec.decodeReply(bytes).streams().stream().findFirst());
    }

    @Override
    public CompletionStage<Set<String>> owners() {
        SegmentQuery query = new SegmentQuery(new JournalCommand.Owners());
        return CompletableFuture.supplyAsync(
                () -> {
                    Set<String> owners = new HashSet<>();
                    segments.executeOnEntries(query)
                            .values()
                            .forEach(bytes -> owners.addAll(
                                    JournalCodec.decodeReply(bytes).owners()));
                    return owners;
                },
                executor);
    }

    /** Segment by segment in any order, so that routers that do it at the same time each get some. */
    @Override
    public CompletionStage<List<JournaledStream>> takeOver(String from, String to) {
        return CompletableFuture.supplyAsync(() -> new ArrayList<>(segments.keySet()), executor)
                .thenCompose(keys -> {
                    Collections.shuffle(keys);
                    CompletionStage<List<JournaledStream>> taken = CompletableFuture.completedStage(List.of());
                    for (String key : keys) {
                        taken = taken.thenCombine(
                                submit(key, new SegmentUpdate(new JournalCommand.TakeOver(from, to))),
                                (before, reply) -> concat(before, reply.streams()));
                    }
                    return taken;
                });
    }

    private static List<JournaledStream> concat(List<JournaledStream> some, List<JournaledStream> more) {
        if (more.isEmpty()) {
            return some;
        }
        List<JournaledStream> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    @Override
    public CompletionStage<Claim> claim(String tenant, String key, Claim claim) {
        return Replies.of(claims.submitToKey(name(tenant, key), new ClaimUpdate(text(claim), false)))
                .thenApply(HazelcastJournal::claim);
    }

    @Override
    public CompletionStage<Void> release(String tenant, String key, Claim claim) {
        return Replies.of(claims.submitToKey(name(tenant, key), new ClaimUpdate(text(claim), true)))
                .thenApply(done -> null);
    }

    @Override
    public void prune() {
        executor.execute(() -> segments.localKeySet()
                .forEach(key ->
                        segments.submitToKey(key, new SegmentUpdate(new JournalCommand.Prune(wallClock.getAsLong())))));
    }

    private CompletionStage<JournalReply> update(String streamId, JournalCommand command) {
        return submit(segment(streamId), new SegmentUpdate(command));
    }

    private CompletionStage<JournalReply> submit(String key, SegmentUpdate update) {
        return Replies.of(segments.submitToKey(key, update)).thenApply(JournalCodec::decodeReply);
    }

    /** A name that is none of ours lies nowhere, and so nothing is found there. */
    private static String segment(String streamId) {
        return StreamIds.segmentOf(streamId).orElse("none");
    }

    /** The length parts them, whatever characters there are. */
    private static String name(String tenant, String key) {
        return tenant.length() + ":" + tenant + key;
    }

    private static String text(Claim claim) {
        return claim.streamId() + PARTING + claim.bodyHash();
    }

    private static Claim claim(String text) {
        int end = text.indexOf(PARTING);
        return new Claim(text.substring(0, end), text.substring(end + 1));
    }
}
