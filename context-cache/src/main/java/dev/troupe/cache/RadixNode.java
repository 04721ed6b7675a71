package dev.troupe.cache;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A run of whole blocks and what follows it. The root of a tenant has no blocks. */
final class RadixNode {
    private static final int BLOCK = KvCopy.BLOCK_TOKENS;

    private RadixNode parent;
    private TokenIds tokens;
    private final List<Integer> blocks;
    private final List<PrefixHash> hashes;
    private final Map<TokenIds, RadixNode> children = new HashMap<>();
    private long lastUsed;

    RadixNode(RadixNode parent, TokenIds tokens, List<Integer> blocks, List<PrefixHash> hashes, long lastUsed) {
        this.parent = parent;
        this.tokens = tokens;
        this.blocks = new ArrayList<>(blocks);
        this.hashes = new ArrayList<>(hashes);
        this.lastUsed = lastUsed;
    }

    static RadixNode root() {
        return new RadixNode(null, TokenIds.EMPTY, List.of(), List.of(), 0);
    }

    RadixNode parent() {
        return parent;
    }

    boolean isRoot() {
        return parent == null;
    }

    boolean isLeaf() {
        return children.isEmpty();
    }

    Collection<RadixNode> children() {
        return children.values();
    }

    List<Integer> blocks() {
        return blocks;
    }

    List<PrefixHash> hashes() {
        return hashes;
    }

    long lastUsed() {
        return lastUsed;
    }

    void touch(long use) {
        lastUsed = use;
    }

    /** The child whose first block is the given block of a text, or null. */
    RadixNode child(TokenIds text, int block) {
        return children.get(text.slice(block * BLOCK, (block + 1) * BLOCK));
    }

    void add(RadixNode child) {
        child.parent = this;
        children.put(child.tokens.slice(0, BLOCK), child);
    }

    /** How many of this run's blocks a text repeats from its given block on, at most {@code limit}. */
    int common(TokenIds text, int block, int limit) {
        int most = Math.min(limit, blocks.size()) * BLOCK;
        int same = 0;
        while (same < most && tokens.get(same) == text.get(block * BLOCK + same)) {
            same++;
        }
        return same / BLOCK;
    }

    /** Cuts the run: this node keeps the blocks from {@code at} on, a new one above it gets those before. */
    RadixNode split(int at) {
        RadixNode upper = new RadixNode(
                parent, tokens.slice(0, at * BLOCK), blocks.subList(0, at), hashes.subList(0, at), lastUsed);
        parent.children.put(upper.tokens.slice(0, BLOCK), upper);
        tokens = tokens.slice(at * BLOCK, tokens.size());
        blocks.subList(0, at).clear();
        hashes.subList(0, at).clear();
        upper.add(this);
        return upper;
    }

    /** Keeps the first {@code count} blocks; with none left the node leaves its parent. */
    void trim(int count) {
        if (count == 0) {
            parent.children.remove(tokens.slice(0, BLOCK));
        }
        tokens = tokens.slice(0, count * BLOCK);
        blocks.subList(count, blocks.size()).clear();
        hashes.subList(count, hashes.size()).clear();
    }

    /** The name of the prefix that ends after {@code count} of this node's blocks. */
    PrefixHash hashAfter(int count) {
        return hashes.get(count - 1);
    }
}
