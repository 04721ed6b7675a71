package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat.Full;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How long a queue may be, in requests and in time, and who is told so. */
class SchedulerOverloadTest extends SchedulerHarness {
    private static Share within(long millis) {
        return new Share(1, Priority.STANDARD, OptionalLong.of(millis));
    }

    private Admission ask(String tenant, String id) {
        return ask(tenant, id, Share.EQUAL);
    }

    private Admission ask(String tenant, String id, Share share) {
        return admit(request(tenant, id, 10, 3, share));
    }

    /** One at a time, six seconds each, and seven of one tenant wait. */
    private void beginSlowly() {
        begin(1);
        for (int i = 0; i < 10; i++) {
            ask("heavy", "h" + i);
        }
        for (int step = 0; step < 7; step++) {
            step();
            now += 1_990;
        }
        assertThat(scheduler.load().waiting()).isEqualTo(7);
    }

    private static Refused refused(Admission answer, ErrorCode code) {
        assertThat(answer).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(code));
        return (Refused) answer;
    }

    @Test
    void whoWouldWaitTooLongIsRefusedUntilItWouldNot() {
        beginSlowly();

        Refused no = refused(ask("heavy", "more"), ErrorCode.QUEUE_FULL);

        // Seven are ahead: 42 s of 30.
        assertThat(no.retryAfterMillis()).isBetween(11_000L, 13_000L);
        for (int step = 0; step < 7; step++) {
            step();
            now += 1_990;
        }
        assertThat(ask("heavy", "more")).isInstanceOf(Admitted.class);
    }

    @Test
    void thoseWhoComeBetweenMakeAFloodWaitLonger() {
        begin(1);
        for (int i = 0; i < 7; i++) {
            ask("heavy", "h" + i);
        }
        for (int i = 0; i < 3; i++) {
            ask("light", "l" + i);
        }
        for (int step = 0; step < 13; step++) {
            step();
            now += 1_990;
        }
        assertThat(scheduler.load().waiting()).as("four heavy and one light").isEqualTo(5);

        // Five are ahead, 30 s; but of its own there is one in 12 s.
        refused(ask("heavy", "more"), ErrorCode.QUEUE_FULL);
        assertThat(ask("light", "l3")).isInstanceOf(Admitted.class);
    }

    @Test
    void aTenantWhoseTurnComesSoonIsAdmittedAllTheSame() {
        beginSlowly();

        assertThat(ask("light", "l0")).isInstanceOf(Admitted.class);
    }

    @Test
    void anUrgentRequestIsNotKeptOutByAQueueOfOthers() {
        beginSlowly();

        assertThat(ask("heavy", "urgent", new Share(1, Priority.INTERACTIVE, OptionalLong.empty())))
                .isInstanceOf(Admitted.class);
        refused(ask("light", "b0", new Share(1, Priority.BATCH, OptionalLong.empty())), ErrorCode.QUEUE_FULL);
    }

    @Test
    void whatAnotherReplicaHadAdmittedIsNotRefused() {
        beginSlowly();
        GenerateRequest asked = request("heavy", "moved", 10, 3, Share.EQUAL);

        assertThat(admit(new GenerateRequest(
                        asked.requestId(),
                        2,
                        asked.tenant(),
                        asked.routerId(),
                        asked.prompt(),
                        1,
                        asked.sampling(),
                        List.of(new GenerateRequest.Begun(TokenIds.EMPTY, false)),
                        false,
                        false,
                        asked.share())))
                .isInstanceOf(Admitted.class);
        runToIdle();
        assertExact(asked);
    }

    @Test
    void routersAreToldWhoseQueueIsFull() {
        beginSlowly();
        ask("light", "l0");

        assertThat(scheduler.load().full()).singleElement().satisfies(full -> {
            assertThat(full.tenant()).isEqualTo("heavy");
            assertThat(full.priority()).isEqualTo(Priority.STANDARD);
            assertThat(full.retryAfterMillis()).isPositive();
        });
    }

    @Test
    void oneTenantsFloodLeavesOthersTheirPartOfTheQueue() {
        begin(1);
        for (int i = 0; i < 10; i++) {
            assertThat(ask("heavy", "h" + i)).isInstanceOf(Admitted.class);
        }
        refused(ask("heavy", "more"), ErrorCode.QUEUE_FULL);

        for (int i = 0; i < 5; i++) {
            assertThat(ask("light", "l" + i)).isInstanceOf(Admitted.class);
        }
        refused(ask("light", "more"), ErrorCode.QUEUE_FULL);
        assertThat(scheduler.load().full()).extracting(Full::tenant).containsExactly("heavy", "light");
    }

    @Test
    void aRequestThatCannotBeOnTimeIsRefusedAtOnce() {
        beginSlowly();

        Refused no = refused(ask("light", "hurry", within(2_000)), ErrorCode.DEADLINE_UNREACHABLE);

        assertThat(no.retryAfterMillis()).isPositive();
        assertThat(ask("light", "patient", within(20_000))).isInstanceOf(Admitted.class);
    }

    @Test
    void aWaitingRequestWhoseDeadlinePassesEndsAtOnce() {
        begin(1);
        ask("a", "runs");
        step();
        ask("b", "waits", within(500));
        now += 499;
        scheduler.tick(now);
        assertThat(scheduler.load().waiting()).isEqualTo(1);

        now += 1;
        scheduler.tick(now);

        scheduler.takeOutbox().forEach(outgoing -> take(outgoing.batch()));
        assertThat(finishes("waits")).containsExactly(FinishReason.LATE);
        assertThat(scheduler.load().waiting()).isZero();
        runToIdle();
        assertThat(tokens("waits", 0)).isEmpty();
    }

    @Test
    void aRunningRequestWithoutATokenEndsAtItsDeadlineToo() {
        admit(request("t", "long", 900, 3, within(15)));
        step();
        now += 10;
        scheduler.tick(now);
        step();

        assertThat(finishes("long")).containsExactly(FinishReason.LATE);
        assertThat(scheduler.isIdle()).isTrue();
        assertThat(scheduler.kvUse().slots()).isZero();
    }

    @Test
    void aRequestThatHasItsFirstTokenHasNoDeadline() {
        GenerateRequest request = request("t", "a", 10, 20, within(100));
        admit(request);
        step();
        now += 1_000;
        scheduler.tick(now);
        runToIdle();

        assertExact(request);
    }
}
