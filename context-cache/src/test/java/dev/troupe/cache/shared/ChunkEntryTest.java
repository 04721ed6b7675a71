package dev.troupe.cache.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.TokenIds;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkEntryTest {
    private static final PrefixSpace SPACE = new PrefixSpace("weights", "own-1 bf16 30x3x64", "tenant");
    private static final List<PrefixSpace> OTHERS = List.of(
            new PrefixSpace("other", "own-1 bf16 30x3x64", "tenant"),
            new PrefixSpace("weights", "pytorch-1 bf16 30x3x64", "tenant"),
            new PrefixSpace("weights", "own-1 bf16 30x3x64", "other"),
            new PrefixSpace("weights", "own-1 bf16 30x3x64tenant", ""));

    private static TokenIds tokens(int count) {
        return TokenIds.of(IntStream.range(0, count).toArray());
    }

    private static TokenIds changed(TokenIds tokens, int at) {
        int[] ids = tokens.toArray();
        ids[at]++;
        return TokenIds.of(ids);
    }

    @Test
    void namesOfChunksDependOnEveryTokenBeforeAndOnTheSpace() {
        TokenIds text = tokens(200);
        List<ChunkName> names = SPACE.names(text);

        assertThat(names).hasSize(3).extracting(ChunkName::tokens).containsExactly(64, 128, 192);
        assertThat(SPACE.names(text.slice(0, 130))).isEqualTo(names.subList(0, 2));
        assertThat(SPACE.names(changed(text, 0))).doesNotContainAnyElementsOf(names);
        assertThat(SPACE.names(changed(text, 127)).subList(0, 1)).isEqualTo(names.subList(0, 1));
        assertThat(SPACE.names(changed(text, 127)).subList(1, 3)).doesNotContainAnyElementsOf(names);
        Set<ChunkName> all = new HashSet<>(names);
        OTHERS.forEach(other -> all.addAll(other.names(text)));
        assertThat(all).hasSize(3 * (1 + OTHERS.size()));
    }

    @Test
    void aKeyTellsTheLengthOfThePrefix() {
        ChunkName name = SPACE.names(tokens(128)).get(1);

        assertThat(name.key()).hasSize(32 + 4);
        assertThat(ChunkName.tokensOf(name.key())).isEqualTo(128);
    }

    /** As if two names were equal by chance. */
    @Test
    void anEntryIsBelievedOnlyForItsOwnTokensTenantModelAndFormat() {
        byte[] chunk = {1, 2, 3};
        TokenIds prefix = tokens(128);
        byte[] entry = ChunkEntry.encode(SPACE, prefix, chunk);

        assertThat(ChunkEntry.chunk(entry, SPACE, prefix)).contains(chunk);
        for (PrefixSpace other : OTHERS) {
            assertThat(ChunkEntry.chunk(entry, other, prefix)).isEmpty();
        }
        for (int at = 0; at < prefix.size(); at++) {
            assertThat(ChunkEntry.chunk(entry, SPACE, changed(prefix, at))).isEmpty();
        }
        assertThat(ChunkEntry.chunk(entry, SPACE, tokens(64))).isEmpty();
        assertThat(ChunkEntry.chunk(entry, SPACE, tokens(192))).isEmpty();
    }

    @Test
    void tornAndForeignEntriesAreMisses() {
        TokenIds prefix = tokens(64);
        byte[] entry = ChunkEntry.encode(SPACE, prefix, new byte[0]);
        for (int length = 0; length < entry.length; length++) {
            assertThat(ChunkEntry.chunk(Arrays.copyOf(entry, length), SPACE, prefix))
                    .isEmpty();
        }
        entry[0]++;
        assertThat(ChunkEntry.chunk(entry, SPACE, prefix)).as("another version").isEmpty();
    }
}
