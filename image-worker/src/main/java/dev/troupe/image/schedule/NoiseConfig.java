package dev.troupe.image.schedule;

import dev.troupe.models.weights.Json;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The noise that a model was trained with, and how its makers sample: what stands in {@code scheduler/scheduler_config.json}.
 *
 * @param trainSteps number of trained times
 * @param betaStart variance added at the first time
 * @param betaEnd variance added at the last time
 * @param zeroTerminalSnr whether the schedule is stretched so that nothing of the picture is left at the last time
 * @param sampler the one that the file names, or the nearest to it
 * @param spacing and {@code offset}: which times {@code sampler} visits; the other samplers have spacings of their own
 * @param offset added to the times where they are {@link Spacing#LEADING}
 * @param endsClean whether DDIM's last step goes to no noise at all, and not to that of the first time
 */
public record NoiseConfig(
        int trainSteps,
        double betaStart,
        double betaEnd,
        BetaSchedule betas,
        boolean zeroTerminalSnr,
        Prediction prediction,
        Sampler sampler,
        Optional<Spacing> spacing,
        int offset,
        boolean endsClean) {
    private static final int MAX_TRAIN_STEPS = 100_000;
    private static final String OTHER_MODEL = "use a model that was trained without it";

    public NoiseConfig {
        require(trainSteps > 0 && trainSteps <= MAX_TRAIN_STEPS, "num_train_timesteps " + trainSteps);
        require(betaStart > 0 && betaStart < 1, "beta_start " + betaStart);
        require(betaEnd >= betaStart && betaEnd < 1, "beta_end " + betaEnd);
        require(offset >= 0 && offset < trainSteps, "steps_offset " + offset);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is out of range");
        }
    }

    /**
     * Reads a {@code scheduler_config.json}, with diffusers' defaults for what it leaves out.
     *
     * @throws dev.troupe.models.ModelFormatException if a value is unknown or would have to be ignored
     */
    public static NoiseConfig read(Json json) {
        if (json.array("trained_betas").isPresent()) {
            throw json.unsupported("trained_betas", "given", OTHER_MODEL);
        }
        // Both cut the estimate off, which no sampler here does; latents of Stable Diffusion have no bounds to cut at.
        for (String key : new String[] {"clip_sample", "thresholding"}) {
            if (json.bool(key).orElse(false)) {
                throw json.unsupported(key, true, "set it to false if the model works on latents");
            }
        }
        try {
            return new NoiseConfig(
                    json.natural("num_train_timesteps").orElse(1000),
                    json.number("beta_start").orElse(0.0001),
                    json.number("beta_end").orElse(0.02),
                    named(json, "beta_schedule", BetaSchedule.class).orElse(BetaSchedule.LINEAR),
                    json.bool("rescale_betas_zero_snr").orElse(false),
                    named(json, "prediction_type", Prediction.class).orElse(Prediction.EPSILON),
                    sampler(json),
                    named(json, "timestep_spacing", Spacing.class),
                    json.natural("steps_offset").orElse(0),
                    json.bool("set_alpha_to_one").orElse(true));
        } catch (IllegalArgumentException e) {
            throw json.wrong("scheduler", e.getMessage());
        }
    }

    private static <E extends Enum<E>> Optional<E> named(Json json, String key, Class<E> type) {
        return json.string(key).map(name -> Arrays.stream(type.getEnumConstants())
                .filter(value -> lower(value).equals(name))
                .findFirst()
                .orElseThrow(() -> json.unsupported(
                        key,
                        "'" + name + "'",
                        "known are "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(NoiseConfig::lower)
                                        .collect(Collectors.joining(", ")))));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Sampler sampler(Json json) {
        String name = json.string("_class_name").orElse("DDIMScheduler");
        boolean karras = json.bool("use_karras_sigmas").orElse(false);
        return switch (name) {
            case "DDIMScheduler" -> Sampler.DDIM;
            case "EulerDiscreteScheduler" -> Sampler.EULER;
            case "EulerAncestralDiscreteScheduler" -> Sampler.EULER_A;
            case "DPMSolverMultistepScheduler" -> karras ? Sampler.DPMPP_2M_KARRAS : Sampler.DPMPP_2M;
            case "LCMScheduler" -> Sampler.LCM;
            // What Stable Diffusion 1.5 names; solvers of its order and better.
            case "PNDMScheduler", "LMSDiscreteScheduler", "DEISMultistepScheduler", "UniPCMultistepScheduler" ->
                Sampler.DPMPP_2M;
            default ->
                throw json.unsupported(
                        "_class_name",
                        "'" + name + "'",
                        "put DDIMScheduler, EulerDiscreteScheduler, EulerAncestralDiscreteScheduler,"
                                + " DPMSolverMultistepScheduler or LCMScheduler there if the model was trained as Stable Diffusion was");
        };
    }

    /** The file's spacing if it speaks of this sampler, else the sampler's own. */
    Spacing spacing(Sampler of, Spacing own) {
        return of == sampler ? spacing.orElse(own) : own;
    }

    /** The file's offset if it speaks of this sampler. */
    int offset(Sampler of) {
        return of == sampler ? offset : 0;
    }
}
