package dev.troupe.image.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.troupe.device.NativeScope;
import dev.troupe.image.TinySd;
import dev.troupe.image.schedule.Noise;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearnerTest {
    private static final int ROWS = 2;
    private static final int SIDE = 4;
    private static final int WIDTH = 8;
    private static final int PLACES = 3;
    private static final UnetConfig UNET = new UnetConfig(
            4,
            SIDE,
            List.of(8, 16),
            List.of(1, 1),
            List.of(false, true),
            List.of(true, false),
            true,
            List.of(2, 2),
            List.of(1, 1),
            WIDTH,
            4,
            1e-5,
            true,
            0,
            true,
            WIDTH);
    private static final VaeConfig VAE = new VaeConfig(4, 4, List.of(8, 8), 1, 4, false, 1, 0, false, false);

    private static Learner unet() {
        return Trainee.unet(UNET).start(TinySd.cpu(), Trainee.firstWeights(1));
    }

    private static List<NDArray> step(Learner learner, NativeScope scope, double rate, int number, float[] pooled) {
        int count = ROWS * 4 * SIDE * SIDE;
        return learner.step(
                scope,
                "denoise",
                rate,
                0.9,
                scope.floats(Noise.unit(1, 0, count), ROWS, 4, SIDE, SIDE),
                scope.floats(Noise.unit(2, number, count), ROWS, 4, SIDE, SIDE),
                scope.floats(new float[] {0.6f, 0.8f}, ROWS, 1, 1, 1),
                scope.floats(new float[] {0.8f, 0.6f}, ROWS, 1, 1, 1),
                scope.floats(new float[] {1, 2}, ROWS, 1, 1, 1),
                scope.floats(new float[] {700, 300}, ROWS),
                scope.floats(Noise.unit(3, 0, ROWS * PLACES * WIDTH), ROWS, PLACES, WIDTH),
                scope.floats(pooled, ROWS, WIDTH));
    }

    private static float loss(Learner learner, double rate, int number) {
        try (NativeScope scope = learner.newScope()) {
            return step(learner, scope, rate, number, Noise.unit(4, 0, ROWS * WIDTH))
                    .get(0)
                    .getFloat();
        }
    }

    @Test
    void theLossFalls() {
        try (Learner learner = unet()) {
            float first = loss(learner, 3e-3, 0);
            for (int i = 1; i < 60; i++) {
                loss(learner, 3e-3, i);
            }
            assertThat(loss(learner, 3e-3, 0)).isLessThan(0.6f * first);
        }
    }

    @Test
    void theGradientIsTheSlopeOfTheLoss() {
        float[] pooled = Noise.unit(4, 0, ROWS * WIDTH);
        try (Learner learner = unet();
                NativeScope scope = learner.newScope()) {
            float[] gradient = step(learner, scope, 0, 0, pooled).get(3).toFloatArray();
            float nudge = 0.05f;
            for (int i = 0; i < pooled.length; i += 5) {
                float[] up = pooled.clone();
                float[] down = pooled.clone();
                up[i] += nudge;
                down[i] -= nudge;
                double slope = (step(learner, scope, 0, 0, up).get(0).getFloat()
                                - step(learner, scope, 0, 0, down).get(0).getFloat())
                        / (2.0 * nudge);
                assertThat((double) gradient[i]).isCloseTo(slope, within(2e-3 * Math.abs(slope) + 2e-5));
            }
        }
    }

    @Test
    void aRateOfNothingChangesNothing() {
        try (Learner learner = unet()) {
            float before = loss(learner, 0, 0);
            loss(learner, 0, 1);
            assertThat(loss(learner, 0, 0)).isEqualTo(before);
        }
    }

    @Test
    void aSavedLearnerGoesOnAsIfItHadNotStopped() throws IOException {
        try (Learner whole = unet();
                Learner half = unet()) {
            for (int i = 0; i < 6; i++) {
                loss(whole, 1e-3, i);
            }
            for (int i = 0; i < 3; i++) {
                loss(half, 1e-3, i);
            }
            byte[] state = state(half);
            try (Learner resumed = Trainee.unet(UNET).resume(TinySd.cpu(), in(state))) {
                for (int i = 3; i < 6; i++) {
                    loss(resumed, 1e-3, i);
                }
                assertThat(state(resumed)).isEqualTo(state(whole));
            }
        }
    }

    @Test
    void aStateOfAnotherNetworkIsRefused() throws IOException {
        try (Learner learner = unet()) {
            byte[] state = state(learner);
            assertThatThrownBy(() -> Trainee.vae(VAE).resume(TinySd.cpu(), in(state)))
                    .isInstanceOf(IOException.class);
        }
    }

    private static byte[] state(Learner learner) throws IOException {
        var bytes = new ByteArrayOutputStream();
        learner.save(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static DataInputStream in(byte[] state) {
        return new DataInputStream(new ByteArrayInputStream(state));
    }

    @Test
    void theAutoencoderLearnsByItsOwnLoss() {
        float[] pictures = new float[ROWS * 4 * 8 * 8];
        for (int i = 0; i < pictures.length; i++) {
            pictures[i] = i % 16 < 8 ? 0.8f : -0.8f;
        }
        try (Learner learner = Trainee.vae(VAE).start(TinySd.cpu(), Trainee.firstWeights(1))) {
            float first = 0;
            float last = 0;
            for (int i = 0; i < 60; i++) {
                try (NativeScope scope = learner.newScope()) {
                    last = learner.step(
                                    scope,
                                    "autoencode",
                                    5e-3,
                                    0.9,
                                    scope.floats(pictures, ROWS, 4, 8, 8),
                                    scope.floats(Noise.unit(1, i, ROWS * 4 * 4 * 4), ROWS, 4, 4, 4))
                            .get(0)
                            .getFloat();
                }
                first = i == 0 ? last : first;
            }
            assertThat(last).isLessThan(0.6f * first);
        }
    }

    @Test
    void polishingLeavesTheWayThereAsItWas() {
        try (Learner learner = Trainee.vae(VAE).start(TinySd.cpu(), Trainee.firstWeights(1))) {
            var before = learner.means();
            for (int i = 0; i < 3; i++) {
                try (NativeScope scope = learner.newScope()) {
                    learner.step(
                            scope,
                            "polish",
                            5e-3,
                            0.5,
                            scope.floats(Noise.unit(5, 0, ROWS * 4 * 8 * 8), ROWS, 4, 8, 8),
                            scope.floats(Noise.unit(1, i, ROWS * 4 * 4 * 4), ROWS, 4, 4, 4));
                }
            }
            learner.means().forEach((name, tensor) -> {
                float[] was = before.get(name).values();
                if (name.startsWith("encoder.")) {
                    assertThat(tensor.values()).as(name).isEqualTo(was);
                } else {
                    assertThat(tensor.values()).as(name).isNotEqualTo(was);
                }
            });
        }
    }

    @Test
    void stepsLeaveNoNativeMemoryBehind() throws IOException {
        try (Learner learner = unet()) {
            for (int i = 0; i < 100; i++) {
                loss(learner, 1e-3, i);
            }
            long handles = NativeScope.liveHandles();
            long before = residentPages();
            for (int i = 0; i < 400; i++) {
                loss(learner, 1e-3, i);
            }
            assertThat(NativeScope.liveHandles()).isEqualTo(handles);
            assertThat(residentPages() - before).as("pages of 4 KB").isLessThan(8_000);
        }
    }

    /** Of Linux; elsewhere only handles are counted. */
    private static long residentPages() throws IOException {
        Path statm = Path.of("/proc/self/statm");
        return Files.isReadable(statm) ? Long.parseLong(Files.readString(statm).split(" ", -1)[1]) : 0;
    }
}
