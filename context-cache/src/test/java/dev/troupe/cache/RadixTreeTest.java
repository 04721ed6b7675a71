package dev.troupe.cache;

import static dev.troupe.cluster.message.KvCopy.BLOCK_TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RadixTreeTest {
    private final BlockPool pool = new BlockPool(8);
    private final RadixTree tree = new RadixTree(pool, "model");

    /** A text of one block a letter. */
    private static TokenIds text(String letters) {
        return TokenIds.of(letters.chars()
                .flatMap(letter -> IntStream.range(0, BLOCK_TOKENS).map(i -> letter * 100 + i))
                .toArray());
    }

    @Test
    void aSharedPrefixIsStoredOnce() {
        assertThat(tree.insert("t", text("abc"))).isEqualTo(new RadixTree.Insertion(0, List.of(0, 1, 2)));
        assertThat(tree.insert("t", text("abd"))).isEqualTo(new RadixTree.Insertion(2 * BLOCK_TOKENS, List.of(3)));
        assertThat(tree.insert("t", text("ab")).blocks()).isEmpty();

        assertThat(tree.match("t", text("abdx")).blocks()).containsExactly(0, 1, 3);
        assertThat(tree.match("t", text("abcx")).blocks()).containsExactly(0, 1, 2);
    }

    @Test
    void theLastTokenIsNeverTakenFromTheCache() {
        tree.insert("t", text("ab"));

        assertThat(tree.match("t", text("ab")).tokens()).isEqualTo(BLOCK_TOKENS);
        assertThat(tree.match("t", text("ab").concat(TokenIds.of(1))).tokens()).isEqualTo(2 * BLOCK_TOKENS);
    }

    @Test
    void findTakesTheLastBlockToo() {
        tree.insert("t", text("ab"));

        assertThat(tree.find("t", text("ab")).tokens()).isEqualTo(2 * BLOCK_TOKENS);
        assertThat(tree.find("t", text("xb")).tokens()).isZero();
    }

    @Test
    void aMatchNamesThePrefixThatEndsWithEachBlock() {
        tree.insert("t", text("abc"));
        tree.insert("t", text("abd"));

        PrefixHash a = PrefixHash.root("model", "t").next(text("abd"), 0);
        PrefixHash b = a.next(text("abd"), BLOCK_TOKENS);
        assertThat(tree.find("t", text("abd")).names()).containsExactly(a, b, b.next(text("abd"), 2 * BLOCK_TOKENS));
    }

    @Test
    void tenantsDoNotSeeEachOther() {
        tree.insert("t", text("ab"));

        assertThat(tree.match("u", text("abc")).tokens()).isZero();
        assertThat(tree.insert("u", text("ab")).blocks()).containsExactly(2, 3);
    }

    @Test
    void theLongestUnusedBranchGoesFirstAndFromItsEnd() {
        tree.insert("t", text("abcd"));
        tree.insert("t", text("efgh"));
        tree.match("t", text("abcdx")).release();

        assertThat(tree.insert("t", text("ij")).blocks()).hasSize(2);

        assertThat(tree.match("t", text("efghx")).tokens()).isEqualTo(2 * BLOCK_TOKENS);
        assertThat(tree.match("t", text("abcdx")).tokens()).isEqualTo(4 * BLOCK_TOKENS);
    }

    @Test
    void whatIsInUseStays() {
        tree.insert("t", text("abcd"));
        PrefixMatch used = tree.match("t", text("abx"));

        assertThat(tree.insert("t", text("ijklmnop")).blocks()).hasSize(6);
        assertThat(tree.match("t", text("abcd")).tokens()).isEqualTo(2 * BLOCK_TOKENS);

        used.release();
        assertThatThrownBy(used::release).hasMessageContaining("once");
    }

    @Test
    void insertingNeverEvictsItsOwnPath() {
        tree.insert("t", text("abcdefgh"));

        assertThat(tree.insert("t", text("abcdxyzuvw"))).satisfies(insertion -> {
            assertThat(insertion.fromToken()).isEqualTo(4 * BLOCK_TOKENS);
            assertThat(insertion.blocks()).hasSize(4);
        });
        assertThat(tree.match("t", text("abcdxyzu!")).tokens()).isEqualTo(8 * BLOCK_TOKENS);
    }

    @Test
    void theDigestNamesEndsAndForksBeforeTheRest() {
        tree.insert("t", text("abc"));
        tree.insert("t", text("abd"));
        List<Long> abc = PrefixHash.digests("model", "t", text("abcx"));
        List<Long> abd = PrefixHash.digests("model", "t", text("abdx"));

        assertThat(tree.digest(3)).containsExactlyInAnyOrder(abc.get(1), abc.get(2), abd.get(2));
        assertThat(tree.digest(99)).hasSize(4).contains(abc.get(0));
    }

    @Test
    void withoutBlocksNothingIsCached() {
        RadixTree none = new RadixTree(new BlockPool(0), "model");

        assertThat(none.insert("t", text("abc")).blocks()).isEmpty();
        assertThat(none.match("t", text("abc")).tokens()).isZero();
    }

    /** Against a map from block to the prefix it was last filled with. */
    @Test
    void everyHitIsWhatWasStoredAndNothingLeaks() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            BlockPool blocks = new BlockPool(1 + random.nextInt(12));
            RadixTree subject = new RadixTree(blocks, "model");
            Map<Integer, String> content = new HashMap<>();
            List<PrefixMatch> held = new ArrayList<>();
            Map<PrefixMatch, List<String>> promised = new HashMap<>();
            for (int step = 0; step < 150; step++) {
                String tenant = random.nextBoolean() ? "t" : "u";
                String letters = randomLetters(random);
                String where = "seed " + seed + " step " + step;
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        var insertion = subject.insert(tenant, text(letters));
                        int from = insertion.fromToken() / BLOCK_TOKENS;
                        for (int i = 0; i < insertion.blocks().size(); i++) {
                            content.put(insertion.blocks().get(i), tenant + letters.substring(0, from + i + 1));
                        }
                    }
                    case 2 -> {
                        PrefixMatch match = subject.match(tenant, text(letters));
                        List<String> expected = new ArrayList<>();
                        for (int i = 0; i < match.blocks().size(); i++) {
                            expected.add(tenant + letters.substring(0, i + 1));
                        }
                        held.add(match);
                        promised.put(match, expected);
                    }
                    case 3 -> {
                        if (!held.isEmpty()) {
                            PrefixMatch released = held.remove(random.nextInt(held.size()));
                            promised.remove(released);
                            released.release();
                        }
                    }
                }
                promised.forEach(
                        (match, expected) -> assertThat(match.blocks().stream().map(content::get))
                                .as(where)
                                .containsExactlyElementsOf(expected));
                assertThat(blocks.size() - blocks.available()).as(where).isGreaterThanOrEqualTo(subject.size());
            }
            held.forEach(PrefixMatch::release);
            assertThat(blocks.size() - blocks.available()).as("seed %d", seed).isEqualTo(subject.size());
            subject.clear();
            assertThat(blocks.available()).as("seed %d", seed).isEqualTo(blocks.size());
            assertThat(new HashSet<>(blocks.allocate(99))).hasSize(blocks.size());
        }
    }

    private static String randomLetters(Random random) {
        StringBuilder letters = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            letters.append((char) ('a' + random.nextInt(3)));
        }
        return letters.toString();
    }
}
