package dev.troupe.cache;

import dev.troupe.cluster.message.KvCopy;
import java.util.List;

/** A cached prefix that somebody uses: its blocks stay until it is released. */
public final class PrefixMatch {
    private final BlockPool pool;
    private final List<Integer> blocks;
    private final List<PrefixHash> names;
    private boolean released;

    /** @param names of the prefixes that end with each block */
    PrefixMatch(BlockPool pool, List<Integer> blocks, List<PrefixHash> names) {
        this.pool = pool;
        this.blocks = List.copyOf(blocks);
        this.names = List.copyOf(names);
        this.blocks.forEach(pool::retain);
    }

    /** @return how many leading tokens are cached, a multiple of the block size */
    public int tokens() {
        return blocks.size() * KvCopy.BLOCK_TOKENS;
    }

    /** @return the blocks that hold them, in order */
    public List<Integer> blocks() {
        return blocks;
    }

    /** @return the name of the prefix that ends with each block, in order */
    public List<PrefixHash> names() {
        return names;
    }

    /** @throws IllegalStateException the second time */
    public void release() {
        if (released) {
            throw new IllegalStateException("a prefix match is released once");
        }
        released = true;
        blocks.forEach(pool::release);
    }
}
