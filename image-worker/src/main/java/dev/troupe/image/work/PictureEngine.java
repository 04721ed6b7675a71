package dev.troupe.image.work;

import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.image.Denoiser;
import dev.troupe.image.Denoiser.Progress;
import dev.troupe.image.ImageModel;
import dev.troupe.image.LatentState;
import dev.troupe.image.Picture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Runs passes, one after the other. Belongs to the model's thread. */
public final class PictureEngine implements AutoCloseable {
    private static final int CACHED_TEXTS = 64;

    private final Denoiser denoiser;
    private final LongSupplier nanos;

    /**
     * @param model closed with this
     * @param nanos a clock that only grows
     */
    public PictureEngine(ImageModel model, int maxRows, LongSupplier nanos) {
        this.denoiser = new Denoiser(model, maxRows, CACHED_TEXTS);
        this.nanos = nanos;
    }

    /**
     * Does what the pass says. When the device fails in it, no picture has done a step, those that joined are here, and the same pass may be
     * run with fewer.
     *
     * @throws dev.troupe.device.DeviceException if the device fails
     */
    public PassResult run(Pass pass) {
        long began = nanos.getAsLong();
        pass.leaves().forEach(denoiser::cancel);
        Map<String, List<String>> joined = new HashMap<>();
        Map<String, String> refused = new HashMap<>();
        pass.joins().forEach(join -> join(join, joined, refused));
        // It stays here until the end of the pass is sure: should the device fail below, it is asked for again.
        Optional<Picture> finished = pass.finish().map(denoiser::look);
        Map<String, Progress> progress = new LinkedHashMap<>();
        joined.keySet().forEach(id -> progress.put(id, denoiser.progress(id)));
        List<String> steps = new ArrayList<>();
        for (String id : pass.steps()) {
            if (!refused.containsKey(id) && !denoiser.progress(id).isDone()) {
                steps.add(id);
            }
        }
        if (!steps.isEmpty()) {
            denoiser.step(steps).forEach(one -> progress.put(one.id(), one));
        }
        Map<String, LatentCheckpoint> checkpoints = new HashMap<>();
        pass.checkpoints().stream()
                .filter(id -> isOnItsWay(progress.get(id)))
                .forEach(id -> checkpoints.put(id, checkpoint(id)));
        Optional<Picture> preview =
                pass.preview().filter(id -> isOnItsWay(progress.get(id))).map(denoiser::preview);
        pass.finish().ifPresent(denoiser::cancel);
        return new PassResult(
                pass,
                joined,
                refused,
                List.copyOf(progress.values()),
                checkpoints,
                finished,
                preview,
                (nanos.getAsLong() - began) / 1_000);
    }

    private void join(Pass.Join join, Map<String, List<String>> joined, Map<String, String> refused) {
        try {
            denoiser.cancel(join.id());
            joined.put(
                    join.id(),
                    join.begun().isPresent()
                            ? denoiser.resume(
                                    join.id(),
                                    join.tenant(),
                                    join.request(),
                                    state(join.begun().get()))
                            : denoiser.join(join.id(), join.tenant(), join.request()));
        } catch (IllegalArgumentException e) {
            refused.put(join.id(), String.valueOf(e.getMessage()));
        }
    }

    private static boolean isOnItsWay(Progress progress) {
        return progress != null && progress.failure().isEmpty() && progress.done() > 0;
    }

    private LatentCheckpoint checkpoint(String id) {
        LatentState state = denoiser.state(id);
        return new LatentCheckpoint(state.step(), state.latents(), state.estimate());
    }

    private static LatentState state(LatentCheckpoint checkpoint) {
        return new LatentState(checkpoint.step(), checkpoint.latents(), checkpoint.estimate());
    }

    /** @return pictures that are here */
    public int size() {
        return denoiser.size();
    }

    @Override
    public void close() {
        denoiser.close();
    }
}
