package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;

import java.util.List;
import java.util.Objects;

/**
 * Movement of keys and values on the worker, done in the order of the plan and before its computation.
 *
 * <p>A block holds {@link #BLOCK_TOKENS} tokens of a cached prefix.
 */
public sealed interface KvCopy {
    /** Tokens in a block of the prefix cache. */
    int BLOCK_TOKENS = 8;

    /** Tokens whose blocks travel between replicas as one. */
    int CHUNK_TOKENS = 8 * BLOCK_TOKENS;

    /** Cached blocks, in order, into the first {@code BLOCK_TOKENS·blocks} positions of a slot: a prefix hit. */
    record Restore(List<Integer> blocks, SlotRef to) implements KvCopy {
        public Restore {
            blocks = List.copyOf(blocks);
            Objects.requireNonNull(to);
        }
    }

    /** Positions of a slot from {@code fromToken} on, a multiple of {@link #BLOCK_TOKENS}, into blocks: a prefix remembered. */
    record Save(SlotRef from, int fromToken, List<Integer> blocks) implements KvCopy {
        public Save {
            Objects.requireNonNull(from);
            blocks = List.copyOf(blocks);
            atLeast("fromToken", fromToken, 0);
        }
    }

    /** The first {@code tokens} positions into another slot: a sequence outgrew its own. */
    record Move(SlotRef from, SlotRef to, int tokens) implements KvCopy {
        public Move {
            Objects.requireNonNull(from);
            Objects.requireNonNull(to);
            atLeast("tokens", tokens, 0);
        }
    }
}
