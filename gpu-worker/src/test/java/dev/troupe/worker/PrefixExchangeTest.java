package dev.troupe.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.StepAnswer.OutOfMemory;
import dev.troupe.cluster.message.StepAnswer.ResyncNeeded;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StepPlan.Export;
import dev.troupe.cluster.message.StepPlan.Import;
import dev.troupe.cluster.message.TokenIds;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What plans take out of blocks for the pool and bring in from it. A block of the fake model has one byte. */
class PrefixExchangeTest {
    private static final long BATCHER = 77;
    private static final TokenIds PREFIX = TokenIds.of(new int[192]);

    private final FakeModel model = new FakeModel();
    private final AtomicLong clock = new AtomicLong(1);
    private final StepEngine engine = new StepEngine("w", model, clock::get);

    private static StepPlan plan(long number, List<KvCopy> copies, List<Import> imports, List<Export> exports) {
        return new StepPlan(
                BATCHER,
                number,
                number == 1,
                List.of(),
                copies,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                imports,
                exports);
    }

    private static PrefixFetch fetch(long id, int fromToken) {
        return new PrefixFetch(BATCHER, id, "t", PREFIX, fromToken);
    }

    private static byte[] chunk(int of) {
        var bytes = new byte[8];
        Arrays.fill(bytes, (byte) of);
        return bytes;
    }

    private static List<Integer> blocks(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void exportIsReadAsTheBlocksWereInItsOwnPlan() {
        Arrays.fill(model.blocks, 0, 8, (byte) 5);
        var export = new Export("t", TokenIds.of(new int[64]), blocks(0, 8));

        var outcome = engine.run(plan(1, List.of(), List.of(), List.of(export)));
        Arrays.fill(model.blocks, (byte) 9);

        var pool = new FakePool();
        outcome.offers().forEach(offer -> offer.to(pool, engine.kvFormat()));
        assertThat(pool.chunk("fake", "t", export.prefix())).isEqualTo(chunk(5));
        assertThat(engine.run(plan(1, List.of(), List.of(), List.of(export))).offers())
                .as("the same plan again runs nothing")
                .isEmpty();
    }

    @Test
    void exportWithoutMemoryForItHarmsNobody() {
        model.fullForReading = true;
        var export = new Export("t", TokenIds.of(new int[64]), blocks(0, 8));

        var outcome = engine.run(plan(1, List.of(), List.of(), List.of(export)));

        assertThat(outcome.answer()).isInstanceOf(StepResult.class);
        assertThat(outcome.offers()).isEmpty();
    }

    @Test
    void importFillsItsBlocksOnceAndBeforeTheCopies() {
        assertThat(engine.ready(fetch(3, 64), List.of(chunk(1), chunk(2))).tokens())
                .isEqualTo(192);
        // Half of the first chunk has come to be known by other means.
        var first = plan(
                1,
                List.of(new KvCopy.Restore(blocks(20, 21), new SlotRef(0, 256, 0))),
                List.of(new Import(3, 96, blocks(20, 32))),
                List.of());

        assertThat(engine.run(first).answer()).isInstanceOf(StepResult.class);

        assertThat(Arrays.copyOfRange(model.blocks, 20, 32)).containsExactly(1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2);
        var again = plan(2, List.of(), List.of(new Import(3, 64, blocks(0, 8))), List.of());
        assertThat(engine.run(again).answer()).isInstanceOf(ResyncNeeded.class);
        assertThat(model.blocks[0]).isZero();
    }

    @Test
    void importOfWhatIsNotReadyAsksForAResyncAndDoesNothing() {
        engine.ready(fetch(3, 64), List.of(chunk(1)));
        var copies = List.<KvCopy>of(new KvCopy.Save(new SlotRef(0, 256, 0), 0, List.of(1)));

        assertThat(engine.run(plan(1, copies, List.of(new Import(4, 64, blocks(0, 8))), List.of()))
                        .answer())
                .isInstanceOf(ResyncNeeded.class);
        assertThat(engine.run(plan(1, copies, List.of(new Import(3, 0, blocks(0, 8))), List.of()))
                        .answer())
                .as("before what was fetched")
                .isInstanceOf(ResyncNeeded.class);
        engine.ready(fetch(3, 64), List.of(chunk(1)));
        assertThat(engine.run(plan(1, copies, List.of(new Import(3, 64, blocks(0, 9))), List.of()))
                        .answer())
                .as("behind what was fetched")
                .isInstanceOf(ResyncNeeded.class);
        assertThat(model.copies).isEmpty();
    }

    @Test
    void importWithoutMemoryForItStartsOver() {
        engine.ready(fetch(3, 64), List.of(chunk(1)));
        model.fullForCopies = true;

        var answer = engine.run(plan(1, List.of(), List.of(new Import(3, 64, blocks(0, 8))), List.of()))
                .answer();

        assertThat(((OutOfMemory) answer).forgotten()).isTrue();
    }

    @Test
    void chunkOfAWrongSizeEndsWhatIsReady() {
        assertThat(engine.ready(fetch(1, 0), List.of(chunk(1), new byte[7], chunk(3)))
                        .tokens())
                .isEqualTo(64);
        assertThat(engine.ready(fetch(2, 0), List.of()).tokens()).isZero();
        assertThat(engine.ready(fetch(3, 128), Collections.nCopies(5, chunk(1))).tokens())
                .as("more than was asked for")
                .isEqualTo(192);
    }

    @Test
    void newerBatcherAndAgeDropWhatNobodyImports() {
        var ready = new ReadyPrefixes(1, clock::get);
        ready.add(fetch(1, 128), List.of(chunk(1)));
        ready.add(new PrefixFetch(BATCHER + 1, 1, "t", PREFIX, 128), List.of(chunk(2)));
        assertThat(ready.take(BATCHER, List.of(new Import(1, 128, blocks(0, 8)))))
                .isEmpty();
        assertThat(ready.add(fetch(2, 128), List.of(chunk(3))))
                .as("of the older batcher, late")
                .isEqualTo(128);

        clock.addAndGet(ReadyPrefixes.LIFETIME_NANOS + 1);
        ready.add(new PrefixFetch(BATCHER + 1, 2, "t", PREFIX, 128), List.of(chunk(4)));
        assertThat(ready.take(BATCHER + 1, List.of(new Import(1, 128, blocks(0, 8)))))
                .isEmpty();
    }

    @Test
    void whatIsPromisedStaysWhenTooMuchIsFetched() {
        int blockBytes = 1 << 20;
        var ready = new ReadyPrefixes(blockBytes, clock::get);
        var large = new byte[8 * blockBytes];
        int most = (int) (ReadyPrefixes.MOST_BYTES / large.length);
        for (int i = 0; i < most; i++) {
            assertThat(ready.add(fetch(i, 128), List.of(large))).isEqualTo(192);
        }

        assertThat(ready.add(fetch(most, 128), List.of(large))).isEqualTo(128);

        assertThat(ready.take(BATCHER, List.of(new Import(0, 128, blocks(0, 8)))))
                .isPresent();
        assertThat(ready.add(fetch(most, 128), List.of(large))).isEqualTo(192);
    }
}
