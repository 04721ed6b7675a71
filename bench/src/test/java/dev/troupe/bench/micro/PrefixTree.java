package dev.troupe.bench.micro;

import dev.troupe.cache.BlockPool;
import dev.troupe.cache.PrefixMatch;
import dev.troupe.cache.RadixTree;
import dev.troupe.cluster.message.TokenIds;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The tree of cached prefixes, full: prompts of 512 tokens, of which the first 256 are the same. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PrefixTree {
    private static final int PROMPT = 512;
    private static final int SHARED = 256;
    private static final int DIGEST = 256;
    private static final int STRANGERS = 1 << 12;

    @Param({"1000", "10000"})
    public int blocks;

    private final Random random = new Random(1);
    private RadixTree tree;
    private TokenIds known;
    private final TokenIds[] strangers = new TokenIds[STRANGERS];
    private int next;

    @Setup
    public void fill() {
        tree = new RadixTree(new BlockPool(blocks), "fingerprint");
        for (int inserted = 0; inserted < blocks; inserted += (PROMPT - SHARED) / 32) {
            known = prompt();
            tree.insert("tenant", known);
        }
        for (int i = 0; i < STRANGERS; i++) {
            strangers[i] = prompt();
        }
    }

    private TokenIds prompt() {
        int[] tokens = new int[PROMPT];
        for (int i = SHARED; i < PROMPT; i++) {
            tokens[i] = random.nextInt(49_152);
        }
        return TokenIds.of(tokens);
    }

    /** @return the match of a prompt that is there whole */
    @Benchmark
    public int matchKnown() {
        return match(known);
    }

    /** @return the match of a prompt of which the shared half is there */
    @Benchmark
    public int matchHalf() {
        return match(strangers[0]);
    }

    private int match(TokenIds prompt) {
        PrefixMatch match = tree.match("tenant", prompt);
        match.release();
        return match.tokens();
    }

    /** @return what is remembered of a new prompt, for which others must go */
    @Benchmark
    public RadixTree.Insertion insertAndEvict() {
        next = (next + 1) % STRANGERS;
        return tree.insert("tenant", strangers[next]);
    }

    /** @return what a heartbeat tells, twice a second */
    @Benchmark
    public Object digest() {
        return tree.digest(DIGEST);
    }
}
