package dev.troupe.models.weights;

import java.util.List;

/** How a model stretches its rope beyond the length of its pre-training. */
public sealed interface RopeScaling {
    /** The frequency after scaling; {@code index} counts the pairs from 0. */
    double scale(double frequency, int index);

    /** As it is. */
    record None() implements RopeScaling {
        @Override
        public double scale(double frequency, int index) {
            return frequency;
        }
    }

    /** Position interpolation: all frequencies divided by {@code factor} (Chen et al. 2023, arXiv:2306.15595). */
    record Linear(double factor) implements RopeScaling {
        public Linear {
            requirePositive(factor, "rope scaling factor");
        }

        @Override
        public double scale(double frequency, int index) {
            return frequency / factor;
        }
    }

    /**
     * Llama 3.1's: long waves are divided by {@code factor}, short ones kept, those between blended
     * ({@code _compute_llama3_parameters} in transformers' {@code modeling_rope_utils.py}).
     *
     * @param lowFrequencyFactor waves longer than {@code originalContext} over this are divided
     * @param highFrequencyFactor waves shorter than {@code originalContext} over this are kept
     * @param originalContext tokens of the pre-training context
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
            implements RopeScaling {
        public Llama3 {
            requirePositive(factor, "rope scaling factor");
            requirePositive(lowFrequencyFactor, "rope low_freq_factor");
            requirePositive(highFrequencyFactor - lowFrequencyFactor, "rope high_freq_factor - low_freq_factor");
            requirePositive(originalContext, "rope original_max_position_embeddings");
        }

        @Override
        public double scale(double frequency, int index) {
            double waves = originalContext * frequency / (2 * Math.PI);
            double kept = (waves - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            double share = Math.max(0, Math.min(1, kept));
            return (1 - share) * frequency / factor + share * frequency;
        }
    }

    /** Each frequency divided by its own factor: the tensor {@code rope_freqs.weight} of a GGUF file. */
    record Factors(List<Float> factors) implements RopeScaling {
        public Factors {
            factors = List.copyOf(factors);
            factors.forEach(factor -> requirePositive(factor, "a rope frequency factor"));
        }

        @Override
        public double scale(double frequency, int index) {
            return frequency / factors.get(index);
        }
    }

    private static void requirePositive(double value, String what) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " is " + value + ", not a positive number");
        }
    }
}
