package dev.troupe.bench.picture;

import dev.troupe.device.DeviceConfig;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.Denoiser;
import dev.troupe.image.ImageRequest;
import dev.troupe.image.model.DiffusionModel;
import dev.troupe.image.schedule.Sampler;
import dev.troupe.models.hub.HubConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Seconds that a denoising step of some pictures at once takes, guided, so two rows each. {@code DIRECTORY SIDE STEPS THREADS
 * PICTURES...}; {@code bench/picture_check} runs it in turn with diffusers. With {@code -Dplain}, without oneDNN's order of weights.
 */
public final class StepTimes {
    private StepTimes() {}

    public static void main(String[] args) throws Exception {
        int side = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        TorchDevice device = TorchDevice.start(new DeviceConfig(
                "cpu",
                Integer.parseInt(args[3]),
                HubConfig.fromEnvironment().data().resolve("native")));
        KernelPolicy policy = System.getProperty("plain") == null ? KernelPolicy.fast(device) : KernelPolicy.exact();
        var model = DiffusionModel.load(Path.of(args[0]), List.of(), device, policy);
        int most = 2 * 8;
        try (var denoiser = new Denoiser(model, most, 4)) {
            for (int i = 4; i < args.length; i++) {
                time(denoiser, side, steps, Integer.parseInt(args[i]));
            }
        }
    }

    private static void time(Denoiser denoiser, int side, int steps, int pictures) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < pictures; i++) {
            String id = pictures + "-" + i;
            var request =
                    new ImageRequest("a red cat", "", side, side, steps + 2, 7.5, i, Sampler.EULER, Optional.empty());
            denoiser.join(id, "bench", request);
            ids.add(id);
        }
        denoiser.step(ids);
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < steps; i++) {
            long began = System.nanoTime();
            denoiser.step(ids);
            seconds.add((System.nanoTime() - began) / 1e9);
        }
        ids.forEach(denoiser::cancel);
        Collections.sort(seconds);
        System.out.printf(
                Locale.ROOT,
                "troupe pictures %d step_s %.3f min %.3f%n",
                pictures,
                seconds.get(seconds.size() / 2),
                seconds.get(0));
    }
}
