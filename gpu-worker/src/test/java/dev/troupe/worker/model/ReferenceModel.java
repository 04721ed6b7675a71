package dev.troupe.worker.model;

import dev.troupe.models.weights.Activation;
import dev.troupe.models.weights.ModelConfig;
import dev.troupe.models.weights.ModelWeights;

/**
 * The forward pass in plain Java and float64, written from the papers and with no thought of speed: every position sees
 * every earlier one anew, and nothing is cached, fused, packed or scaled in advance.
 */
final class ReferenceModel {
    private final ModelWeights weights;
    private final ModelConfig config;

    ReferenceModel(ModelWeights weights) {
        this.weights = weights;
        this.config = weights.config();
    }

    /** Logits after the last of the tokens: [vocab]. */
    double[] logits(int... tokens) {
        var stream = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            stream[t] = floats(weights.get("token_embd.weight").rows(tokens[t], tokens[t] + 1));
            for (int i = 0; i < config.hidden(); i++) {
                stream[t][i] *= config.embeddingScale();
            }
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            attend(stream, layer);
            feed(stream, "blk." + layer + ".");
        }
        double[] last = norm(stream[tokens.length - 1], "output_norm.weight");
        return multiply(config.tiedEmbeddings() ? "token_embd.weight" : "output.weight", last);
    }

    private void attend(double[][] stream, int layer) {
        String name = "blk." + layer + ".";
        var queries = new double[stream.length][];
        var keys = new double[stream.length][];
        var values = new double[stream.length][];
        for (int t = 0; t < stream.length; t++) {
            double[] x = norm(stream[t], name + "attn_norm.weight");
            queries[t] = heads(name, "attn_q", x, t, layer);
            keys[t] = heads(name, "attn_k", x, t, layer);
            values[t] = biased(name, "attn_v", x);
        }
        for (int t = 0; t < stream.length; t++) {
            int first = config.isLocal(layer)
                    ? Math.max(0, t - config.slidingWindow().orElseThrow().tokens() + 1)
                    : 0;
            double[] mixed = mix(queries[t], keys, values, first, t);
            double[] out = multiply(name + "attn_output.weight", mixed);
            add(stream[t], config.architecture().postNorms() ? norm(out, name + "post_attention_norm.weight") : out);
        }
    }

    private double[] mix(double[] query, double[][] keys, double[][] values, int first, int last) {
        int d = config.headDim();
        var mixed = new double[config.heads() * d];
        for (int head = 0; head < config.heads(); head++) {
            int kvHead = head / (config.heads() / config.kvHeads());
            var scores = new double[last + 1];
            double sum = 0;
            for (int t = first; t <= last; t++) {
                double dot = 0;
                for (int i = 0; i < d; i++) {
                    dot += query[head * d + i] * keys[t][kvHead * d + i];
                }
                scores[t] = Math.exp(dot * config.queryScale());
                sum += scores[t];
            }
            for (int t = first; t <= last; t++) {
                for (int i = 0; i < d; i++) {
                    mixed[head * d + i] += scores[t] / sum * values[t][kvHead * d + i];
                }
            }
        }
        return mixed;
    }

    private double[] heads(String layerName, String part, double[] x, int position, int layer) {
        double[] all = biased(layerName, part, x);
        int d = config.headDim();
        for (int from = 0; from < all.length; from += d) {
            var head = new double[d];
            System.arraycopy(all, from, head, 0, d);
            if (config.architecture().qkNorm()) {
                head = norm(head, layerName + part + "_norm.weight");
            }
            float[] frequencies = config.rope(layer).inverseFrequencies();
            for (int i = 0; i < d / 2; i++) {
                double angle = (double) position * frequencies[i];
                all[from + i] = head[i] * Math.cos(angle) - head[i + d / 2] * Math.sin(angle);
                all[from + i + d / 2] = head[i + d / 2] * Math.cos(angle) + head[i] * Math.sin(angle);
            }
        }
        return all;
    }

    private double[] biased(String layerName, String part, double[] x) {
        double[] y = multiply(layerName + part + ".weight", x);
        if (config.qkvBias()) {
            add(y, floats(weights.get(layerName + part + ".bias").values()));
        }
        return y;
    }

    private void feed(double[][] stream, String name) {
        for (double[] row : stream) {
            double[] x = norm(row, name + "ffn_norm.weight");
            double[] gate = multiply(name + "ffn_gate.weight", x);
            double[] up = multiply(name + "ffn_up.weight", x);
            for (int i = 0; i < gate.length; i++) {
                gate[i] = activate(gate[i]) * up[i];
            }
            double[] out = multiply(name + "ffn_down.weight", gate);
            add(row, config.architecture().postNorms() ? norm(out, name + "post_ffw_norm.weight") : out);
        }
    }

    private double activate(double x) {
        if (config.architecture().activation() == Activation.SILU) {
            return x / (1 + Math.exp(-x));
        }
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private double[] norm(double[] x, String weight) {
        float[] w = weights.get(weight).values();
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double scale = 1 / Math.sqrt(squares / x.length + config.rmsEps());
        var y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * scale * w[i];
        }
        return y;
    }

    private double[] multiply(String name, double[] x) {
        var matrix = weights.get(name);
        float[] w = matrix.values();
        var y = new double[matrix.rows()];
        for (int row = 0; row < y.length; row++) {
            for (int col = 0; col < x.length; col++) {
                y[row] += w[row * x.length + col] * x[col];
            }
        }
        return y;
    }

    private static void add(double[] to, double[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    private static double[] floats(float[] values) {
        var out = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = values[i];
        }
        return out;
    }
}
