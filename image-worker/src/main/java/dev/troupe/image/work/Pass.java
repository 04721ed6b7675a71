package dev.troupe.image.work;

import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.image.ImageRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the model's thread does next, in this order: it forgets, takes in, hands over one finished picture, does one step of some, and shows
 * one on its way. One picture is decoded for each of the last two at most, so that no step waits longer.
 *
 * @param number counts passes
 * @param leaves that nobody wants any more; those that are not there are not missed
 * @param steps at most as many rows as go through the network at once, all of one size
 * @param checkpoints of those, which ones to tell the state of afterwards
 * @param rows of the network
 */
public record Pass(
        long number,
        List<String> leaves,
        List<Join> joins,
        Optional<String> finish,
        List<String> steps,
        Set<String> checkpoints,
        Optional<String> preview,
        int rows) {
    public Pass {
        leaves = List.copyOf(leaves);
        joins = List.copyOf(joins);
        steps = List.copyOf(steps);
        checkpoints = Set.copyOf(checkpoints);
    }

    /** @param begun where it goes on */
    public record Join(String id, String tenant, ImageRequest request, Optional<LatentCheckpoint> begun) {}
}
