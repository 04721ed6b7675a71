package dev.troupe.image.train;

import dev.troupe.device.KernelPolicy;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.Denoiser;
import dev.troupe.image.ImageRequest;
import dev.troupe.image.Picture;
import dev.troupe.image.model.DiffusionModel;
import dev.troupe.image.schedule.Sampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a model for pictures as the engine does that serves it. */
final class Painter implements AutoCloseable {
    private static final int ROWS = 64;

    private final Denoiser denoiser;
    private final Way way;

    /**
     * How pictures are made.
     *
     * @param guidance see {@link ImageRequest}
     */
    record Way(Sampler sampler, int steps, double guidance) {
        static final Way DEFAULT = new Way(Sampler.DDIM, 12, 2);

        @Override
        public String toString() {
            return sampler + ", " + steps + " steps, guidance " + guidance;
        }
    }

    private Painter(Denoiser denoiser, Way way) {
        this.denoiser = denoiser;
        this.way = way;
    }

    static Painter load(Path folder, Way way, TorchDevice device) throws IOException {
        var model = DiffusionModel.load(folder, List.of(), device, KernelPolicy.exact());
        return new Painter(new Denoiser(model, ROWS, 4096), way);
    }

    /** One picture of each prompt; equal prompts at different places have different seeds. */
    List<Canvas> paint(List<String> prompts, long firstSeed) {
        var all = new ArrayList<Canvas>();
        for (int at = 0; at < prompts.size(); at += ROWS) {
            var ids = new ArrayList<String>();
            for (int i = at; i < Math.min(prompts.size(), at + ROWS); i++) {
                String id = Integer.toString(i);
                denoiser.join(id, "training", request(prompts.get(i), firstSeed + i));
                ids.add(id);
            }
            for (int step = 0; step < way.steps(); step++) {
                denoiser.step(ids);
            }
            ids.forEach(id -> all.add(canvas(denoiser.finish(id))));
        }
        return all;
    }

    private ImageRequest request(String prompt, long seed) {
        return new ImageRequest(
                prompt,
                "",
                EmojiData.SIDE,
                EmojiData.SIDE,
                way.steps(),
                way.guidance(),
                seed,
                way.sampler(),
                Optional.empty());
    }

    private static Canvas canvas(Picture picture) {
        float[] values = picture.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * values[i] - 1;
        }
        return Canvas.ofStraight(picture.width(), values);
    }

    @Override
    public void close() {
        denoiser.close();
    }
}
