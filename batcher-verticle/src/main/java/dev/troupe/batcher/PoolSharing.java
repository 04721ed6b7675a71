package dev.troupe.batcher;

import dev.troupe.cache.PrefixMatch;
import dev.troupe.cache.shared.HotPrefixes;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.StepPlan;
import java.util.List;
import java.util.Optional;

/**
 * What this replica gives to the pool's memory of prefixes, and what it takes from there. Both ends are the local cache: an import fills
 * blocks of it, and a sequence finds them there as if they had been computed here.
 */
final class PoolSharing {
    private final SharingConfig config;
    private final KvAccounting kv;
    private final SchedulerMetrics metrics;
    private final HotPrefixes hot;
    private final PrefixFetches fetches;
    private int plansSinceExport;

    PoolSharing(SharingConfig config, KvAccounting kv, long incarnation, SchedulerMetrics metrics) {
        this.config = config;
        this.kv = kv;
        this.metrics = metrics;
        this.hot = new HotPrefixes(config.mostChunks(), config.offerAgainMillis());
        this.fetches = new PrefixFetches(incarnation, config);
    }

    PrefixFetches fetches() {
        return fetches;
    }

    /** A sequence has come to wait. */
    void waits(Sequence sequence, long nowMillis) {
        if (config.on() && kv.cachesPrefixesOf(sequence.length())) {
            int cached = kv.cachedTokens(sequence.tenant(), sequence.firstTokens(sequence.length()));
            fetches.consider(sequence, cached, kv.mostCachedTokens(), nowMillis);
        }
    }

    /** A sequence runs for the first time; what of its prompt was cached is now seen twice. Its other choices see it once more, not twice. */
    void begins(Sequence sequence, long nowMillis) {
        if (config.on() && sequence.request().leader() == sequence) {
            hot.hot(sequence.tenant(), sequence.firstTokens(sequence.computed()), sequence.prefix(), nowMillis);
        }
    }

    /** A turn of a conversation has ended well and is cached: the next one begins with it. */
    void turnEnded(Sequence sequence, long nowMillis) {
        if (config.on()) {
            var text = sequence.firstTokens(sequence.computed());
            PrefixMatch match = kv.find(sequence.tenant(), text);
            hot.hot(sequence.tenant(), text, match, nowMillis);
            match.release();
        }
    }

    /** First of a plan: what was fetched goes into the cache. */
    void importArrived(PlanBuilder plan, long nowMillis) {
        for (PrefixFetches.Arrived one : fetches.takeArrived(nowMillis)) {
            kv.adopt(one.fetch(), one.tokens(), plan);
            PrefixMatch match =
                    kv.find(one.fetch().tenant(), one.fetch().prefix().slice(0, one.tokens()));
            hot.inPool(match, one.fetch().fromToken(), nowMillis);
            match.release();
        }
    }

    /** Last of a plan: one hot chunk that is still cached. */
    void exportNext(PlanBuilder plan) {
        plansSinceExport++;
        if (plan.decodeRows() > 0 && plansSinceExport < config.plansBetweenExports()) {
            return;
        }
        for (Optional<HotPrefixes.Chunk> next = hot.next(); next.isPresent(); next = hot.next()) {
            HotPrefixes.Chunk chunk = next.get();
            PrefixMatch match = kv.find(chunk.tenant(), chunk.prefix());
            match.release();
            if (match.tokens() == chunk.prefix().size()) {
                int blocks = match.blocks().size();
                List<Integer> last = match.blocks().subList(blocks - KvCopy.CHUNK_TOKENS / KvCopy.BLOCK_TOKENS, blocks);
                plan.export(new StepPlan.Export(chunk.tenant(), chunk.prefix(), last));
                metrics.prefixOffered(KvCopy.CHUNK_TOKENS);
                plansSinceExport = 0;
                return;
            }
        }
    }

    void fetched(PrefixFetch fetch, int tokens, long nowMillis) {
        fetches.fetched(fetch, tokens, nowMillis)
                .ifPresent(millis -> metrics.prefixFetched(
                        fetch.prefix().size() - fetch.fromToken(), tokens - fetch.fromToken(), millis));
    }

    /** The worker has forgotten everything; what it was to export may never have been read. */
    void forget() {
        hot.clear();
        fetches.forget();
    }
}
