package dev.troupe.models.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which weights a model of a given configuration has, and their shapes. */
final class WeightTable {
    private final ModelConfig config;
    private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();

    private WeightTable(ModelConfig config) {
        this.config = config;
        matrix("token_embd.weight", config.vocab(), config.hidden());
        vector("output_norm.weight", config.hidden());
        if (!config.tiedEmbeddings()) {
            matrix("output.weight", config.vocab(), config.hidden());
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            attention("blk." + layer + ".");
            feedForward("blk." + layer + ".");
        }
    }

    /** [rows, cols] by name; a vector of n is [n, 1]. */
    static Map<String, List<Integer>> of(ModelConfig config) {
        return new WeightTable(config).shapes;
    }

    private void attention(String layer) {
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        vector(layer + "attn_norm.weight", config.hidden());
        matrix(layer + "attn_q.weight", queries, config.hidden());
        matrix(layer + "attn_k.weight", keys, config.hidden());
        matrix(layer + "attn_v.weight", keys, config.hidden());
        matrix(layer + "attn_output.weight", config.hidden(), queries);
        if (config.qkvBias()) {
            vector(layer + "attn_q.bias", queries);
            vector(layer + "attn_k.bias", keys);
            vector(layer + "attn_v.bias", keys);
        }
        if (config.architecture().qkNorm()) {
            vector(layer + "attn_q_norm.weight", config.headDim());
            vector(layer + "attn_k_norm.weight", config.headDim());
        }
        if (config.architecture().postNorms()) {
            vector(layer + "post_attention_norm.weight", config.hidden());
        }
    }

    private void feedForward(String layer) {
        vector(layer + "ffn_norm.weight", config.hidden());
        matrix(layer + "ffn_gate.weight", config.ffn(), config.hidden());
        matrix(layer + "ffn_up.weight", config.ffn(), config.hidden());
        matrix(layer + "ffn_down.weight", config.hidden(), config.ffn());
        if (config.architecture().postNorms()) {
            vector(layer + "post_ffw_norm.weight", config.hidden());
        }
    }

    private void matrix(String name, int rows, int cols) {
        shapes.put(name, List.of(rows, cols));
    }

    private void vector(String name, int length) {
        matrix(name, length, 1);
    }
}
