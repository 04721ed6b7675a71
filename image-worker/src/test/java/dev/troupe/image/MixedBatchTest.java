package dev.troupe.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.device.NativeScope;
import dev.troupe.image.schedule.Sampler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pictures of every kind in one batch, against each of them alone, on the tiny model. */
class MixedBatchTest {
    private static final double TOLERANCE = 1e-4;
    private static Denoiser denoiser;
    private static final Map<String, ImageRequest> REQUESTS = requests();

    @BeforeAll
    static void load() {
        denoiser = new Denoiser(TinySd.load(), 32, 64);
    }

    @AfterAll
    static void close() {
        denoiser.close();
    }

    private static Map<String, ImageRequest> requests() {
        var requests = new LinkedHashMap<String, ImageRequest>();
        List<String> prompts = List.of("a red apple on a table", "the moon over the sea", "a green tree", "");
        int i = 0;
        for (Sampler sampler : Sampler.values()) {
            for (double guidance : new double[] {1, 4.5}) {
                int side = i % 5 == 4 ? 12 : TinySd.SIDE;
                Optional<ImageRequest.Source> source = i % 3 == 2 && side == TinySd.SIDE
                        ? Optional.of(new ImageRequest.Source(
                                TinySd.picture(), 0.6, i % 2 == 0 ? Optional.of(half()) : Optional.empty()))
                        : Optional.empty();
                requests.put(
                        sampler + " " + guidance,
                        new ImageRequest(
                                prompts.get(i % 4), "blue", side, side, 4 + i, guidance, 100 + i, sampler, source));
                i++;
            }
        }
        return requests;
    }

    /** The left half may change. */
    private static Mask half() {
        var values = new float[TinySd.SIDE * TinySd.SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % TinySd.SIDE < TinySd.SIDE / 2 ? 1 : 0;
        }
        return new Mask(TinySd.SIDE, TinySd.SIDE, values);
    }

    private static void join(String id, ImageRequest request) {
        denoiser.join(id, "t", request);
    }

    /** States after each step, and the picture. */
    private record Way(List<LatentState> states, Picture picture) {}

    private static Way alone(ImageRequest request) {
        join("alone", request);
        var states = new ArrayList<LatentState>();
        while (!denoiser.progress("alone").isDone()) {
            denoiser.step(List.of("alone"));
            states.add(denoiser.state("alone"));
        }
        return new Way(states, denoiser.finish("alone"));
    }

    private static void assertNear(LatentState actual, LatentState expected) {
        double size = 1;
        for (float value : expected.latents()) {
            size = Math.max(size, Math.abs(value));
        }
        // Euler's latents are as large as their noise, some forty; the tolerance is that of numbers of size one.
        assertThat(TinySd.distance(actual.latents(), expected.latents())).isLessThan(TOLERANCE * size);
    }

    /** They join at different steps, rest now and then, and one is cancelled in between. */
    @Test
    void everyPictureOfAMixedBatchIsThePictureAlone() {
        var ways = new HashMap<String, Way>();
        REQUESTS.forEach((id, request) -> ways.put(id, alone(request)));
        var random = new Random(11);
        var waiting = new ArrayList<>(REQUESTS.keySet());
        var running = new ArrayList<String>();
        int finished = 0;
        join("cancelled", REQUESTS.get("euler_a 4.5"));
        while (!waiting.isEmpty() || !running.isEmpty()) {
            for (int i = 0; i < 2 && !waiting.isEmpty(); i++) {
                String id = waiting.remove(0);
                join(id, REQUESTS.get(id));
                running.add(id);
            }
            var moving = new ArrayList<>(
                    running.stream().filter(id -> random.nextInt(4) > 0).toList());
            if (waiting.size() == 6) {
                assertThat(denoiser.cancel("cancelled")).isTrue();
            } else if (waiting.size() > 6) {
                moving.add("cancelled");
            }
            for (Denoiser.Progress progress : denoiser.step(moving)) {
                String id = progress.id();
                if (!id.equals("cancelled")) {
                    assertNear(denoiser.state(id), ways.get(id).states().get(progress.done() - 1));
                    if (progress.isDone()) {
                        Picture picture = denoiser.finish(id);
                        assertThat(TinySd.distance(
                                        picture.values(), ways.get(id).picture().values()))
                                .isLessThan(TOLERANCE);
                        running.remove(id);
                        finished++;
                    }
                }
            }
        }
        assertThat(finished).isEqualTo(12);
        assertThat(denoiser.size()).isZero();
    }

    /** Nothing of a picture is needed but its request: seed and number of the step give its noise. */
    @Test
    void pictureIsMadeAgainFromItsRequestAmongOtherNeighbours() {
        ImageRequest lost = REQUESTS.get("euler_a 4.5");
        Way way = alone(lost);
        join("neighbour", REQUESTS.get("lcm 1.0"));
        denoiser.step(List.of("neighbour"));
        join("again", lost);
        for (int i = 0; i < way.states().size(); i++) {
            var moving = new ArrayList<>(List.of("again"));
            if (!denoiser.progress("neighbour").isDone()) {
                moving.add("neighbour");
            }
            denoiser.step(moving);
            assertNear(denoiser.state("again"), way.states().get(i));
        }
        denoiser.cancel("neighbour");
        denoiser.finish("again");
    }

    @Test
    void pictureGoesOnFromEachOfItsStates() {
        for (String id : List.of("euler_a 4.5", "dpmpp_2m 4.5", "lcm 1.0")) {
            ImageRequest request = REQUESTS.get(id);
            Way way = alone(request);
            LatentState middle = way.states().get(way.states().size() / 2);
            denoiser.resume("moved", "t", request, middle);
            while (!denoiser.progress("moved").isDone()) {
                denoiser.step(List.of("moved"));
            }
            assertThat(denoiser.finish("moved")).as(id).isEqualTo(way.picture());
        }
    }

    @Test
    void otherSeedIsAnotherPictureAndTheSameSeedTheSame() {
        ImageRequest one = REQUESTS.get("ddim 1.0");
        var other = new ImageRequest(
                one.prompt(),
                one.negativePrompt(),
                one.width(),
                one.height(),
                one.steps(),
                one.guidance(),
                one.seed() + 1,
                one.sampler(),
                one.source());
        Picture picture = alone(one).picture();
        assertThat(alone(one).picture()).isEqualTo(picture);
        assertThat(TinySd.distance(alone(other).picture().values(), picture.values()))
                .isGreaterThan(0.02);
    }

    @Test
    void previewOfTheLastStepIsThePicture() {
        join("p", REQUESTS.get("dpmpp_2m 1.0"));
        while (!denoiser.progress("p").isDone()) {
            denoiser.step(List.of("p"));
        }
        Picture preview = denoiser.preview("p");
        assertThat(TinySd.distance(preview.values(), denoiser.finish("p").values()))
                .isLessThan(TOLERANCE);
    }

    @Test
    void stepsLeaveNoHandle() {
        long before = NativeScope.liveHandles();
        alone(REQUESTS.get("dpmpp_2m_karras 4.5"));
        assertThat(NativeScope.liveHandles()).isEqualTo(before);
    }
}
