package dev.troupe.node;

import dev.troupe.models.hub.ModelHub;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that {@code serve} and {@code node} share. */
final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "NAME|FILE|DIR",
            description = "Name from the catalogue (see troupe models), GGUF file or Hugging Face directory"
                    + " (default: ${DEFAULT-VALUE}).")
    String model = ModelHub.DEFAULT_MODEL;

    @Option(
            names = "--image-model",
            paramLabel = "NAME|DIR",
            description =
                    "What makes pictures: troupe-emoji, which comes with Troupe, or a directory of Stable Diffusion in"
                            + " diffusers' layout; none: no pictures (default: troupe-emoji, where pictures are made).")
    private String imageModel;

    private static final String NO_MODEL = "none";

    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda:N",
            description = "Where the model runs (default: ${DEFAULT-VALUE}).")
    String device = "auto";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads of one step on the CPU; fewer than cores where other programs want them too (default:"
                            + " one a core).")
    int threads;

    @Option(
            names = "--kernels",
            paramLabel = "auto|own|pytorch",
            description =
                    "What computes on the CPU: our own kernels, compiled once by this machine's C compiler, or PyTorch's"
                            + " (default: ${DEFAULT-VALUE}: our own where they can be had).")
    Kernels kernels = Kernels.AUTO;

    @Option(
            names = "--kv-memory",
            paramLabel = "SIZE",
            converter = MemorySize.Converter.class,
            description =
                    "Memory for what running requests and cached prefixes hold, such as 512m or 4g (default: a fifth of"
                            + " the available memory, at most 2g; on a GPU what is free beside the model).")
    private MemorySize kvMemory;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            converter = Seconds.class,
            description = "How long running requests may take to end after Ctrl-C (default: 30s).")
    Duration drainTimeout = Duration.ofSeconds(30);

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            description = "Requests that a router has at work at once; more are answered 429 (default: 4096).")
    private int maxRequests = Limits.DEFAULT.requests();

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            description = "Answers that wait for a batcher to begin them; more are refused with a time to come back"
                    + " (default: 1000). Each keeps its prompt in memory.")
    private int maxWaiting = Limits.DEFAULT.waiting();

    @Option(
            names = "--max-wait",
            paramLabel = "TIME",
            converter = Seconds.class,
            description =
                    "How long an answer may be expected to wait before it begins; what would wait longer is refused"
                            + " with a time to come back (default: 30s).")
    private Duration maxWait = Limits.DEFAULT.longestWait();

    /** @param usual what is meant where nothing is said */
    Optional<String> imageModel(Optional<String> usual) {
        return imageModel == null ? usual : Optional.of(imageModel).filter(name -> !name.equals(NO_MODEL));
    }

    Limits limits() {
        return new Limits(maxRequests, maxWaiting, maxWait);
    }

    Optional<Long> kvMemory() {
        return Optional.ofNullable(kvMemory).map(MemorySize::bytes);
    }
}
