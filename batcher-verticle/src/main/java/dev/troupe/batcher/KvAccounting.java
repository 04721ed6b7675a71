package dev.troupe.batcher;

import dev.troupe.cache.BlockPool;
import dev.troupe.cache.PrefixMatch;
import dev.troupe.cache.RadixTree;
import dev.troupe.cache.SlotPool;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import java.util.List;
import java.util.Optional;

/** Which sequence has which slot, and what is cached. Each change is written into the plan as the copy that makes it true on the worker. */
final class KvAccounting {
    /** Tokens of room beyond its text that a sequence starts with, so that it does not move at once. */
    private static final int HEADROOM = 64;

    private final SlotPool slots;
    private final BlockPool blocks;
    private final RadixTree tree;
    private boolean caching = true;

    KvAccounting(ReplicaSpec replica) {
        slots = new SlotPool(replica.kv().slabs(), replica.kv().slabTokens());
        blocks = new BlockPool(replica.kv().blocks());
        tree = new RadixTree(blocks, replica.fingerprint());
    }

    /** Whether prefixes are looked up and remembered from now on. Without, what is cached stays. */
    void cache(boolean on) {
        caching = on;
    }

    /** @return false, and nothing done, when there is no room */
    boolean place(Sequence sequence, PlanBuilder plan) {
        int comfortable = Math.min(sequence.limit(), sequence.length() + HEADROOM);
        Optional<SlotRef> slot = slots.allocate(comfortable).or(() -> slots.allocate(sequence.length()));
        if (slot.isEmpty()) {
            return false;
        }
        PrefixMatch match = tree.match(sequence.tenant(), sequence.firstTokens(caching ? sequence.length() : 0));
        if (match.tokens() > 0) {
            plan.copy(new KvCopy.Restore(match.blocks(), slot.get()));
        }
        sequence.place(slot.get(), match);
        return true;
    }

    boolean mustGrow(Sequence sequence) {
        return sequence.slot().capacity() < sequence.length();
    }

    /** @return false, and nothing done, when there is no room */
    boolean grow(Sequence sequence, PlanBuilder plan) {
        Optional<SlotRef> larger = slots.allocate(sequence.length());
        larger.ifPresent(to -> {
            plan.copy(new KvCopy.Move(sequence.slot(), to, sequence.computed()));
            slots.free(sequence.slot());
            sequence.move(to);
        });
        return larger.isPresent();
    }

    /** Caches what is computed, as far as it is not cached already and there is room. */
    void remember(Sequence sequence, PlanBuilder plan) {
        if (!caching) {
            return;
        }
        RadixTree.Insertion insertion = tree.insert(sequence.tenant(), sequence.firstTokens(sequence.computed()));
        if (!insertion.blocks().isEmpty()) {
            plan.copy(new KvCopy.Save(sequence.slot(), insertion.fromToken(), insertion.blocks()));
        }
    }

    /** How much of a text is cached, the last block too. */
    int cachedTokens(String tenant, TokenIds text) {
        PrefixMatch match = find(tenant, text);
        match.release();
        return match.tokens();
    }

    /** @return to be released by the caller */
    PrefixMatch find(String tenant, TokenIds text) {
        return tree.find(tenant, text);
    }

    /** Caches what the worker has fetched up to {@code tokens} of a prefix, as far as it is not cached already and there is room. */
    void adopt(PrefixFetch fetch, int tokens, PlanBuilder plan) {
        TokenIds prefix = fetch.prefix().slice(0, tokens);
        // What it follows on may have been evicted since it was asked for.
        if (!caching || cachedTokens(fetch.tenant(), prefix) < fetch.fromToken()) {
            return;
        }
        RadixTree.Insertion insertion = tree.insert(fetch.tenant(), prefix);
        if (!insertion.blocks().isEmpty()) {
            plan.bring(new StepPlan.Import(fetch.id(), insertion.fromToken(), insertion.blocks()));
        }
    }

    void free(Sequence sequence) {
        slots.free(sequence.slot());
        sequence.unplace();
    }

    /** After the worker has forgotten everything. Sequences must have been freed before. */
    void forgetPrefixes() {
        tree.clear();
    }

    boolean cachesPrefixesOf(int tokens) {
        return caching && blocks.size() > 0 && tokens > KvCopy.BLOCK_TOKENS;
    }

    int mostCachedTokens() {
        return blocks.size() * KvCopy.BLOCK_TOKENS;
    }

    double usage() {
        return slots.usage();
    }

    KvUse use() {
        return new KvUse(slots.inUse(), blocks.size() - blocks.available(), tree.size());
    }

    List<Long> digest(int maxEntries) {
        return tree.digest(maxEntries);
    }
}
