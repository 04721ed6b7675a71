package dev.troupe.worker.model;

import static dev.troupe.worker.model.NativeModel.checked;

import com.sun.jna.Pointer;
import dev.troupe.models.weights.ModelConfig;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.models.weights.Q4Matrix;
import dev.troupe.models.weights.Weight;
import java.util.ArrayList;
import java.util.List;

/** Carries the weights of a model into {@code transformer.c}: 4-bit matrices as they are, all others in 8 bits. */
final class NativeWeights {
    /** Rows of gate and up that lie side by side, so that one item of work makes a whole group. */
    private static final int PAIRED = 32;
    /** Elements carried over at once. */
    private static final int PIECE = 1 << 22;

    private static final int NOT_A_LAYER = -1;

    private final ModelWeights weights;
    private final ModelConfig config;
    private final Pointer model;

    NativeWeights(ModelWeights weights, Pointer model) {
        this.weights = weights;
        this.config = weights.config();
        this.model = model;
    }

    void load() {
        rope(0, config.rope().inverseFrequencies());
        config.slidingWindow().ifPresent(window -> rope(1, window.rope().inverseFrequencies()));
        for (int layer = 0; layer < config.layers(); layer++) {
            norms(layer);
            matrices(layer);
        }
        norm(NOT_A_LAYER, 0, "output_norm");
        matrix(NOT_A_LAYER, 0, List.of(whole("token_embd.weight")));
        if (config.tiedEmbeddings()) {
            TransformerLibrary.tiedHead(model);
        } else {
            matrix(NOT_A_LAYER, 1, List.of(whole("output.weight")));
        }
    }

    private void rope(int which, float[] frequencies) {
        checked(TransformerLibrary.rope(model, which, frequencies), "the rope tables");
    }

    /** In the order of {@code transformer.c}. */
    private void norms(int layer) {
        String name = "blk." + layer + ".";
        norm(layer, 0, name + "attn_norm");
        norm(layer, 1, name + "ffn_norm");
        if (config.architecture().qkNorm()) {
            norm(layer, 2, name + "attn_q_norm");
            norm(layer, 3, name + "attn_k_norm");
        }
        if (config.architecture().postNorms()) {
            norm(layer, 4, name + "post_attention_norm");
            norm(layer, 5, name + "post_ffw_norm");
        }
        if (config.isLocal(layer)) {
            TransformerLibrary.local(model, layer);
        }
    }

    private void norm(int layer, int which, String name) {
        float[] values = weights.get(name + ".weight").values();
        checked(TransformerLibrary.norm(model, layer, which, values, values.length), name);
    }

    private void matrices(int layer) {
        String name = "blk." + layer + ".";
        matrix(
                layer,
                0,
                List.of(whole(name + "attn_q.weight"), whole(name + "attn_k.weight"), whole(name + "attn_v.weight")));
        if (config.qkvBias()) {
            bias(layer, name);
        }
        matrix(layer, 1, List.of(whole(name + "attn_output.weight")));
        matrix(layer, 2, paired(weights.get(name + "ffn_gate.weight"), weights.get(name + "ffn_up.weight")));
        matrix(layer, 3, List.of(whole(name + "ffn_down.weight")));
    }

    private void bias(int layer, String name) {
        var all = new float[(config.heads() + 2 * config.kvHeads()) * config.headDim()];
        int at = 0;
        for (String part : List.of("attn_q", "attn_k", "attn_v")) {
            float[] values = weights.get(name + part + ".bias").values();
            System.arraycopy(values, 0, all, at, values.length);
            at += values.length;
        }
        checked(TransformerLibrary.bias(model, layer, all, all.length), name + "bias");
    }

    /** Rows {@code from} to {@code to} of a matrix, the latter excluded. */
    private record Rows(Weight weight, int from, int to) {
        private int count() {
            return to - from;
        }
    }

    private Rows whole(String name) {
        Weight weight = weights.get(name);
        return new Rows(weight, 0, weight.rows());
    }

    private static List<Rows> paired(Weight gate, Weight up) {
        var rows = new ArrayList<Rows>();
        for (int from = 0; from < gate.rows(); from += PAIRED) {
            rows.add(new Rows(gate, from, from + PAIRED));
            rows.add(new Rows(up, from, from + PAIRED));
        }
        return rows;
    }

    /** Rows one after another as one matrix. */
    private void matrix(int layer, int which, List<Rows> parts) {
        boolean four = parts.stream().allMatch(part -> part.weight().isQ4());
        int rows = parts.stream().mapToInt(Rows::count).sum();
        int cols = parts.get(0).weight().cols();
        checked(
                TransformerLibrary.matrix(model, layer, which, rows, cols, four ? 4 : 8),
                parts.get(0).weight().name());
        int at = 0;
        int step = Math.max(1, PIECE / cols);
        for (Rows part : parts) {
            for (int from = part.from(); from < part.to(); from += step) {
                int to = Math.min(part.to(), from + step);
                if (four) {
                    four(layer, which, at, part.weight().q4(from, to).orElseThrow());
                } else {
                    TransformerLibrary.rows8(
                            model, layer, which, at, to - from, part.weight().rows(from, to));
                }
                at += to - from;
            }
        }
    }

    private void four(int layer, int which, int first, Q4Matrix rows) {
        TransformerLibrary.rows4(model, layer, which, first, rows.rows(), rows.codes(), rows.scales(), rows.zeros());
    }
}
