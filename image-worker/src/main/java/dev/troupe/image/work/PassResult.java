package dev.troupe.image.work;

import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.image.Denoiser;
import dev.troupe.image.Picture;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a {@link Pass}.
 *
 * @param joined of those that joined, what whoever asked should be told
 * @param refused those that could not, with the reason in words for whoever asked
 * @param progress of all that joined or were to do a step
 * @param micros that it took
 */
public record PassResult(
        Pass pass,
        Map<String, List<String>> joined,
        Map<String, String> refused,
        List<Denoiser.Progress> progress,
        Map<String, LatentCheckpoint> checkpoints,
        Optional<Picture> finished,
        Optional<Picture> preview,
        long micros) {
    public PassResult {
        joined = Map.copyOf(joined);
        refused = Map.copyOf(refused);
        progress = List.copyOf(progress);
        checkpoints = Map.copyOf(checkpoints);
    }
}
