package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.picture.PictureStatus;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pictures in a pool of real processes, some of which are killed or stand still. */
class PicturesTest {
    private static final Path MODEL = Path.of("..", "image-worker", "src", "test", "resources", "goldens", "tiny-sd");
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int LONG = 600;
    private static final int UNDER_WAY = 100;
    /** Of 255: the kernels may round otherwise where another number of rows goes through. */
    private static final int ROUNDING = 2;

    private final List<AutoCloseable> parts = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : parts) {
            part.close();
        }
    }

    private TroupeProcess worker(String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "node", "--roles", "image-worker", "--image-model", MODEL.toString(), "--threads", "1", "--port", "0"));
        line.addAll(List.of(more));
        TroupeProcess process = TroupeProcess.start(line.toArray(String[]::new));
        parts.add(0, process);
        return process;
    }

    private PictureRouter router(String join) throws Exception {
        PictureRouter router = new PictureRouter(join);
        parts.add(0, router);
        eventually(SOON, "a picture model", () -> {
            try {
                return router.models() == 1;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        return router;
    }

    @Test
    void pictureIsTheSameWhenItsWorkerIsKilledAndWhenAnotherStandsStill() throws Exception {
        TroupeProcess first = worker();
        String pool = first.awaitClusterAddress();
        PictureRouter router = router(pool);
        router.start(PictureRouter.order("img_quiet", LONG, 3, 7)).await();
        EncodedPicture quiet = router.content("img_quiet").orElseThrow();

        PictureRouter.Watch killed = router.start(PictureRouter.order("img_killed", LONG, 3, 7));
        eventually(SOON, "steps", () -> killed.done() >= UNDER_WAY);
        TroupeProcess second = worker("--join", pool);
        second.awaitLine("Ready after");
        PictureRouter.Watch also = router.start(PictureRouter.order("img_also", LONG, 3, 8));
        first.kill();

        PictureStatus end = killed.await();
        assertThat(end.state()).as("%s", end).isEqualTo(PictureStatus.State.COMPLETED);
        assertThat(distance(router.content("img_killed").orElseThrow(), quiet)).isLessThanOrEqualTo(ROUNDING);
        assertThat(also.await().state()).isEqualTo(PictureStatus.State.COMPLETED);

        PictureRouter.Watch hung = router.start(PictureRouter.order("img_hung", LONG, 3, 7));
        eventually(SOON, "steps", () -> hung.done() >= UNDER_WAY);
        TroupeProcess third = worker("--join", second.awaitClusterAddress());
        third.awaitLine("Ready after");
        second.hang();

        assertThat(hung.await().state()).isEqualTo(PictureStatus.State.COMPLETED);
        assertThat(distance(router.content("img_hung").orElseThrow(), quiet)).isLessThanOrEqualTo(ROUNDING);
        assertThat(distance(router.content("img_also").orElseThrow(), quiet)).isGreaterThan(ROUNDING);
    }

    @Test
    void anotherRouterGoesOnWithThePicturesOfOneThatIsKilled() throws Exception {
        TroupeProcess worker = worker();
        String pool = worker.awaitClusterAddress();
        PictureRouter router = router(pool);
        router.start(PictureRouter.order("img_quiet", LONG, 3, 7)).await();
        Path said = Files.createTempFile(Path.of("target"), "router-", ".log");
        Process other = orderer(said, pool, "img_left", LONG, UNDER_WAY);
        eventually(SOON, "the other's order under way", () -> read(said).contains("under way"));
        assertThat(router.status("img_left")).hasValueSatisfying(status -> {
            assertThat(status.state()).isEqualTo(PictureStatus.State.RUNNING);
            assertThat(status.done()).isGreaterThanOrEqualTo(UNDER_WAY);
        });

        other.destroyForcibly();

        eventually(SOON, "the end of the picture", () -> {
            try {
                return router.status("img_left")
                        .filter(status -> status.state() == PictureStatus.State.COMPLETED)
                        .isPresent();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(read(said)).doesNotContain("ended");
        assertThat(distance(
                        router.content("img_left").orElseThrow(),
                        router.content("img_quiet").orElseThrow()))
                .isLessThanOrEqualTo(ROUNDING);
    }

    @Test
    void cancelledEndsAtOnceAndADrainingWorkerEndsWhatItHas() throws Exception {
        TroupeProcess worker = worker("--drain-timeout", "60s");
        PictureRouter router = router(worker.awaitClusterAddress());
        PictureRouter.Watch cancelled = router.start(PictureRouter.order("img_cancelled", 1000, 3, 1));
        eventually(SOON, "steps", () -> cancelled.done() > 0);

        assertThat(router.cancel("img_cancelled")).isTrue();
        PictureStatus end = cancelled.await();
        assertThat(end.state()).isEqualTo(PictureStatus.State.CANCELLED);
        assertThat(end.done()).isLessThan(1000);
        assertThat(router.content("img_cancelled")).isEmpty();
        assertThat(router.cancel("img_unknown")).isFalse();
        assertThat(router.status("img_cancelled").orElseThrow().state()).isEqualTo(PictureStatus.State.CANCELLED);

        PictureRouter.Watch last = router.start(PictureRouter.order("img_last", 200, 1, 2));
        worker.terminate();
        assertThat(last.await().state()).isEqualTo(PictureStatus.State.COMPLETED);
        assertThat(worker.awaitExit(SOON)).isZero();
    }

    /** A router in a process of its own, see {@link PictureRouter#main}. */
    private Process orderer(Path log, String pool, String id, int steps, int underWay) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of("target", "jvm.args"),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PictureRouter.class.getName(),
                        pool,
                        id,
                        Integer.toString(steps),
                        Integer.toString(underWay))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        parts.add(0, () -> {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        });
        return process;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** @return the largest difference of two pictures anywhere, of 255 */
    private static int distance(EncodedPicture one, EncodedPicture other) throws IOException {
        BufferedImage some = ImageIO.read(new ByteArrayInputStream(one.bytes()));
        BufferedImage more = ImageIO.read(new ByteArrayInputStream(other.bytes()));
        assertThat(some.getWidth()).isEqualTo(more.getWidth());
        int most = 0;
        for (int at = 0; at < some.getWidth() * some.getHeight(); at++) {
            int x = at % some.getWidth();
            int y = at / some.getWidth();
            for (int shift = 0; shift < 24; shift += 8) {
                int a = (some.getRGB(x, y) >> shift) & 0xFF;
                int b = (more.getRGB(x, y) >> shift) & 0xFF;
                most = Math.max(most, Math.abs(a - b));
            }
        }
        return most;
    }
}
