package dev.troupe.bench.cost;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.device.DeviceConfig;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.NativeCompiler;
import dev.troupe.device.TorchDevice;
import dev.troupe.models.hub.DownloadListener;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.model.KvLayout;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.ModelRunner;
import dev.troupe.worker.model.NativeModel;
import dev.troupe.worker.model.StepInput;
import dev.troupe.worker.sampling.LogitRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/**
 * Time and memory of one step of the worker, without batcher and HTTP, against the number of sequences and their length. No test: its name
 * keeps it out of the build. {@code -Dtroupe.cost.slabs=N} gives it room for N whole contexts, {@code -Dtroupe.cost.model=NAME|FILE} another
 * model, {@code -Dtroupe.cost.threads=N} other threads, {@code -Dtroupe.cost.pytorch=true} PyTorch's kernels.
 */
class CostGrowth {
    private static final int SLABS = Integer.getInteger("troupe.cost.slabs", 8);
    private static final int THREADS = Integer.getInteger("troupe.cost.threads", 0);
    private static final boolean PYTORCH = Boolean.getBoolean("troupe.cost.pytorch");
    private static final int[] BATCHES = {1, 2, 4, 8, 16, 32, 64};
    private static final int[] CONTEXTS = {64, 256, 1024, 4096, 8192};
    private static final int[] CHUNKS = {64, 128, 256, 512};
    private static final int SMALLEST_SLOT = 256;
    private static final int WARM_UP = 2;
    private static final int MOST_STEPS = 30;
    private static final long LONG_ENOUGH_NANOS = 500_000_000;

    /** What a kind of step costs: the median time, and what resident memory rose to above what it was before. */
    private record Cost(double millis, long workBytes) {}

    @Test
    void table() throws IOException {
        String name = System.getProperty("troupe.cost.model", ModelHub.DEFAULT_MODEL);
        Path path = new ModelHub(HubConfig.fromEnvironment())
                .resolve(name, DownloadListener.SILENT)
                .path();
        try (ModelWeights weights = ModelWeights.open(path)) {
            int context = weights.config().contextLength();
            long before = resident("VmRSS");
            try (Model model = load(weights, new KvLayout(SLABS, context, 0))) {
                say("%s, %s%n", path.getFileName(), PYTORCH ? "PyTorch's kernels" : "our own kernels");
                say("resident: %d MB before the weights, %d MB after%n", before >> 20, resident("VmRSS") >> 20);
                fill(model, context);
                decodes(model, context);
                prompts(model, context);
            }
        }
    }

    private static Model load(ModelWeights weights, KvLayout kv) {
        Path natives = HubConfig.fromEnvironment().data().resolve("native");
        if (PYTORCH) {
            TorchDevice device = TorchDevice.start(new DeviceConfig("auto", THREADS, natives));
            return ModelRunner.load(weights, device, KernelPolicy.fast(device), kv);
        }
        NativeModel.prepare(new NativeCompiler(natives));
        return NativeModel.load(
                weights, THREADS > 0 ? THREADS : Runtime.getRuntime().availableProcessors(), kv);
    }

    private static void decodes(Model model, int context) throws IOException {
        say("%ndecode, ms a step | MB of working memory%n");
        header("length \\ sequences", BATCHES);
        for (int length : CONTEXTS) {
            row(length, BATCHES, batch -> {
                int capacity = capacity(length, context);
                if (length > context || batch > SLABS * (context / capacity)) {
                    return Optional.empty();
                }
                List<StepInput.Decode> rows = new ArrayList<>();
                for (int i = 0; i < batch; i++) {
                    rows.add(new StepInput.Decode(slot(i, capacity, context), length - 1, 100 + i));
                }
                return Optional.of(cost(model, new StepInput(rows, List.of())));
            });
        }
    }

    private static void prompts(Model model, int context) throws IOException {
        say("%nprompt of one sequence, ms a step | MB of working memory%n");
        header("length \\ rows", CHUNKS);
        for (int length : CONTEXTS) {
            row(length, CHUNKS, rows -> {
                if (length > context || rows > length) {
                    return Optional.empty();
                }
                var chunk = new StepInput.Chunk(
                        slot(0, capacity(length, context), context), length - rows, tokens(rows), 1);
                return Optional.of(cost(model, new StepInput(List.of(), List.of(chunk))));
            });
        }
    }

    /** Every page of the memory is touched, with keys and values of a real text's shape. */
    private static void fill(Model model, int context) {
        SlotRef first = new SlotRef(0, context, 0);
        int rows = Math.min(512, context);
        for (int at = 0; at + rows <= context; at += rows) {
            var chunk = new StepInput.Chunk(first, at, tokens(rows), 0);
            model.step(new StepInput(List.of(), List.of(chunk)), List.of()).close();
        }
        for (int slab = 1; slab < SLABS; slab++) {
            model.copy(new KvCopy.Move(first, new SlotRef(slab, context, 0), context));
        }
    }

    private static Cost cost(Model model, StepInput input) throws IOException {
        List<LogitRequest> requests = Collections.nCopies(input.sampled(), LogitRequest.LIKELIEST);
        for (int i = 0; i < WARM_UP; i++) {
            model.step(input, requests).close();
        }
        trim();
        resetPeak();
        long before = resident("VmRSS");
        long begun = System.nanoTime();
        double[] millis = new double[MOST_STEPS];
        int steps = 0;
        while (steps < 3 || (steps < MOST_STEPS && System.nanoTime() - begun < LONG_ENOUGH_NANOS)) {
            long start = System.nanoTime();
            model.step(input, requests).close();
            millis[steps++] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis, 0, steps);
        return new Cost(millis[steps / 2], Math.max(0, resident("VmHWM") - before));
    }

    private static int capacity(int length, int context) {
        int capacity = SMALLEST_SLOT;
        while (capacity < length) {
            capacity *= 2;
        }
        return Math.min(capacity, context);
    }

    private static SlotRef slot(int number, int capacity, int context) {
        int perSlab = context / capacity;
        return new SlotRef(number / perSlab, capacity, number % perSlab);
    }

    private static TokenIds tokens(int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = 100 + i * 37 % 1000;
        }
        return TokenIds.of(ids);
    }

    private static void header(String corner, int[] columns) {
        say("%18s", corner);
        for (int column : columns) {
            say("%14d", column);
        }
        say("%n");
    }

    private interface Cell {
        /** @return empty where there is no room for it */
        Optional<Cost> of(int column) throws IOException;
    }

    private static void row(int length, int[] columns, Cell cell) throws IOException {
        say("%18d", length);
        for (int column : columns) {
            say("%14s", cell.of(column).map(CostGrowth::text).orElse("-"));
        }
        say("%n");
    }

    private static String text(Cost cost) {
        return String.format(Locale.ROOT, "%.1f | %d", cost.millis(), cost.workBytes() >> 20);
    }

    private static void say(String format, Object... arguments) {
        System.err.printf(Locale.ROOT, format, arguments);
    }

    /** What earlier steps have freed goes back, so that this one is seen to take what it needs. */
    private static void trim() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
        } catch (JMException e) {
            say("(the C library keeps its memory here: %s)%n", e.getMessage());
        }
    }

    /** The kernel's count of the highest resident memory begins anew; where it may not, the column of memory shows too much. */
    private static void resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException e) {
            say("(the peak of memory cannot be reset here: %s)%n", e.getMessage());
        }
    }

    private static long resident(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0L);
    }
}
