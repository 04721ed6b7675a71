package dev.troupe.bench.quality;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.device.DeviceConfig;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeCompiler;
import dev.troupe.device.TorchDevice;
import dev.troupe.models.ModelCard;
import dev.troupe.models.hub.DownloadListener;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.tokenizer.Tokenizer;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.model.KvLayout;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.ModelRunner;
import dev.troupe.worker.model.NativeModel;
import dev.troupe.worker.model.StepInput;
import dev.troupe.worker.model.StepOutput;
import dev.troupe.worker.sampling.Distribution;
import dev.troupe.worker.sampling.LogitRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Perplexity of the default model over "Alice's Adventures in Wonderland" (Lewis Carroll, 1865, in the public domain), in windows of
 * {@value #WINDOW} tokens: the fast kernels against float32 arithmetic on the same weights. {@code -Dtroupe.perplexity.tokens=N} takes
 * more of the text than the tests do.
 */
class PerplexityTest {
    private static final int WINDOW = 512;
    private static final int TOKENS = Integer.getInteger("troupe.perplexity.tokens", WINDOW);
    private static final int MANY_ROWS = 128;
    private static final SlotRef SLOT = new SlotRef(0, WINDOW, 0);
    private static final LogitRequest RAW = new LogitRequest(false, 1, Set.of(), 1, Map.of(), true);

    private final TorchDevice device = TorchDevice.start(new DeviceConfig(
            "cpu",
            Integer.getInteger("troupe.perplexity.threads", 1),
            HubConfig.fromEnvironment().data().resolve("native")));

    @Test
    void fastKernelsAreWithinOnePercentOfFloat32() throws IOException {
        KernelPolicy fast = KernelPolicy.fast(device);
        double exact = perplexity("float32, plain operators", KernelPolicy.exact(), MANY_ROWS);
        double many = perplexity("kernels for many rows", fast.withoutInt4(), MANY_ROWS);
        assertThat(many).isCloseTo(exact, within(exact * 0.01));
        if (fast.fewRows() > 0) {
            double few = perplexity("kernels for few rows", fast, Math.min(4, fast.fewRows()));
            assertThat(few).isCloseTo(exact, within(exact * 0.01));
        }
    }

    @Test
    void ownKernelsAreWithinOnePercentOfFloat32() throws IOException {
        NativeModel.prepare(
                new NativeCompiler(HubConfig.fromEnvironment().data().resolve("native")));
        double exact = perplexity("float32, plain operators", KernelPolicy.exact(), MANY_ROWS);
        double own = perplexity(
                "our own kernels", weights -> NativeModel.load(weights, 2, new KvLayout(1, WINDOW, 0)), MANY_ROWS);
        assertThat(own).isCloseTo(exact, within(exact * 0.01));
    }

    private double perplexity(String kernels, KernelPolicy policy, int rows) throws IOException {
        return perplexity(
                kernels, weights -> ModelRunner.load(weights, device, policy, new KvLayout(1, WINDOW, 0)), rows);
    }

    private double perplexity(String kernels, Function<ModelWeights, Model> load, int rows) throws IOException {
        Path path = new ModelHub(HubConfig.fromEnvironment())
                .resolve(ModelHub.DEFAULT_MODEL, DownloadListener.SILENT)
                .path();
        try (var weights = ModelWeights.open(path)) {
            ModelCard card = TextParts.read(path)
                    .card(
                            "alice",
                            weights.fingerprint(),
                            WINDOW,
                            weights.config().vocab(),
                            Instant.EPOCH);
            int[] tokens = Tokenizer.from(card).encode(text(), false);
            assertThat(tokens).as("tokens of the text").hasSizeGreaterThanOrEqualTo(TOKENS);
            try (Model model = load.apply(weights)) {
                double sum = 0;
                int scored = 0;
                for (int from = 0; from + WINDOW <= TOKENS; from += WINDOW) {
                    sum += negativeLogLikelihood(model, TokenIds.of(tokens).slice(from, from + WINDOW), rows);
                    scored += WINDOW - 1;
                }
                double perplexity = Math.exp(sum / scored);
                System.err.printf(Locale.ROOT, "perplexity over %d tokens, %s: %.4f%n", scored, kernels, perplexity);
                return perplexity;
            }
        }
    }

    /** In nats, of every token of a window but its first. */
    private static double negativeLogLikelihood(Model model, TokenIds window, int rows) {
        double sum = 0;
        for (int start = 0; start < WINDOW - 1; start += rows) {
            int count = Math.min(rows, WINDOW - 1 - start);
            var chunk = new StepInput.Chunk(SLOT, start, window.slice(start, start + count), count);
            var input = new StepInput(List.of(), List.of(chunk));
            try (StepOutput output = model.step(input, Collections.nCopies(count, RAW))) {
                for (int i = 0; i < count; i++) {
                    sum -= logProbability(output.raw(i), window.get(start + i + 1));
                }
            }
        }
        return sum;
    }

    private static double logProbability(Distribution distribution, int token) {
        int rank = distribution.head().find(token);
        float logit = rank >= 0 ? distribution.head().logit(rank) : distribution.logits()[token];
        return logit - distribution.logSum();
    }

    private static String text() throws IOException {
        try (var in = PerplexityTest.class.getResourceAsStream("/alice-in-wonderland.txt")) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
