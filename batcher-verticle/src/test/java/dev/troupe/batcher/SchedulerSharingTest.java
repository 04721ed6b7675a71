package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.sim.FakeWorker;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is given to the pool's memory of prefixes, what is taken from it, and who waits for it how long. */
class SchedulerSharingTest extends SchedulerHarness {
    private static final SharingConfig SHARING = new SharingConfig(true, 512, 1_000, 64, 60_000, 4);

    @BeforeEach
    void share() {
        share(new KvPlan(4, 1024, 64), SHARING);
    }

    private void share(KvPlan kv, SharingConfig sharing) {
        begin(kv);
        scheduler = new Scheduler(replica, CONFIG, sharing, 1, SchedulerMetrics.NONE);
    }

    /** Runs everything to its end. @return what was exported, one entry a plan that exports */
    private List<StepPlan.Export> exports() {
        List<StepPlan.Export> exports = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            now += 10;
            nobodyFetches();
            scheduler.planDue(now).ifPresent(plan -> {
                assertThat(plan.exports()).hasSizeLessThanOrEqualTo(1);
                exports.addAll(plan.exports());
                answer(worker.run(plan));
            });
        }
        assertThat(scheduler.isIdle()).isTrue();
        return exports;
    }

    private PrefixFetch onlyFetch() {
        List<PrefixFetch> fetches = scheduler.takeFetches();
        assertThat(fetches).hasSize(1);
        return fetches.get(0);
    }

    private void nobodyFetches() {
        scheduler.takeFetches().forEach(fetch -> scheduler.fetchFailed(fetch, now));
    }

    /** As a worker does that has asked the pool. */
    private void bring(PrefixFetch fetch) {
        scheduler.fetched(fetch, worker.ready(fetch, worker.fetch(fetch)), now);
    }

    private static List<Integer> lengths(List<StepPlan.Export> exports) {
        return exports.stream().map(export -> export.prefix().size()).toList();
    }

    private void runOnce(GenerateRequest request) {
        admit(request);
        nobodyFetches();
        runToIdle();
        assertExact(request);
    }

    @Test
    void aPrefixSeenTwiceIsOfferedInWholeChunksAndOnce() {
        GenerateRequest a = request("a", 200, 5);
        admit(a);
        assertThat(exports()).as("seen once").isEmpty();

        admit(request("b", 1, a.prompt(), 1, 5));
        List<StepPlan.Export> exports = exports();
        assertThat(lengths(exports)).containsExactly(64, 128, 192);
        assertThat(exports.get(1).prefix()).isEqualTo(a.prompt().slice(0, 128));

        admit(request("c", 1, a.prompt(), 1, 5));
        assertThat(exports()).isEmpty();
    }

    @Test
    void ofAPromptOnlyWhatWasSeenBeforeIsHot() {
        admit(request("a", 100, 1));
        exports();
        admit(request("b", 1, prompt("a", 100).concat(prompt("b", 100)), 1, 1));

        assertThat(lengths(exports())).containsExactly(64);
    }

    @Test
    void severalChoicesOfOneRequestAreOneUse() {
        admit(request("a", 1, prompt("a", 100), 3, 5));

        assertThat(exports()).isEmpty();
    }

    @Test
    void aFinishedTurnIsOfferedWhenItsConversationGoesOn() {
        GenerateRequest turn = request("a", 100, 40);
        scheduler.generate(turn, true, now);
        assertThat(lengths(exports())).containsExactly(64, 128);

        admit(request("b", 100, 40));
        assertThat(exports()).as("of a request that nothing is known to follow").isEmpty();
    }

    @Test
    void aCancelledTurnIsNotOffered() {
        scheduler.generate(request("a", 100, 40), true, now);
        nobodyFetches();
        step();
        scheduler.cancel(new Cancel(new Attempt("a", 1)), now);

        assertThat(exports()).isEmpty();
    }

    @Test
    void whileOthersDecodeExportsKeepApart() {
        runOnce(request("a", 1, prompt("a", 300), 1, 1));
        admit(request("long", 1, prompt("long", 10), 1, 45));
        admit(request("b", 1, prompt("a", 300), 1, 1));
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StepPlan plan = step();
            plan.exports().forEach(export -> numbers.add((int) plan.number()));
        }

        assertThat(numbers).hasSize(4);
        for (int i = 1; i < numbers.size(); i++) {
            assertThat(numbers.get(i) - numbers.get(i - 1)).isGreaterThanOrEqualTo(SHARING.plansBetweenExports());
        }
    }

    @Test
    void whatIsEvictedBeforeItsTurnIsNotOffered() {
        share(new KvPlan(4, 1024, 16), SHARING);
        runOnce(request("a", 1, prompt("a", 140), 1, 1));
        admit(request("a2", 1, prompt("a", 140), 1, 1));
        scheduler.takeFetches();
        assertThat(lengths(step().exports())).containsExactly(64);
        admit(request("b", 1, prompt("b", 140), 1, 1));

        // Both chunks of "a" give way to "b" in the plan that would offer the second.
        assertThat(lengths(exports())).doesNotContain(64).hasSizeLessThan(2);
    }

    @Test
    void whatThePoolHasIsImportedAndOnlyTheRestComputed() {
        GenerateRequest a = request("a", 200, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", a.prompt());
        admit(a);
        PrefixFetch fetch = onlyFetch();
        assertThat(fetch)
                .isEqualTo(new PrefixFetch(1, fetch.id(), "t", a.prompt().slice(0, 192), 0));
        assertThat(scheduler.planDue(now)).as("it waits").isEmpty();

        bring(fetch);
        StepPlan plan = step();

        assertThat(plan.imports()).hasSize(1);
        assertThat(plan.rows()).isEqualTo(200 - 192);
        assertThat(plan.starts().get(0).cachedTokens()).isEqualTo(192);
        runToIdle();
        assertExact(a);
        admit(request("b", 1, a.prompt(), 1, 5));
        assertThat(exports()).as("it came from the pool").isEmpty();
    }

    @Test
    void onlyWhatIsMissingIsFetched() {
        runOnce(request("a", 1, prompt("a", 100), 1, 1));
        GenerateRequest longer = request("b", 1, prompt("a", 300), 1, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", longer.prompt());
        admit(longer);

        PrefixFetch fetch = onlyFetch();
        assertThat(fetch.fromToken()).isEqualTo(64);
        bring(fetch);
        StepPlan plan = step();

        assertThat(plan.imports().get(0).fromToken())
                .as("twelve blocks are cached")
                .isEqualTo(96);
        assertThat(plan.rows()).isEqualTo(300 - 256);
        runToIdle();
        assertExact(longer);
    }

    @Test
    void thePoolMayHaveLessThanWasAskedFor() {
        GenerateRequest a = request("a", 300, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", a.prompt().slice(0, 130));
        admit(a);
        bring(onlyFetch());

        assertThat(FakeWorker.restored(step())).isEqualTo(128);
        runToIdle();
        assertExact(a);
    }

    @Test
    void anotherTenantsPrefixIsNotReached() {
        GenerateRequest a = request("a", 200, 5);
        pool.warm(FakeWorker.KV_FORMAT, "other", a.prompt());
        admit(a);
        PrefixFetch fetch = onlyFetch();
        assertThat(fetch.tenant()).isEqualTo("t");
        bring(fetch);

        assertThat(step().imports()).isEmpty();
        runToIdle();
        assertExact(a);
    }

    @Test
    void nobodyElseIsHeldUpMeanwhile() {
        admit(request("waits", 200, 5));
        scheduler.takeFetches();
        admit(request("short", 20, 5));

        assertThat(step().rows()).isEqualTo(20);
    }

    @Test
    void nobodyWaitsLongerThanComputingWouldTakeAndALateAnswerIsDropped() {
        GenerateRequest a = request("a", 200, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", a.prompt());
        admit(a);
        PrefixFetch fetch = onlyFetch();
        now += 191; // at a millisecond a token, which is the guess before anything is measured
        assertThat(scheduler.planDue(now)).isEmpty();
        now += 1;
        assertThat(step().rows()).isEqualTo(128);

        bring(fetch);

        assertThat(step().imports()).isEmpty();
        runToIdle();
        assertExact(a);
    }

    @Test
    void aFailedFetchIsComputedAtOnce() {
        GenerateRequest a = request("a", 200, 5);
        admit(a);
        scheduler.fetchFailed(onlyFetch(), now);

        assertThat(step().rows()).isEqualTo(128);
        runToIdle();
        assertExact(a);
    }

    @Test
    void whoMissesTheSameSharesOneFetch() {
        GenerateRequest a = request("a", 200, 5);
        GenerateRequest b = request("b", 1, a.prompt(), 2, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", a.prompt());
        admit(a);
        admit(b);
        bring(onlyFetch());

        StepPlan plan = step();

        assertThat(plan.imports()).hasSize(1);
        assertThat(plan.starts()).hasSize(2);
        assertThat(plan.rows()).isEqualTo(2 * 8);
        runToIdle();
        assertExact(a);
        assertExact(b);
    }

    @Test
    void anAnswerThatNobodyWaitsForOrThatCannotBeRightIsDropped() {
        admit(request("gone", 200, 5));
        PrefixFetch fetch = onlyFetch();
        scheduler.cancel(new Cancel(new Attempt("gone", 1)), now);
        scheduler.fetched(fetch, new PrefixFetched(192), now);
        assertThat(scheduler.planDue(now)).isEmpty();

        GenerateRequest a = request("a", 200, 5);
        admit(a);
        scheduler.fetched(onlyFetch(), new PrefixFetched(256), now);
        assertThat(step().imports()).isEmpty();
        runToIdle();
        assertExact(a);
    }

    @Test
    void whatFollowsOnAnEvictedPrefixIsNotImported() {
        share(new KvPlan(4, 1024, 16), SHARING);
        runOnce(request("a", 1, prompt("a", 70), 1, 1));
        GenerateRequest longer = request("b", 1, prompt("a", 130), 1, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", longer.prompt());
        admit(longer);
        PrefixFetch fetch = onlyFetch();
        assertThat(fetch.fromToken()).isEqualTo(64);
        admit(request("c", 1, prompt("c", 130), 1, 1));
        nobodyFetches();
        step();
        step();
        step(); // in which "c" is remembered
        bring(fetch);

        StepPlan plan = step();

        assertThat(plan.imports()).isEmpty();
        runToIdle();
        assertExact(longer);
    }

    @Test
    void aRestartedWorkerFindsItsPrefixesWarm() {
        GenerateRequest a = request("a", 200, 40);
        runOnce(request("first", 1, a.prompt(), 1, 1));
        admit(a);
        for (int i = 0; i < 10; i++) {
            step();
        }
        worker.restart();
        step();

        PrefixFetch fetch = onlyFetch();
        assertThat(fetch.fromToken()).isZero();
        bring(fetch);
        StepPlan plan = step();

        assertThat(plan.reset()).isTrue();
        assertThat(FakeWorker.restored(plan)).isEqualTo(192);
        runToIdle();
        assertExact(a);
    }

    @Test
    void whatWasFetchedForAWorkerThatIsNoMoreIsNotImported() {
        GenerateRequest a = request("a", 200, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", a.prompt());
        runOnce(request("other", 1, prompt("other", 20), 1, 1));
        admit(a);
        bring(onlyFetch());
        worker.restart();

        assertThat(step().imports()).hasSize(1);
        bring(onlyFetch());
        StepPlan again = step();

        assertThat(again.reset()).isTrue();
        assertThat(again.imports()).hasSize(1);
        runToIdle();
        assertExact(a);
    }

    @Test
    void afterAResyncWhatWasOnItsWayIsAskedForAgain() {
        GenerateRequest a = request("a", 200, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", a.prompt());
        runOnce(request("other", 1, prompt("other", 20), 1, 1));
        admit(a);
        PrefixFetch before = onlyFetch();
        admit(request("short", 20, 5));
        worker.restart();
        step();

        PrefixFetch again = onlyFetch();
        assertThat(again.id()).isNotEqualTo(before.id());
        bring(before);
        assertThat(step().imports()).as("the answer to the one before").isEmpty();
        bring(again);
        assertThat(step().imports()).hasSize(1);
        runToIdle();
        assertExact(a);
    }

    @Test
    void fetchingThatProvesSlowerThanComputingIsLeft() {
        int asked = 0;
        for (int i = 0; i < 40; i++) {
            GenerateRequest request = request("slow" + i, 150, 1);
            admit(request);
            List<PrefixFetch> fetches = scheduler.takeFetches();
            asked += fetches.size();
            now += 900;
            fetches.forEach(fetch -> scheduler.fetched(fetch, new PrefixFetched(0), now));
            runToIdle();
        }

        assertThat(asked).isBetween(2, 10);
    }

    @Test
    void aWorkerThatIsAwayDoesNotMakeFetchingLookSlow() {
        for (int i = 0; i < 30; i++) {
            admit(request("away" + i, 1, prompt("away" + i, 150), 1, 1));
            assertThat(scheduler.takeFetches()).hasSize(1).allSatisfy(fetch -> scheduler.fetchFailed(fetch, now));
            runToIdle();
        }
    }

    @Test
    void anAnswerThatNeverComesMakesFetchingLookSlow() {
        int asked = 0;
        for (int i = 0; i < 30; i++) {
            admit(request("silent" + i, 150, 1));
            List<PrefixFetch> fetches = scheduler.takeFetches();
            asked += fetches.size();
            now += 5_000;
            fetches.forEach(fetch -> scheduler.fetchFailed(fetch, now));
            runToIdle();
        }

        assertThat(asked).isLessThan(5);
    }

    @Test
    void withoutSharingNothingIsOfferedOrAskedFor() {
        share(new KvPlan(4, 1024, 64), SharingConfig.OFF);
        GenerateRequest a = request("a", 200, 5);
        pool.warm(FakeWorker.KV_FORMAT, "t", a.prompt());
        scheduler.generate(a, true, now);
        assertThat(scheduler.takeFetches()).isEmpty();
        assertThat(exports()).isEmpty();
        admit(request("b", 1, a.prompt(), 1, 5));
        assertThat(scheduler.takeFetches()).isEmpty();
        assertThat(exports()).isEmpty();
    }

    @Test
    void withoutACacheThereIsNowhereToImportTo() {
        share(new KvPlan(4, 1024, 0), SHARING);
        admit(request("a", 1, TokenIds.of(new int[200]), 1, 5));

        assertThat(scheduler.takeFetches()).isEmpty();
    }
}
