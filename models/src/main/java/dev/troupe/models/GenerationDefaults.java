package dev.troupe.models;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the model's makers say to sample with where a request says nothing; each only where they say it.
 *
 * @param temperature 0 or more
 * @param topP in (0, 1]
 * @param topK 0 or more; 0 is all
 * @param minP in [0, 1]
 * @param repetitionPenalty above 0; 1 is none
 */
public record GenerationDefaults(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalDouble minP,
        OptionalDouble repetitionPenalty) {
    public static final GenerationDefaults NONE = new GenerationDefaults(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty());

    public GenerationDefaults {
        Objects.requireNonNull(temperature, "temperature");
        Objects.requireNonNull(topP, "topP");
        Objects.requireNonNull(topK, "topK");
        Objects.requireNonNull(minP, "minP");
        Objects.requireNonNull(repetitionPenalty, "repetitionPenalty");
        check("temperature", temperature.orElse(1), 0, Float.MAX_VALUE);
        check("top_p", topP.orElse(1), Double.MIN_VALUE, 1);
        check("top_k", topK.orElse(0), 0, Integer.MAX_VALUE);
        check("min_p", minP.orElse(0), 0, 1);
        check("repetition_penalty", repetitionPenalty.orElse(1), Double.MIN_VALUE, Float.MAX_VALUE);
    }

    private static void check(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("the model's default " + name + " of " + value + " is out of range");
        }
    }
}
