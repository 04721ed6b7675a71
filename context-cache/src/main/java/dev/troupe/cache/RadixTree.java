package dev.troupe.cache;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Which cached block holds what: per tenant a tree over token ids whose edges are runs of whole blocks. Every step down compares token
 * ids, so a hit is exact, and no tenant reaches another's blocks.
 *
 * <p>The tree holds one reference to each of its blocks, a {@link PrefixMatch} another. When blocks run out, the ends of the branches
 * longest unused go first, as far as nobody else holds a reference.
 */
public final class RadixTree {
    private static final int BLOCK = KvCopy.BLOCK_TOKENS;

    private final BlockPool pool;
    private final String fingerprint;
    private final Map<String, RadixNode> roots = new HashMap<>();
    private long uses;

    /** @param fingerprint of the model, which names the prefixes in {@link #digest} */
    public RadixTree(BlockPool pool, String fingerprint) {
        this.pool = pool;
        this.fingerprint = fingerprint;
    }

    /**
     * Blocks that now belong to a prefix and must be filled.
     *
     * @param fromToken first token they hold
     * @param blocks in order; empty when there is nothing to fill
     */
    public record Insertion(int fromToken, List<Integer> blocks) {
        public Insertion {
            blocks = List.copyOf(blocks);
        }
    }

    /** How far a text leads into the tree: {@code inNode} blocks into {@code node}, {@code blocks} in all. */
    private record Reached(RadixNode node, int inNode, List<Integer> blocks, List<PrefixHash> names) {
        private static final Reached NOTHING = new Reached(null, 0, List.of(), List.of());
    }

    /**
     * The longest cached prefix, at most one token short of the whole, since the last token must be computed to sample from.
     *
     * @return to be released by the caller; without blocks on a miss
     */
    public PrefixMatch match(String tenant, TokenIds tokens) {
        return match(tenant, tokens, (tokens.size() - 1) / BLOCK);
    }

    /**
     * As {@link #match}, to the last whole block.
     *
     * @return to be released by the caller
     */
    public PrefixMatch find(String tenant, TokenIds tokens) {
        return match(tenant, tokens, tokens.size() / BLOCK);
    }

    private PrefixMatch match(String tenant, TokenIds tokens, int limit) {
        RadixNode root = roots.get(tenant);
        Reached reached = root == null ? Reached.NOTHING : descend(root, tokens, limit);
        return new PrefixMatch(pool, reached.blocks(), reached.names());
    }

    /**
     * Remembers the whole blocks of a text, as many as there is room for.
     *
     * @return what was not there before and is now the caller's to fill
     */
    public Insertion insert(String tenant, TokenIds tokens) {
        RadixNode root = roots.computeIfAbsent(tenant, t -> RadixNode.root());
        int whole = tokens.size() / BLOCK;
        Reached reached = descend(root, tokens, whole);
        int known = reached.blocks().size();
        // Eviction must not take what the new blocks are to hang on.
        PrefixMatch path = new PrefixMatch(pool, reached.blocks(), reached.names());
        List<Integer> blocks = allocate(whole - known);
        path.release();
        if (!blocks.isEmpty()) {
            attach(tenant, reached, tokens.slice(0, (known + blocks.size()) * BLOCK), blocks);
        }
        dropEmptyRoots();
        return new Insertion(known * BLOCK, blocks);
    }

    private Reached descend(RadixNode root, TokenIds tokens, int limit) {
        uses++;
        RadixNode node = root;
        int inNode = 0;
        List<Integer> found = new ArrayList<>();
        List<PrefixHash> names = new ArrayList<>();
        while (found.size() < limit && inNode == node.blocks().size()) {
            RadixNode child = node.child(tokens, found.size());
            if (child == null) {
                break;
            }
            inNode = child.common(tokens, found.size(), limit - found.size());
            found.addAll(child.blocks().subList(0, inNode));
            names.addAll(child.hashes().subList(0, inNode));
            child.touch(uses);
            node = child;
        }
        return new Reached(node, inNode, found, names);
    }

    private void attach(String tenant, Reached reached, TokenIds text, List<Integer> blocks) {
        RadixNode above = reached.node();
        PrefixHash hash = above.isRoot() ? PrefixHash.root(fingerprint, tenant) : above.hashAfter(reached.inNode());
        if (reached.inNode() < above.blocks().size()) {
            above = above.split(reached.inNode());
        }
        int from = text.size() - blocks.size() * BLOCK;
        List<PrefixHash> hashes = new ArrayList<>();
        for (int at = from; at < text.size(); at += BLOCK) {
            hash = hash.next(text, at);
            hashes.add(hash);
        }
        above.add(new RadixNode(above, text.slice(from, text.size()), blocks, hashes, uses));
    }

    private List<Integer> allocate(int wanted) {
        if (pool.available() < wanted) {
            evict(wanted);
        }
        return pool.allocate(wanted);
    }

    private void evict(int wanted) {
        PriorityQueue<RadixNode> leaves = new PriorityQueue<>(Comparator.comparingLong(RadixNode::lastUsed));
        nodes().stream().filter(RadixNode::isLeaf).forEach(leaves::add);
        while (pool.available() < wanted && !leaves.isEmpty()) {
            RadixNode leaf = leaves.poll();
            int kept = leaf.blocks().size();
            while (kept > 0
                    && pool.available() < wanted
                    && pool.references(leaf.blocks().get(kept - 1)) == 1) {
                pool.release(leaf.blocks().get(--kept));
            }
            leaf.trim(kept);
            if (kept == 0 && !leaf.parent().isRoot() && leaf.parent().isLeaf()) {
                leaves.add(leaf.parent());
            }
        }
    }

    private void dropEmptyRoots() {
        roots.values().removeIf(RadixNode::isLeaf);
    }

    private List<RadixNode> nodes() {
        List<RadixNode> nodes = new ArrayList<>();
        Deque<RadixNode> open = new ArrayDeque<>(roots.values());
        while (!open.isEmpty()) {
            RadixNode node = open.pop();
            if (!node.isRoot()) {
                nodes.add(node);
            }
            open.addAll(node.children());
        }
        return nodes;
    }

    /** Forgets everything; blocks that somebody still uses come free when they are released. */
    public void clear() {
        nodes().forEach(node -> node.blocks().forEach(pool::release));
        roots.clear();
    }

    /**
     * What a heartbeat tells of this cache, for {@link PrefixHash#cachedTokens}: first the end of every branch and fork, then what lies between;
     * of both the lately used first.
     */
    public List<Long> digest(int maxEntries) {
        List<RadixNode> nodes = nodes();
        nodes.sort(Comparator.comparingLong(RadixNode::lastUsed).reversed());
        Set<Long> digest = new LinkedHashSet<>();
        nodes.forEach(node -> digest.add(node.hashAfter(node.hashes().size()).digest()));
        for (RadixNode node : nodes) {
            if (digest.size() >= maxEntries) {
                break;
            }
            node.hashes().forEach(hash -> digest.add(hash.digest()));
        }
        return digest.stream().limit(maxEntries).toList();
    }

    /** @return blocks that the tree holds */
    public int size() {
        return nodes().stream().mapToInt(node -> node.blocks().size()).sum();
    }
}
