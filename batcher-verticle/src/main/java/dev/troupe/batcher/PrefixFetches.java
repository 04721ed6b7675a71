package dev.troupe.batcher;

import dev.troupe.cache.shared.FetchEstimate;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which waiting sequence hopes for which prefix from the pool. Sequences that miss the same chunk first share one fetch. Nobody waits
 * longer than computing would take.
 */
final class PrefixFetches {
    /** Shorter than a worker keeps what nobody imports. */
    private static final long MOST_AGE_MILLIS = 10_000;

    private final long incarnation;
    private final SharingConfig config;
    private final FetchEstimate estimate = new FetchEstimate();
    private final Map<FirstChunk, Asked> asked = new HashMap<>();
    private final Map<Sequence, Hope> hopes = new HashMap<>();
    private final List<PrefixFetch> outbox = new ArrayList<>();
    private final List<Arrived> arrived = new ArrayList<>();
    private long lastId;

    /** The first that is missing, which names a fetch: with all tokens before it. */
    private record FirstChunk(String tenant, TokenIds prefix) {
        static FirstChunk of(PrefixFetch fetch) {
            return new FirstChunk(fetch.tenant(), fetch.prefix().slice(0, fetch.fromToken() + KvCopy.CHUNK_TOKENS));
        }
    }

    private record Asked(PrefixFetch message, long atMillis) {}

    private record Hope(PrefixFetch fetch, long untilMillis) {}

    /** What is ready on the worker up to {@code tokens}. */
    record Arrived(PrefixFetch fetch, int tokens, long askedAtMillis) {}

    PrefixFetches(long incarnation, SharingConfig config) {
        this.incarnation = incarnation;
        this.config = config;
    }

    /**
     * Asks the pool for what a sequence would have to compute, where that promises to be faster.
     *
     * @param cached tokens of it that this replica has
     * @param room tokens that the cache could hold
     */
    void consider(Sequence sequence, int cached, int room, long nowMillis) {
        int from = wholeChunks(cached);
        // The last token is always computed.
        int end = Math.min(wholeChunks(Math.min(sequence.length() - 1, room)), from + wholeChunks(config.mostTokens()));
        if (end <= from || !estimate.isWorthFetching(end - from)) {
            return;
        }
        PrefixFetch wish = new PrefixFetch(incarnation, lastId + 1, sequence.tenant(), sequence.firstTokens(end), from);
        Asked fetch = asked.computeIfAbsent(FirstChunk.of(wish), first -> {
            lastId++;
            outbox.add(wish);
            return new Asked(wish, nowMillis);
        });
        long patience = Math.min(config.mostWaitMillis(), Math.max(1, (long) estimate.computeMillis(end - from)));
        hopes.put(sequence, new Hope(fetch.message, nowMillis + patience));
    }

    private static int wholeChunks(int tokens) {
        return tokens / KvCopy.CHUNK_TOKENS * KvCopy.CHUNK_TOKENS;
    }

    boolean holdUp(Sequence sequence, long nowMillis) {
        Hope hope = hopes.get(sequence);
        return hope != null && nowMillis < hope.untilMillis;
    }

    /** It runs, or it has ended. */
    void noLongerWaits(Sequence sequence) {
        hopes.remove(sequence);
    }

    /** @return how long it took; empty for an answer that is too late, or cannot be right */
    OptionalLong fetched(PrefixFetch fetch, int tokens, long nowMillis) {
        if (tokens < fetch.fromToken() || tokens > fetch.prefix().size()) {
            failed(fetch, nowMillis);
            return OptionalLong.empty();
        }
        Optional<Asked> question = answered(fetch);
        if (question.isEmpty()) {
            return OptionalLong.empty();
        }
        long millis = nowMillis - question.get().atMillis;
        estimate.fetched(tokens - fetch.fromToken(), (double) millis);
        boolean wanted = hopes.values().removeIf(hope -> hope.fetch.id() == fetch.id());
        if (wanted && tokens > fetch.fromToken()) {
            arrived.add(new Arrived(fetch, tokens, question.get().atMillis));
        }
        return OptionalLong.of(millis);
    }

    /** Nothing came. Only how long it took not to come is a measurement: a worker that is away says at once that it is. */
    void failed(PrefixFetch fetch, long nowMillis) {
        answered(fetch).ifPresent(question -> {
            int tokens = fetch.prefix().size() - fetch.fromToken();
            double millis = nowMillis - question.atMillis;
            if (millis > estimate.computeMillis(tokens)) {
                estimate.fetched(tokens, millis);
            }
            hopes.values().removeIf(hope -> hope.fetch.id() == fetch.id());
        });
    }

    /** @return the question, unless it has been answered or forgotten */
    private Optional<Asked> answered(PrefixFetch fetch) {
        FirstChunk first = FirstChunk.of(fetch);
        Optional<Asked> question = Optional.ofNullable(asked.get(first)).filter(open -> open.message.equals(fetch));
        question.ifPresent(open -> asked.remove(first));
        return question;
    }

    /** Prompts went through the model. */
    void computed(int tokens, double millis) {
        estimate.computed(tokens, millis);
    }

    List<PrefixFetch> takeOutbox() {
        List<PrefixFetch> taken = List.copyOf(outbox);
        outbox.clear();
        return taken;
    }

    /** What the next plan may import. */
    List<Arrived> takeArrived(long nowMillis) {
        List<Arrived> taken = arrived.stream()
                .filter(one -> nowMillis - one.askedAtMillis < MOST_AGE_MILLIS)
                .toList();
        arrived.clear();
        return taken;
    }

    /** The worker may be another: nothing is on its way any more, and answers that come are too late. */
    void forget() {
        asked.clear();
        hopes.clear();
        outbox.clear();
        arrived.clear();
    }
}
