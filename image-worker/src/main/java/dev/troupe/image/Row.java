package dev.troupe.image;

import dev.troupe.image.schedule.DenoisingPlan;
import dev.troupe.image.schedule.DenoisingStep;
import dev.troupe.image.schedule.Noise;
import dev.troupe.image.schedule.Prediction;

/** One picture on its way. It knows nothing of the others. */
final class Row {
    private final ImageRequest request;
    private final LatentSize size;
    private final DenoisingPlan plan;
    private final Prediction prediction;
    private final TextEmbedding prompt;
    private final TextEmbedding negative;
    private final float[] source; // latents; empty for none
    private final float[] mask; // [height, width] of the latents; empty for none
    private float[] latents;
    private float[] estimate = {};
    private int step;

    /**
     * @param negative read only where the request is guided
     * @param source latents to start from; empty for none
     * @param mask of the latents; empty for none
     */
    Row(
            ImageRequest request,
            LatentSize size,
            DenoisingPlan plan,
            Prediction prediction,
            TextEmbedding prompt,
            TextEmbedding negative,
            float[] source,
            float[] mask) {
        this.request = request;
        this.size = size;
        this.plan = plan;
        this.prediction = prediction;
        this.prompt = prompt;
        this.negative = negative;
        this.source = source;
        this.mask = mask;
        this.latents = begin();
    }

    private float[] begin() {
        // At full strength whatever is under the mask is made from nothing but noise; a picture without a mask always
        // leaves a trace.
        boolean fromNoise = source.length == 0 || (mask.length > 0 && plan.skipped() == 0);
        if (!fromNoise) {
            return known(0);
        }
        float[] noise = Noise.unit(request.seed(), Noise.INITIAL, size.count());
        for (int i = 0; i < noise.length; i++) {
            noise[i] *= (float) plan.noiseScale();
        }
        return noise;
    }

    /** The source as it would be before a step; itself after the last. */
    private float[] known(int before) {
        return before == plan.size()
                ? source
                : plan.steps().get(before).mix(source, Noise.unit(request.seed(), Noise.INITIAL, size.count()));
    }

    /** Goes to where another process has left off. */
    void resume(LatentState state) {
        if (state.step() > plan.size() || state.latents().length != size.count()) {
            throw new IllegalArgumentException(state + " of " + state.latents().length
                    + " numbers is none of a picture with " + plan.size() + " steps and " + size);
        }
        step = state.step();
        latents = state.latents();
        estimate = state.estimate();
    }

    LatentState state() {
        return new LatentState(step, latents, estimate);
    }

    ImageRequest request() {
        return request;
    }

    LatentSize size() {
        return size;
    }

    int done() {
        return step;
    }

    int steps() {
        return plan.size();
    }

    boolean isDone() {
        return step == plan.size();
    }

    /** Rows of the network that a step of this one takes. */
    int width() {
        return request.isGuided() ? 2 : 1;
    }

    TextEmbedding prompt() {
        return prompt;
    }

    TextEmbedding negative() {
        return negative;
    }

    float timestep() {
        return (float) plan.steps().get(step).timestep();
    }

    /** Puts the latents as the network wants them at {@code at}. */
    void putInput(float[] to, int at) {
        double scale = plan.steps().get(step).inputScale();
        for (int i = 0; i < latents.length; i++) {
            to[at + i] = (float) (latents[i] * scale);
        }
    }

    /**
     * Does the step.
     *
     * @param answers of the network
     * @param at where the one for the prompt begins; the one for the negative prompt follows, where the request is guided
     * @return whether the latents are still numbers
     */
    boolean apply(float[] answers, int at) {
        DenoisingStep now = plan.steps().get(step);
        float[] clean = now.estimate(prediction, latents, guided(answers, at));
        int number = plan.skipped() + step;
        float[] noise = now.fresh() == 0 ? new float[0] : Noise.unit(request.seed(), number, size.count());
        float[] next = now.next(latents, clean, estimate, noise);
        step++;
        if (mask.length > 0) {
            restore(next);
        }
        latents = next;
        estimate = clean;
        for (float value : next) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** {@code negative + guidance * (prompt - negative)} (Ho, Salimans 2022, eq. 6). */
    private float[] guided(float[] answers, int at) {
        var answer = new float[size.count()];
        for (int i = 0; i < answer.length; i++) {
            float with = answers[at + i];
            if (request.isGuided()) {
                float without = answers[at + answer.length + i];
                answer[i] = (float) (without + request.guidance() * (with - without));
            } else {
                answer[i] = with;
            }
        }
        return answer;
    }

    /** What may not change is what it would be at this point (Lugmayr and others: RePaint, 2022, eq. 8). */
    private void restore(float[] next) {
        float[] known = known(step);
        for (int i = 0; i < next.length; i++) {
            float share = mask[i % mask.length];
            next[i] = share * next[i] + (1 - share) * known[i];
        }
    }

    /** What the picture would be, were the network right at once; the latents themselves before the first step. */
    float[] estimate() {
        return estimate.length == 0 ? latents.clone() : estimate.clone();
    }

    float[] latents() {
        return latents.clone();
    }
}
