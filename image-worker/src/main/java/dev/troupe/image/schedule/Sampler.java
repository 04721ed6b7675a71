package dev.troupe.image.schedule;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways from noise to picture, by the names that requests give them. */
public enum Sampler {
    DDIM,
    EULER,
    EULER_A,
    DPMPP_2M,
    DPMPP_2M_KARRAS,
    LCM;

    /**
     * The sampler of that name, in small letters as {@link #toString} gives it.
     *
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    public static Sampler parse(String name) {
        return Arrays.stream(values())
                .filter(sampler -> sampler.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("sampler '" + name + "' is unknown; say one of "
                        + Arrays.stream(values()).map(Sampler::toString).collect(Collectors.joining(", "))));
    }

    /**
     * Computes the whole way before its first step.
     *
     * @param steps that a picture from nothing but noise takes
     * @param skipped of them, from the beginning, that a picture which starts from another does not take
     * @return a plan of {@code steps - skipped} steps
     * @throws IllegalArgumentException if the model's noise cannot be cut into so many steps
     */
    public DenoisingPlan plan(NoiseConfig noise, int steps, int skipped) {
        int most = this == LCM ? Lcm.ORIGINAL_STEPS : noise.trainSteps();
        if (steps < 1 || steps > most) {
            throw new IllegalArgumentException(steps + " steps: " + this + " takes 1 to " + most);
        }
        if (skipped < 0 || skipped > steps) {
            throw new IllegalArgumentException(skipped + " of " + steps + " steps cannot be skipped");
        }
        return switch (this) {
            case DDIM -> Ddim.plan(noise, steps, skipped);
            case EULER -> Euler.plan(noise, steps, skipped, false);
            case EULER_A -> Euler.plan(noise, steps, skipped, true);
            case DPMPP_2M -> DpmSolver.plan(noise, steps, skipped, false);
            case DPMPP_2M_KARRAS -> DpmSolver.plan(noise, steps, skipped, true);
            case LCM -> Lcm.plan(noise, steps, skipped);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
