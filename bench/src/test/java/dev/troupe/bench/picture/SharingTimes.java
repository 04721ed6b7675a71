package dev.troupe.bench.picture;

import dev.troupe.device.DeviceConfig;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.Denoiser;
import dev.troupe.image.ImageRequest;
import dev.troupe.image.model.BundledModel;
import dev.troupe.image.model.DiffusionModel;
import dev.troupe.image.schedule.Sampler;
import dev.troupe.models.hub.HubConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What sharing passes brings: pictures that come at the same moment, made one after the other and made together. {@code DIRECTORY|emoji SIDE
 * STEPS THREADS PICTURES...}
 */
public final class SharingTimes {
    private static final int TURNS = 3;

    private SharingTimes() {}

    public static void main(String[] args) throws Exception {
        int side = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        TorchDevice device = TorchDevice.start(new DeviceConfig(
                "cpu",
                Integer.parseInt(args[3]),
                HubConfig.fromEnvironment().data().resolve("native")));
        Path directory = args[0].equals("emoji")
                ? BundledModel.unpackInto(Files.createTempDirectory("emoji")).orElseThrow()
                : Path.of(args[0]);
        var model = DiffusionModel.load(directory, List.of(), device, KernelPolicy.fast(device));
        System.out.println("| pictures at once | | last, s | mean, s | pictures a second |\n|---|---|---|---|---|");
        try (var denoiser = new Denoiser(model, 64, 4)) {
            run(denoiser, side, steps, 2, true);
            for (int i = 4; i < args.length; i++) {
                int pictures = Integer.parseInt(args[i]);
                for (int turn = 0; turn < TURNS; turn++) {
                    report(pictures, "one by one", run(denoiser, side, steps, pictures, false));
                    report(pictures, "together", run(denoiser, side, steps, pictures, true));
                }
            }
        }
    }

    /** @return when each was done, in seconds */
    private static List<Double> run(Denoiser denoiser, int side, int steps, int pictures, boolean together) {
        long began = System.nanoTime();
        var ids = new ArrayList<String>();
        for (int i = 0; i < pictures; i++) {
            var request = new ImageRequest("a red cat", "", side, side, steps, 2.5, i, Sampler.DDIM, Optional.empty());
            denoiser.join("p" + i, "bench", request);
            ids.add("p" + i);
        }
        var done = new ArrayList<Double>();
        for (List<String> group :
                together ? List.of(ids) : ids.stream().map(List::of).toList()) {
            for (int step = 0; step < steps; step++) {
                denoiser.step(group);
            }
            for (String id : group) {
                denoiser.finish(id);
                done.add((System.nanoTime() - began) / 1e9);
            }
        }
        return done;
    }

    private static void report(int pictures, String how, List<Double> done) {
        double last = done.get(done.size() - 1);
        double mean = done.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        System.out.printf(
                Locale.ROOT, "| %d | %s | %.2f | %.2f | %.2f |%n", pictures, how, last, mean, pictures / last);
    }
}
