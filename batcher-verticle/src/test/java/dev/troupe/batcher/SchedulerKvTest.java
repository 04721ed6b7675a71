package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.sim.FakeWorker;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept in slots and blocks, for whom, and who gives way. */
class SchedulerKvTest extends SchedulerHarness {
    @Test
    void aSecondRequestComputesOnlyWhatIsNewAndSaysSo() {
        GenerateRequest a = request("a", 100, 5);
        admit(a);
        runToIdle();
        GenerateRequest again = request("b", 1, a.prompt(), 1, 5);
        admit(again);

        StepPlan plan = step();

        assertThat(FakeWorker.restored(plan)).isEqualTo(96);
        assertThat(plan.rows()).isEqualTo(4);
        assertThat(plan.starts().get(0).cachedTokens()).isEqualTo(96);
        runToIdle();
        assertThat(tokens("b", 0)).isEqualTo(tokens("a", 0));
    }

    @Test
    void anotherTenantComputesEverything() {
        GenerateRequest a = request("a", 100, 5);
        admit(a);
        runToIdle();
        admit(new GenerateRequest("b", 1, "other", "router", a.prompt(), 1, a.sampling()));

        assertThat(step().rows()).isEqualTo(100);
    }

    @Test
    void theNextTurnOfAConversationFindsTheAnswerInTheCache() {
        GenerateRequest a = request("a", 60, 40);
        admit(a);
        runToIdle();
        int[] answer = tokens("a", 0).stream().mapToInt(Integer::intValue).toArray();
        admit(request("b", 1, a.prompt().concat(TokenIds.of(answer)).concat(TokenIds.of(1, 2, 3)), 1, 5));

        assertThat(FakeWorker.restored(step())).isEqualTo(96);
        runToIdle();
    }

    @Test
    void otherChoicesTakeThePromptOfTheFirstFromTheCache() {
        GenerateRequest a = request("a", 1, prompt("a", 100), 3, 5);
        admit(a);

        assertThat(step().starts()).hasSize(1);
        StepPlan second = step();

        assertThat(second.starts()).hasSize(2);
        assertThat(second.rows()).isEqualTo(1 + 4 + 4);
        runToIdle();
        assertExact(a);
    }

    @Test
    void withoutRoomTheYoungestGivesWayAndEndsRightAllTheSame() {
        begin(new KvPlan(1, 1024, 8));
        List<GenerateRequest> requests =
                IntStream.range(0, 4).mapToObj(i -> request("p" + i, 150, 300)).toList();
        requests.forEach(this::admit);

        runToIdle();

        requests.forEach(this::assertExact);
    }

    @Test
    void aRestingSequenceGivesItsSlotToOneThatCanRun() {
        begin(new KvPlan(1, 1024, 0));
        admit(request("slow", 10, 1000));
        for (int i = 0; i < CONFIG.creditWindow(); i++) {
            step();
        }
        scheduler.planDue(now).ifPresent(plan -> answer(worker.run(plan)));
        GenerateRequest large = request("large", 800, 5);
        admit(large);

        assertThat(step().chunks()).hasSize(1);
        runToIdle();
        assertExact(large);
        assertExact(request("slow", 10, 1000));
    }

    @Test
    void theLoadCountsTokensStillToCompute() {
        admit(request("a", 100, 20));
        assertThat(scheduler.load().outstandingTokens()).isEqualTo(120);
        step();
        assertThat(scheduler.load().outstandingTokens()).isEqualTo(20);
        assertThat(scheduler.load().running()).isEqualTo(1);
        assertThat(scheduler.load().kvUsage()).isEqualTo(256f / 4096);
    }
}
