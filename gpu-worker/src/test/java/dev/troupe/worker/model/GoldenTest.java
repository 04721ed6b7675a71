package dev.troupe.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.SlotRef;
import dev.troupe.device.KernelPolicy;
import dev.troupe.models.hub.DownloadListener;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.worker.sampling.Distribution;
import dev.troupe.worker.sampling.LogitRequest;
import dev.troupe.worker.sampling.Ranking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The real models against their references, in every kind of kernel. Downloads the models unless they are there. */
class GoldenTest {
    /** Where the reference's first two are nearer than this, rounding may decide between them. */
    private static final double NEAR_TIE = 0.2;

    private static final String SMOLLM = "smollm2-135m-instruct";
    private static final String GEMMA = "gemma-3-270m";
    private static Model loaded;
    private static String loadedAs = "";

    private static List<Golden> texts(String model) throws IOException {
        return model.equals(SMOLLM)
                ? Golden.read("smollm2-135m-q4_1.json", "chat")
                : Golden.read("gemma-3-270m-q4_k_m.json", "completion");
    }

    /** One at a time: a model takes up to two gigabytes. */
    private static Model model(String id, KernelPolicy policy) throws IOException {
        return model(id, policy.toString(), path -> TestModels.load(path, policy));
    }

    /** In kernels of our own. */
    private static Model own(String id) throws IOException {
        return model(id, "own kernels", TestModels::loadNative);
    }

    private interface Loader {
        Model load(Path path) throws IOException;
    }

    private static Model model(String id, String kernels, Loader loader) throws IOException {
        String as = id + kernels;
        if (!as.equals(loadedAs)) {
            close();
            var hub = new ModelHub(HubConfig.fromEnvironment());
            loaded = loader.load(hub.resolve(id, DownloadListener.SILENT).path());
            loadedAs = as;
        }
        return loaded;
    }

    @AfterAll
    static void close() {
        if (loaded != null) {
            loaded.close();
            loaded = null;
            loadedAs = "";
        }
    }

    private static KernelPolicy fast() {
        return KernelPolicy.fast(TestModels.cpu());
    }

    /** How far the model is from the reference when it is fed the reference's tokens. */
    private static final class Distance {
        private int steps;
        private double sum;
        private double largest;
        private int wrongWhereClear;

        private void add(Distribution raw, Golden.Step step) {
            Ranking head = raw.head();
            int rank = head.find(step.token());
            float logit = rank < 0 ? raw.logits()[step.token()] : head.logit(rank);
            double distance = Math.abs(logit - raw.logSum() - step.logprob());
            steps++;
            sum += distance;
            largest = Math.max(largest, distance);
            if (step.lead() > NEAR_TIE && head.id(0) != step.best()) {
                wrongWhereClear++;
            }
        }

        private void assertWithin(double mean, double most) {
            assertThat(steps).isGreaterThan(100);
            assertThat(sum / steps).as("mean difference of log-probability").isLessThanOrEqualTo(mean);
            assertThat(largest).as("largest difference of log-probability").isLessThanOrEqualTo(most);
            assertThat(wrongWhereClear)
                    .as("wrong tokens where the reference is clear")
                    .isZero();
        }
    }

    /** One text at a time, token by token: the kernels for few rows, if the policy has any. */
    private static Distance alone(Model model, List<Golden> texts) {
        var distance = new Distance();
        var slot = new SlotRef(1, 512, 1);
        for (Golden text : texts) {
            for (int i = 0; i < text.steps().size(); i++) {
                var input = i == 0
                        ? new StepInput(List.of(), List.of(new StepInput.Chunk(slot, 0, text.prompt(), 1)))
                        : new StepInput(List.of(decode(text, i, slot)), List.of());
                try (StepOutput output = model.step(input, List.of(TestModels.RAW))) {
                    distance.add(output.raw(0), text.steps().get(i));
                }
            }
        }
        return distance;
    }

    /** All texts side by side: the kernels for many rows, and batched attention. */
    private static Distance together(Model model, List<Golden> texts) {
        var distance = new Distance();
        var prompts = new ArrayList<StepInput.Chunk>();
        for (int t = 0; t < texts.size(); t++) {
            prompts.add(new StepInput.Chunk(slot(t), 0, texts.get(t).prompt(), 1));
        }
        measure(model, new StepInput(List.of(), prompts), texts, 0, distance);
        int longest = texts.stream().mapToInt(text -> text.steps().size()).max().orElseThrow();
        for (int i = 1; i < longest; i++) {
            int step = i;
            var running =
                    texts.stream().filter(text -> text.steps().size() > step).toList();
            var decodes = running.stream()
                    .map(text -> decode(text, step, slot(texts.indexOf(text))))
                    .toList();
            measure(model, new StepInput(decodes, List.of()), running, i, distance);
        }
        return distance;
    }

    private static void measure(Model model, StepInput input, List<Golden> texts, int step, Distance distance) {
        try (StepOutput output = model.step(input, Collections.nCopies(texts.size(), TestModels.RAW))) {
            for (int t = 0; t < texts.size(); t++) {
                distance.add(output.raw(t), texts.get(t).steps().get(step));
            }
        }
    }

    private static SlotRef slot(int text) {
        return new SlotRef(text / 4, 256, text % 4);
    }

    private static StepInput.Decode decode(Golden text, int step, SlotRef slot) {
        int position = text.prompt().size() + step - 1;
        return new StepInput.Decode(slot, position, text.steps().get(step - 1).token());
    }

    @Test
    void smollmInOwnKernelsIsNearTheReference() throws IOException {
        alone(own(SMOLLM), texts(SMOLLM)).assertWithin(0.03, 0.3);
        together(own(SMOLLM), texts(SMOLLM)).assertWithin(0.03, 0.3);
    }

    @Test
    void gemmaInOwnKernelsIsNearTheReference() throws IOException {
        alone(own(GEMMA), texts(GEMMA)).assertWithin(0.03, 0.3);
        together(own(GEMMA), texts(GEMMA)).assertWithin(0.03, 0.3);
    }

    @Test
    void smollmInKernelsForFewRowsIsNearTheReference() throws IOException {
        alone(model(SMOLLM, fast()), texts(SMOLLM)).assertWithin(0.03, 0.3);
    }

    @Test
    void smollmInKernelsForManyRowsIsNearTheReference() throws IOException {
        alone(model(SMOLLM, fast().withoutInt4()), texts(SMOLLM)).assertWithin(0.03, 0.3);
    }

    @Test
    void smollmInOneBatchIsNearTheReference() throws IOException {
        together(model(SMOLLM, fast()), texts(SMOLLM)).assertWithin(0.03, 0.3);
    }

    @Test
    void smollmInFloat32IsTheReference() throws IOException {
        alone(model(SMOLLM, KernelPolicy.exact()), texts(SMOLLM)).assertWithin(0.002, 0.002);
        together(model(SMOLLM, KernelPolicy.exact()), texts(SMOLLM)).assertWithin(0.002, 0.002);
    }

    @Test
    void gemmaInKernelsForFewRowsIsNearTheReference() throws IOException {
        alone(model(GEMMA, fast()), texts(GEMMA)).assertWithin(0.03, 0.3);
    }

    @Test
    void gemmaInKernelsForManyRowsIsNearTheReference() throws IOException {
        alone(model(GEMMA, fast().withoutInt4()), texts(GEMMA)).assertWithin(0.03, 0.3);
    }

    @Test
    void gemmaInOneBatchIsNearTheReference() throws IOException {
        together(model(GEMMA, fast()), texts(GEMMA)).assertWithin(0.03, 0.3);
    }

    @Test
    void gemmaInFloat32IsTheReference() throws IOException {
        alone(model(GEMMA, KernelPolicy.exact()), texts(GEMMA)).assertWithin(0.002, 0.002);
    }

    @Test
    void greedyTextIsTheReferencesUpToTheFirstNearTie() throws IOException {
        for (String id : List.of(SMOLLM, GEMMA)) {
            for (Golden text : texts(id)) {
                int clear = text.clearSteps(NEAR_TIE);
                Integer[] expected = text.steps().stream()
                        .limit(clear)
                        .map(Golden.Step::token)
                        .toArray(Integer[]::new);
                assertThat(greedy(model(id, fast()), text, clear)).containsExactly(expected);
            }
        }
    }

    /** One text with fifteen others that start before and after it, against the same text alone. */
    @Test
    void textAmongFifteenOthersIsTheTextAloneUpToTheFirstNearTie() throws IOException {
        var model = model(SMOLLM, fast());
        var texts = texts(SMOLLM);
        for (int chosen = 0; chosen < texts.size(); chosen += 4) {
            Golden text = texts.get(chosen);
            int clear = text.clearSteps(NEAR_TIE);
            assertThat(greedyAmongOthers(model, text, texts, clear)).isEqualTo(greedy(model, text, clear));
        }
    }

    private static List<Integer> greedyAmongOthers(Model model, Golden text, List<Golden> others, int count) {
        var slots = new ArrayList<SlotRef>();
        var last = new ArrayList<Integer>();
        var lengths = new ArrayList<Integer>();
        var produced = new ArrayList<Integer>();
        for (int step = 0; step < count + 8; step++) {
            var chunks = new ArrayList<StepInput.Chunk>();
            int joining = slots.size();
            if (joining < 16) { // two join at each step; the chosen one is the tenth
                for (int i = joining; i < joining + 2; i++) {
                    Golden joined = i == 9 ? text : others.get(i % others.size());
                    slots.add(new SlotRef(i / 4, 256, i % 4));
                    lengths.add(joined.prompt().size());
                    chunks.add(new StepInput.Chunk(slots.get(i), 0, joined.prompt(), 1));
                }
            }
            var decodes = new ArrayList<StepInput.Decode>();
            for (int i = 0; i < joining; i++) {
                decodes.add(new StepInput.Decode(slots.get(i), lengths.get(i), last.get(i)));
                lengths.set(i, lengths.get(i) + 1);
            }
            var input = new StepInput(decodes, chunks);
            try (StepOutput output = model.step(input, Collections.nCopies(slots.size(), LogitRequest.LIKELIEST))) {
                last.clear();
                for (int i = 0; i < slots.size(); i++) {
                    last.add(output.likeliest(i));
                }
            }
            if (slots.size() > 9 && produced.size() < count) {
                produced.add(last.get(9));
            }
        }
        return produced;
    }

    private static List<Integer> greedy(Model model, Golden text, int count) {
        var slot = new SlotRef(3, 1024, 0);
        var produced = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            var input = i == 0
                    ? new StepInput(List.of(), List.of(new StepInput.Chunk(slot, 0, text.prompt(), 1)))
                    : new StepInput(
                            List.of(new StepInput.Decode(slot, text.prompt().size() + i - 1, produced.get(i - 1))),
                            List.of());
            try (StepOutput output = model.step(input, List.of(LogitRequest.LIKELIEST))) {
                produced.add(output.likeliest(0));
            }
        }
        return produced;
    }
}
