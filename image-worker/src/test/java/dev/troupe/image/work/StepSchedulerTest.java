package dev.troupe.image.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.PictureAck;
import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.message.PictureProbe;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.image.Picture;
import dev.troupe.image.codec.PictureReader;
import dev.troupe.image.codec.PictureWriter;
import dev.troupe.image.codec.Provenance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StepSchedulerTest {
    private final Bench bench = new Bench(Bench.config(6));

    @Test
    void picturesWithOtherStepsAndGuidanceShareAPassAndLeaveWhenTheyAreDone() {
        bench.send("short", "t", Bench.spec(2, 1, 1));
        bench.send("long", "t", Bench.spec(5, 3, 2));
        bench.send("other", "u", Bench.spec(3, 1, 3));
        bench.runAll();

        assertThat(bench.passes.get(0).steps()).hasSize(3);
        assertThat(bench.model.passes.get(0))
                .as("rows: a guided picture takes two")
                .isEqualTo(4);
        assertThat(bench.passes.get(2).steps()).hasSize(2);
        assertThat(List.of(bench.last("short"), bench.last("long"), bench.last("other")))
                .allMatch(PictureEvent.Made.class::isInstance);
        assertThat(bench.held()).isZero();
    }

    @Test
    void pictureIsTheSameWhateverSharesItsPasses() {
        bench.send("alone", "t", Bench.spec(4, 3, 9));
        bench.runAll();
        EncodedPicture alone = bench.made("alone");
        bench.send("crowded", "t", Bench.spec(4, 3, 9));
        bench.send("neighbour", "u", Bench.spec(7, 1, 10));
        bench.runAll();

        assertThat(bench.made("crowded")).isEqualTo(alone);
        assertThat(bench.made("neighbour")).isNotEqualTo(alone);
    }

    @Test
    void whatComesInTheMiddleJoinsTheNextPass() {
        bench.send("first", "t", Bench.spec(10, 1, 1));
        bench.pass();
        bench.pass();
        bench.pass();
        bench.send("second", "u", Bench.spec(10, 1, 2));
        bench.pass();
        bench.pass();

        assertThat(bench.passes.get(bench.passes.size() - 1).steps()).hasSize(2);
    }

    @Test
    void cancelledIsInNoFurtherPassAndItsPlaceIsFree() {
        bench.send("a", "t", Bench.spec(50, 1, 1));
        bench.send("b", "t", Bench.spec(50, 1, 2));
        for (int i = 0; i < 5; i++) {
            bench.pass();
        }
        assertThat(bench.held()).isEqualTo(2);

        bench.scheduler.cancel(new Cancel(new Attempt("a", 1)), bench.now);
        bench.pass();

        assertThat(bench.passes.get(bench.passes.size() - 1).steps()).hasSize(1);
        assertThat(bench.held()).isEqualTo(1);
        assertThat(bench.scheduler
                        .probe(new PictureProbe(new Attempt("a", 1)), bench.now)
                        .event())
                .isEmpty();
    }

    @Test
    void cancelThatOvertakesItsRequestHolds() {
        bench.scheduler.cancel(new Cancel(new Attempt("late", 3)), bench.now);

        assertThat(bench.scheduler.generate(
                        bench.request("late", 3, "t", Bench.spec(5, 1, 1), Share.EQUAL, Optional.empty()), bench.now))
                .isInstanceOf(Admitted.class);
        assertThat(bench.pass()).isFalse();
    }

    @Test
    void doubledRequestIsBegunOnceAndAnOlderOneIsRefused() {
        var second = bench.request("p", 2, "t", Bench.spec(5, 1, 1), Share.EQUAL, Optional.empty());
        assertThat(bench.scheduler.generate(second, bench.now)).isInstanceOf(Admitted.class);
        assertThat(bench.scheduler.generate(second, bench.now)).isInstanceOf(Admitted.class);
        assertThat(bench.scheduler.generate(bench.request("p", "t", Bench.spec(5, 1, 1)), bench.now))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STALE_ATTEMPT));
        bench.runAll();

        assertThat(bench.model.passes).as("passes with steps").hasSize(5);
    }

    @Test
    void newerAttemptGoesOnWithWhatTheOlderHasDone() {
        bench.send("p", "t", Bench.spec(10, 1, 1));
        for (int i = 0; i < 6; i++) {
            bench.pass();
        }
        bench.scheduler.generate(
                bench.request("p", 2, "t", Bench.spec(10, 1, 1), Share.EQUAL, Optional.empty()), bench.now);
        bench.runAll();

        assertThat(bench.model.passes).as("steps in all").hasSize(10);
        assertThat(bench.last("p").attempt().epoch()).isEqualTo(2);
        assertThat(bench.last("p")).isInstanceOf(PictureEvent.Made.class);
    }

    @Test
    void newerAttemptAtWhatIsMadeIsToldOfItAtOnce() {
        bench.send("p", "t", Bench.spec(3, 1, 1));
        bench.runAll();
        EncodedPicture made = bench.made("p");

        bench.scheduler.generate(
                bench.request("p", 2, "t", Bench.spec(3, 1, 1), Share.EQUAL, Optional.empty()), bench.now);
        bench.hear();

        assertThat(bench.last("p")).isEqualTo(new PictureEvent.Made(new Attempt("p", 2), made, List.of()));
    }

    @Test
    void goesOnFromACheckpointAndIsTheSamePicture() {
        PictureSpec spec = Bench.spec(200, 3, 7);
        bench.send("whole", "t", spec);
        LatentCheckpoint checkpoint = null;
        while (checkpoint == null) {
            bench.pass();
            if (bench.last("whole") instanceof PictureEvent.Step step) {
                checkpoint = step.checkpoint().orElse(null);
            }
        }
        bench.runAll();
        int steps = bench.model.passes.size();
        Bench elsewhere = new Bench(Bench.config(6));
        elsewhere.scheduler.generate(
                elsewhere.request("whole", 2, "t", spec, Share.EQUAL, Optional.of(checkpoint)), elsewhere.now);
        elsewhere.runAll();

        assertThat(checkpoint.step()).isPositive().isLessThan(200);
        assertThat(elsewhere.model.passes).hasSize(steps - checkpoint.step());
        assertThat(elsewhere.made("whole")).isEqualTo(bench.made("whole"));
    }

    @Test
    void checkpointOfAnotherPictureIsNoReasonToFail() {
        var wrong = new LatentCheckpoint(2, new float[] {1, 2, 3}, new float[] {1, 2, 3});
        bench.scheduler.generate(
                bench.request("p", 1, "t", Bench.spec(4, 1, 1), Share.EQUAL, Optional.of(wrong)), bench.now);
        bench.runAll();

        assertThat(bench.last("p")).isInstanceOf(PictureEvent.Made.class);
        assertThat(bench.model.passes).hasSize(4);
    }

    @Test
    void endIsToldUntilItIsAcknowledged() {
        bench.send("p", "t", Bench.spec(1, 1, 1));
        bench.runAll();
        int before = bench.told.get("p").size();
        bench.now += 1_500;
        bench.tick();
        assertThat(bench.told.get("p")).hasSize(before + 1);
        assertThat(bench.scheduler.isIdle()).isFalse();

        bench.scheduler.ack(new PictureAck(new Attempt("p", 1)), bench.now);
        bench.now += 1_500;
        bench.tick();
        bench.runAll();

        assertThat(bench.told.get("p")).hasSize(before + 1);
        assertThat(bench.scheduler.isIdle()).isTrue();
    }

    @Test
    void whatNoRouterAsksAboutForAMinuteIsForgotten() {
        bench.send("p", "t", Bench.spec(1, 1, 1));
        bench.send("asked", "t", Bench.spec(1, 1, 2));
        bench.runAll();
        bench.now += 50_000;
        assertThat(bench.scheduler
                        .probe(new PictureProbe(new Attempt("asked", 1)), bench.now)
                        .event())
                .isPresent();
        bench.now += 15_000;
        bench.tick();

        assertThat(bench.scheduler
                        .probe(new PictureProbe(new Attempt("p", 1)), bench.now)
                        .event())
                .isEmpty();
        assertThat(bench.scheduler
                        .probe(new PictureProbe(new Attempt("asked", 1)), bench.now)
                        .event())
                .isPresent();
    }

    @Test
    void wrongRequestIsRefusedInWordsAndTheOthersGoOn() {
        bench.send("good", "t", Bench.spec(3, 1, 1));
        PictureSpec wide =
                new PictureSpec("fake", "p", "", 5, 4, 3, 1, "euler", 1, Optional.empty(), PictureOutput.PNG, 0);
        PictureSpec sampler =
                new PictureSpec("fake", "p", "", 4, 4, 60, 1, "lcm", 1, Optional.empty(), PictureOutput.PNG, 0);

        assertThat(bench.send("wide", "t", wide)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(refused.message()).contains("5x4").contains("4x4");
            assertThat(refused.retryAfterMillis()).isZero();
        });
        assertThat(bench.send("sampler", "t", sampler))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.message()).contains("1 to 50"));
        bench.runAll();
        assertThat(bench.last("good")).isInstanceOf(PictureEvent.Made.class);
    }

    @Test
    void brokenSourceFailsItsPictureAlone() {
        var broken =
                new PictureSource(new EncodedPicture(PictureType.PNG, new byte[] {1, 2, 3}), Optional.empty(), 0.5);
        bench.send("broken", "t", from(broken));
        bench.send("good", "t", from(new PictureSource(grey(), Optional.empty(), 0.5)));
        bench.runAll();

        assertThat(bench.last("broken")).isInstanceOfSatisfying(PictureEvent.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(failed.message()).contains("PNG").contains("WebP");
        });
        assertThat(bench.last("good")).isInstanceOf(PictureEvent.Made.class);
        assertThat(bench.model.passes).as("half of the steps").hasSize(2);
    }

    @Test
    void strengthZeroGivesTheSourceBack() {
        bench.send("p", "t", from(new PictureSource(grey(), Optional.empty(), 0)));
        bench.runAll();

        assertThat(PictureReader.read(bench.made("p"), 3)).isEqualTo(PictureReader.read(grey(), 3));
        assertThat(bench.model.passes).isEmpty();
    }

    private PictureSpec from(PictureSource source) {
        return new PictureSpec("fake", "p", "", 4, 4, 4, 1, "euler", 1, Optional.of(source), PictureOutput.PNG, 0);
    }

    private EncodedPicture grey() {
        var values = new float[3 * 16];
        Arrays.fill(values, 0.5f);
        return PictureWriter.write(new Picture(3, 4, 4, values), PictureOutput.PNG, new Provenance("test"));
    }

    @Test
    void previewsComeInTurnAndAtMostOneToAPass() {
        PictureSpec spec =
                new PictureSpec("fake", "p", "", 4, 4, 8, 1, "euler", 1, Optional.empty(), PictureOutput.PNG, 3);
        bench.send("p", "t", spec);
        bench.runAll();

        List<Integer> indexes = bench.told.get("p").stream()
                .filter(PictureEvent.Step.class::isInstance)
                .flatMap(event -> ((PictureEvent.Step) event).preview().stream())
                .map(PictureEvent.Preview::index)
                .toList();
        assertThat(indexes).containsExactly(0, 1, 2);
        assertThat(bench.last("p")).isInstanceOf(PictureEvent.Made.class);
    }

    @Test
    void failedPassIsTriedWithOnePictureEach() {
        bench.send("a", "t", Bench.spec(3, 1, 1));
        bench.send("b", "t", Bench.spec(3, 1, 2));
        bench.pass();
        bench.failNextPass();
        bench.runAll();

        assertThat(bench.last("a")).isInstanceOf(PictureEvent.Made.class);
        assertThat(bench.last("b")).isInstanceOf(PictureEvent.Made.class);
        assertThat(bench.model.passes).contains(1);
    }

    @Test
    void pictureThatFailsAloneIsGivenUp() {
        bench.send("a", "t", Bench.spec(3, 1, 1));
        bench.pass();
        bench.failNextPass();
        bench.runAll();

        assertThat(bench.last("a"))
                .isInstanceOfSatisfying(PictureEvent.Failed.class, failed -> assertThat(failed.code())
                        .isEqualTo(ErrorCode.INTERNAL));
    }

    @Test
    void fullQueueSaysWhenAPictureWillHaveEnded() {
        bench.send("measure", "u", Bench.spec(4, 1, 1));
        bench.runAll();
        for (int i = 0; i < 40; i++) {
            assertThat(bench.send("p" + i, "t", Bench.spec(100, 1, i))).isInstanceOf(Admitted.class);
        }

        assertThat(bench.send("more", "t", Bench.spec(100, 1, 99))).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.QUEUE_FULL);
            assertThat(refused.retryAfterMillis()).as("one picture's time").isBetween(900L, 1_100L);
        });
        assertThat(bench.send("other", "v", Bench.spec(100, 1, 99)))
                .as("another tenant")
                .isInstanceOf(Admitted.class);
    }

    @Test
    void deadlineThatCannotBeMetIsRefusedAndOneThatPassesEndsIt() {
        bench.send("measure", "u", Bench.spec(4, 1, 1));
        bench.runAll();
        Share hurried = new Share(1, Priority.STANDARD, OptionalLong.of(500));
        var first = bench.request("first", 1, "t", Bench.spec(100, 1, 1), hurried, Optional.empty());
        assertThat(bench.scheduler.generate(first, bench.now)).isInstanceOf(Admitted.class);

        var second = bench.request("second", 1, "t", Bench.spec(100, 1, 2), hurried, Optional.empty());
        assertThat(bench.scheduler.generate(second, bench.now))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DEADLINE_UNREACHABLE));
        bench.now += 600;
        bench.tick();
        assertThat(bench.last("first"))
                .isInstanceOfSatisfying(PictureEvent.Failed.class, failed -> assertThat(failed.code())
                        .isEqualTo(ErrorCode.DEADLINE_UNREACHABLE));
    }

    @Test
    void urgentGoesFirstAndNobodyStarves() {
        Share batch = new Share(1, Priority.BATCH, OptionalLong.empty());
        Share urgent = new Share(1, Priority.INTERACTIVE, OptionalLong.empty());
        bench.scheduler.generate(
                bench.request("batch", 1, "t", Bench.spec(3, 1, 1), batch, Optional.empty()), bench.now);
        for (int i = 0; i < 30; i++) {
            bench.scheduler.generate(
                    bench.request("urgent" + i, 1, "u", Bench.spec(200, 1, i), urgent, Optional.empty()), bench.now);
        }
        long begun = bench.now;
        bench.pass();
        bench.pass();
        assertThat(bench.passes.get(bench.passes.size() - 1).steps()).noneMatch(id -> id.startsWith("batch"));
        while (!(bench.last("batch") instanceof PictureEvent.Step)) {
            assertThat(bench.pass()).isTrue();
        }

        assertThat(bench.now - begun)
                .as("two classes to rise, five seconds each")
                .isBetween(9_900L, 10_500L);
    }

    @Test
    void placesCountThoseBefore() {
        bench.send("running", "t", Bench.spec(100, 1, 1));
        for (int i = 0; i < 3; i++) {
            bench.pass();
        }
        Bench small = new Bench(Bench.config(2));
        for (int i = 0; i < 6; i++) {
            small.send("p" + i, "t", Bench.spec(100, 3, i));
        }
        small.pass();
        small.pass();
        small.tick();

        assertThat(small.last("p5")).isEqualTo(new PictureEvent.Waiting(new Attempt("p5", 1), 5));
        assertThat(small.last("p1")).isEqualTo(new PictureEvent.Waiting(new Attempt("p1", 1), 1));
    }

    @Test
    void drainingAdmitsNothingNewAndEndsWhatIsHere() {
        bench.send("p", "t", Bench.spec(3, 1, 1));
        bench.scheduler.drain();

        assertThat(bench.send("new", "t", Bench.spec(3, 1, 1)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DRAINING));
        bench.runAll();
        assertThat(bench.last("p")).isInstanceOf(PictureEvent.Made.class);
    }

    @Test
    void withoutTheMajorityNothingIsTakenAndWhatWasHereIsLost() {
        bench.send("p", "t", Bench.spec(30, 1, 1));
        bench.pass();
        bench.pass();
        bench.scheduler.majority(false, bench.now);
        bench.runAll();

        assertThat(bench.send("p", "t", Bench.spec(30, 1, 1)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NO_MAJORITY));
        assertThat(bench.scheduler
                        .probe(new PictureProbe(new Attempt("p", 1)), bench.now)
                        .event())
                .isEmpty();
        assertThat(bench.held()).isZero();
    }
}
