package dev.troupe.node;

import dev.troupe.device.KernelPolicy;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.models.weights.Weight;

/** What a model takes on its device before the first request. */
final class ModelMemory {
    private ModelMemory() {}

    /** @return bytes, on the high side */
    static long of(ModelWeights weights, KernelPolicy policy) {
        double bytes = 0;
        for (String name : weights.names()) {
            Weight weight = weights.get(name);
            long elements = (long) weight.rows() * weight.cols();
            bytes += elements * (double) valueBytes(policy);
            if (policy.int4() && weight.isQ4()) {
                // Codes, and for each 32 of them a scale and a zero.
                bytes += elements * (0.5 + 2 * valueBytes(policy) / 32.0);
            }
            if (policy.packed() && weights.config().tiedEmbeddings() && name.equals("token_embd.weight")) {
                // The head in the order that its kernel wants.
                bytes += elements * (double) valueBytes(policy);
            }
        }
        return (long) bytes;
    }

    /** @return the same where matrices keep their 4 bits or get 8, with two numbers of 16 bits for each 32 elements */
    static long ofOwn(ModelWeights weights) {
        double bytes = 0;
        for (String name : weights.names()) {
            Weight weight = weights.get(name);
            bytes += (double) weight.rows() * weight.cols() * ((weight.isQ4() ? 0.5 : 1) + 4 / 32.0);
        }
        return (long) bytes;
    }

    static int valueBytes(KernelPolicy policy) {
        return policy.bfloat16() ? 2 : 4;
    }
}
