package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.sim.FakeWorker;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Who goes first, who gives way, and that nobody waits for ever. */
class SchedulerPriorityTest extends SchedulerHarness {
    private static GenerateRequest request(Priority priority, String id, int promptLength, int maxTokens) {
        Share share = new Share(1, priority, OptionalLong.empty());
        return request(priority.word(), id, promptLength, maxTokens, share);
    }

    private static List<String> started(StepPlan plan) {
        return plan.starts().stream()
                .map(SequenceStart::attempt)
                .map(attempt -> attempt.requestId())
                .toList();
    }

    @Test
    void theMoreUrgentClassGoesFirstWhateverItWasGiven() {
        begin(1);
        admit(request(Priority.INTERACTIVE, "i0", 300, 3));
        startOrder();
        admit(request(Priority.BATCH, "b0", 10, 3));
        admit(request(Priority.STANDARD, "s0", 10, 3));
        admit(request(Priority.INTERACTIVE, "i1", 10, 3));
        admit(request(Priority.INTERACTIVE, "i2", 10, 3));

        assertThat(startOrder()).containsExactly("i1", "i2", "s0", "b0");
    }

    @Test
    void batchWorkGivesItsPlaceToInteractiveWorkAndGoesOnFromTheCache() {
        begin(2);
        GenerateRequest elder = request(Priority.BATCH, "b0", 100, 40);
        GenerateRequest younger = request(Priority.BATCH, "b1", 100, 40);
        GenerateRequest urgent = request(Priority.INTERACTIVE, "i0", 20, 5);
        admit(elder);
        admit(younger);
        step();
        step();
        step();
        admit(urgent);

        StepPlan plan = step();

        assertThat(started(plan)).containsExactly("i0");
        assertThat(plan.decodes()).hasSize(1);
        assertThat(scheduler.load().running()).isEqualTo(2);
        int restored = 0;
        while (finishes("b1").isEmpty()) {
            restored += FakeWorker.restored(step());
        }
        assertThat(restored).as("what was computed of it").isGreaterThanOrEqualTo(96);
        runToIdle();
        List.of(elder, younger, urgent).forEach(this::assertExact);
    }

    @Test
    void batchWorkGivesItsMemoryToo() {
        begin(new KvPlan(1, 512, 0));
        GenerateRequest batch = request(Priority.BATCH, "b0", 300, 40);
        GenerateRequest urgent = request(Priority.INTERACTIVE, "i0", 100, 5);
        admit(batch);
        step();
        step();
        step();
        admit(urgent);

        assertThat(started(step())).containsExactly("i0");
        runToIdle();
        List.of(batch, urgent).forEach(this::assertExact);
    }

    @Test
    void standardWorkWaitsForBatchWorkThatRuns() {
        begin(1);
        admit(request(Priority.BATCH, "b0", 10, 20));
        step();
        admit(request(Priority.STANDARD, "s0", 10, 3));

        assertThat(started(step())).isEmpty();
        runToIdle();
    }

    @Test
    void interactiveWorkDoesNotDriveOutItsOwnKind() {
        begin(1);
        admit(request(Priority.INTERACTIVE, "i0", 10, 20));
        step();
        admit(request(Priority.INTERACTIVE, "i1", 10, 3));

        assertThat(started(step())).isEmpty();
        runToIdle();
    }

    @Test
    void whoHasWaitedLongRisesAndIsNotDrivenOutAgain() {
        begin(1);
        admit(request(Priority.INTERACTIVE, "i0", 10, 3));
        step();
        admit(request(Priority.BATCH, "b0", 10, 20));
        now += 40_000;
        admit(request(Priority.INTERACTIVE, "i1", 10, 3));
        admit(request(Priority.INTERACTIVE, "i2", 10, 3));

        // The batch tenant has been given nothing yet, so it is the first of those that are urgent now.
        assertThat(startOrder()).containsExactly("b0", "i1", "i2");
    }

    @Test
    void whoHasWaitedALittleIsOneClassHigher() {
        begin(1);
        admit(request(Priority.STANDARD, "s0", 10, 3));
        step();
        admit(request(Priority.BATCH, "b0", 10, 3));
        now += 20_000;
        admit(request(Priority.STANDARD, "s1", 10, 3));
        admit(request(Priority.INTERACTIVE, "i0", 10, 3));

        assertThat(startOrder()).containsExactly("i0", "b0", "s1");
    }

    @Test
    void withoutMemoryTheLeastUrgentGivesWayThoughItIsNotTheYoungest() {
        begin(new KvPlan(1, 512, 0));
        // Both have a slot of 256 until one needs more.
        GenerateRequest batch = request(Priority.BATCH, "b0", 150, 150);
        GenerateRequest standard = request(Priority.STANDARD, "s0", 150, 150);
        admit(batch);
        step();
        step();
        admit(standard);
        while (finishes("s0").isEmpty()) {
            step();
            acknowledge();
        }

        assertThat(finishes("b0")).isEmpty();
        runToIdle();
        List.of(batch, standard).forEach(this::assertExact);
    }
}
