package dev.troupe.worker;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.cluster.message.TokenRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Tokens that a router has not acknowledged, and how each stream ended. A stream is forgotten a minute after it has ended
 * or lost its sequence. Times are milliseconds of any clock that does not go back. Not thread-safe.
 */
final class Outbox {
    static final long KEEP_MILLIS = 60_000;

    private final Map<StreamKey, Stream> streams = new HashMap<>();

    private static final class Stream {
        private final int cachedTokens;
        private int first;
        private final List<Integer> tokens = new ArrayList<>();
        private final List<TokenLogprobs> logprobs = new ArrayList<>();
        private Optional<FinishReason> finish = Optional.empty();
        private long closedAt = Long.MAX_VALUE;

        private Stream(int cachedTokens, int first) {
            this.cachedTokens = cachedTokens;
            this.first = first;
        }

        private int end() {
            return first + tokens.size();
        }
    }

    /**
     * A sequence starts, or starts over: what was sent of it before stays what it is.
     *
     * @param generated tokens that another worker made, which a router may still miss; to be empty where they should come
     *     with log-probabilities, which died with that worker
     * @param first index of the first of them
     */
    void open(StreamKey key, int cachedTokens, int first, TokenIds generated) {
        Stream stream = streams.computeIfAbsent(key, absent -> {
            Stream fresh = new Stream(cachedTokens, first);
            for (int i = 0; i < generated.size(); i++) {
                fresh.tokens.add(generated.get(i));
            }
            return fresh;
        });
        stream.closedAt = Long.MAX_VALUE;
    }

    /** The token at an index, when it was already sent: it must never be another one. */
    OptionalInt sent(StreamKey key, int index) {
        Stream stream = streams.get(key);
        boolean known = stream != null && index >= stream.first && index < stream.end();
        return known ? OptionalInt.of(stream.tokens.get(index - stream.first)) : OptionalInt.empty();
    }

    /** Keeps a new token. One that was already sent is not kept twice. */
    void add(StreamKey key, int index, int token, Optional<TokenLogprobs> logprobs) {
        Stream stream = streams.get(key);
        if (stream != null && index == stream.end()) {
            stream.tokens.add(token);
            logprobs.ifPresent(stream.logprobs::add);
        }
    }

    /** The stream has its last token. */
    void finish(StreamKey key, FinishReason reason, long now) {
        Stream stream = streams.get(key);
        if (stream != null && stream.finish.isEmpty()) {
            stream.finish = Optional.of(reason);
        }
        close(key, now);
    }

    /** The sequence has left; the stream is kept for a while. */
    void close(StreamKey key, long now) {
        Stream stream = streams.get(key);
        if (stream != null) {
            stream.closedAt = Math.min(stream.closedAt, now);
        }
    }

    /** Every sequence has left. */
    void closeAll(long now) {
        streams.values().forEach(stream -> stream.closedAt = Math.min(stream.closedAt, now));
    }

    /** Drops what the router holds. */
    void acknowledge(StreamAck ack) {
        Stream stream = streams.get(new StreamKey(ack.attempt(), ack.choice()));
        if (stream == null) {
            return;
        }
        int drop = Math.min(ack.received() - stream.first, stream.tokens.size());
        if (drop > 0) {
            stream.tokens.subList(0, drop).clear();
            stream.logprobs.subList(0, Math.min(drop, stream.logprobs.size())).clear();
            stream.first += drop;
        }
    }

    /** Tokens from an index on, with the end if it is known; empty when there is nothing to say. */
    Optional<TokenRun> run(StreamKey key, int from) {
        Stream stream = streams.get(key);
        if (stream == null) {
            return Optional.empty();
        }
        int skip = Math.min(Math.max(0, from - stream.first), stream.tokens.size());
        var tokens = stream.tokens.subList(skip, stream.tokens.size());
        if (tokens.isEmpty() && stream.finish.isEmpty()) {
            return Optional.empty();
        }
        var ids = TokenIds.of(tokens.stream().mapToInt(Integer::intValue).toArray());
        List<TokenLogprobs> logprobs =
                stream.logprobs.isEmpty() ? List.of() : stream.logprobs.subList(skip, stream.logprobs.size());
        return Optional.of(new TokenRun(
                key.attempt(), key.choice(), stream.first + skip, ids, logprobs, stream.cachedTokens, stream.finish));
    }

    /** Forgets streams that ended long enough ago. */
    void sweep(long now) {
        streams.values().removeIf(stream -> stream.closedAt <= now - KEEP_MILLIS);
    }

    int size() {
        return streams.size();
    }
}
