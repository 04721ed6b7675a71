package dev.troupe.image.schedule;

import java.util.List;

/**
 * All steps of one picture.
 *
 * @param steps in order; empty where a picture starts from another that nothing is to be changed of
 * @param noiseScale what unit noise is multiplied by to be the latents before the first step, for a picture that starts from
 *     nothing but noise
 * @param skipped steps that the whole way has before these
 */
public record DenoisingPlan(List<DenoisingStep> steps, double noiseScale, int skipped) {
    public DenoisingPlan {
        steps = List.copyOf(steps);
    }

    public int size() {
        return steps.size();
    }
}
