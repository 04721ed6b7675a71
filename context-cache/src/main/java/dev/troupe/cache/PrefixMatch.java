package dev.troupe.cache;

import dev.troupe.cluster.message.KvCopy;
import java.util.List;

/** A cached prefix that somebody uses: its blocks stay until it is released. */
public final class PrefixMatch {
    private final BlockPool pool;
    private final List<Integer> blocks;
    private boolean released;

    PrefixMatch(BlockPool pool, List<Integer> blocks) {
        this.pool = pool;
        this.blocks = List.copyOf(blocks);
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

    /** @throws IllegalStateException the second time */
    public void release() {
        if (released) {
            throw new IllegalStateException("a prefix match is released once");
        }
        released = true;
        blocks.forEach(pool::release);
    }
}
