package dev.troupe.worker.model;

import ai.djl.ndarray.NDArray;
import dev.troupe.device.NativeScope;
import dev.troupe.device.Program;
import dev.troupe.models.weights.ModelConfig;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.models.weights.Q4Matrix;
import dev.troupe.models.weights.Rope;
import dev.troupe.models.weights.Weight;
import java.util.Arrays;
import java.util.List;

/** Carries the weights of a model into the program, in the order that {@code transformer.py} counts them. */
final class WeightLoader {
    /** The kernel for 4-bit matrices works in blocks of so many outputs. */
    private static final int INT4_ROWS = 16;
    /** Floats carried over at once: 16 MB. */
    private static final int PIECE = 1 << 22;

    private final ModelWeights weights;
    private final ModelConfig config;
    private final Program program;

    WeightLoader(ModelWeights weights, Program program) {
        this.weights = weights;
        this.config = weights.config();
        this.program = program;
    }

    /** @param positions how many positions get an entry in the rope tables */
    void load(int positions) {
        for (int layer = 0; layer < config.layers(); layer++) {
            norms(layer);
        }
        vector("put_norm", weights.get("output_norm.weight").values());
        table(0, weights.get("token_embd.weight"));
        rope(1, config.rope(), positions);
        config.slidingWindow().ifPresent(window -> rope(3, window.rope(), positions));
        for (int layer = 0; layer < config.layers(); layer++) {
            matrices(layer);
        }
        head();
    }

    private void norms(int layer) {
        String name = "blk." + layer + ".";
        vector("put_norm", weights.get(name + "attn_norm.weight").values());
        vector("put_norm", weights.get(name + "ffn_norm.weight").values());
        if (config.architecture().qkNorm()) {
            queryKeyNorm(name);
        }
        if (config.architecture().postNorms()) {
            vector("put_norm", weights.get(name + "post_attention_norm.weight").values());
            vector("put_norm", weights.get(name + "post_ffw_norm.weight").values());
        }
        call("put_layer_kind", config.isLocal(layer) ? 1 : 0);
    }

    /** One norm for the heads of queries and keys together: [heads + kvHeads, headDim]. */
    private void queryKeyNorm(String name) {
        float[] query = scaled(weights.get(name + "attn_q_norm.weight").values());
        float[] key = weights.get(name + "attn_k_norm.weight").values();
        int heads = config.heads() + config.kvHeads();
        var all = new float[heads * config.headDim()];
        for (int head = 0; head < heads; head++) {
            float[] source = head < config.heads() ? query : key;
            System.arraycopy(source, 0, all, head * config.headDim(), config.headDim());
        }
        vector("put_norm", all, heads, config.headDim());
    }

    /** The scale of the scores is carried by the queries: by their norm where they have one, else by their matrix. */
    private float[] scaled(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= config.queryScale();
        }
        return values;
    }

    private float matrixScale(String part) {
        return part.equals("attn_q") && !config.architecture().qkNorm() ? config.queryScale() : 1;
    }

    private void matrices(int layer) {
        String name = "blk." + layer + ".";
        linear(name, List.of("attn_q", "attn_k", "attn_v"));
        if (config.qkvBias()) {
            bias(name);
        }
        linear(name, List.of("attn_output"));
        linear(name, List.of("ffn_gate", "ffn_up"));
        linear(name, List.of("ffn_down"));
    }

    private void bias(String name) {
        float[] query = weights.get(name + "attn_q.bias").values();
        if (!config.architecture().qkNorm()) {
            scaled(query);
        }
        float[] key = weights.get(name + "attn_k.bias").values();
        float[] value = weights.get(name + "attn_v.bias").values();
        float[] all = Arrays.copyOf(query, query.length + key.length + value.length);
        System.arraycopy(key, 0, all, query.length, key.length);
        System.arraycopy(value, 0, all, query.length + key.length, value.length);
        vector("put_bias", all);
    }

    /** Matrices of the same input as one, rows one after another. */
    private void linear(String name, List<String> parts) {
        var matrices =
                parts.stream().map(part -> weights.get(name + part + ".weight")).toList();
        int rows = matrices.stream().mapToInt(Weight::rows).sum();
        int cols = matrices.get(0).cols();
        boolean four = matrices.stream().allMatch(Weight::isQ4) && rows % INT4_ROWS == 0 && cols % Q4Matrix.GROUP == 0;
        if (four) {
            four(parts, matrices, rows, cols);
        } else {
            dense(parts, matrices, rows, cols);
        }
    }

    private void dense(List<String> parts, List<Weight> matrices, int rows, int cols) {
        var all = new float[Math.multiplyExact(rows, cols)];
        int at = 0;
        for (int i = 0; i < matrices.size(); i++) {
            float[] values = matrices.get(i).values();
            float scale = matrixScale(parts.get(i));
            for (float value : values) {
                all[at++] = value * scale;
            }
        }
        vector("put_linear", all, rows, cols);
    }

    private void four(List<String> parts, List<Weight> matrices, int rows, int cols) {
        var codes = new byte[Math.multiplyExact(rows, cols)];
        int groups = cols / Q4Matrix.GROUP;
        var scalesAndZeros = new float[groups * rows * 2]; // [groups, rows, 2]
        int row = 0;
        for (int i = 0; i < matrices.size(); i++) {
            Q4Matrix matrix = matrices.get(i).q4().orElseThrow();
            float scale = matrixScale(parts.get(i));
            System.arraycopy(matrix.codes(), 0, codes, row * cols, matrix.codes().length);
            for (int r = 0; r < matrix.rows(); r++, row++) {
                for (int g = 0; g < groups; g++) {
                    int to = (g * rows + row) * 2;
                    scalesAndZeros[to] = matrix.scales()[r * groups + g] * scale;
                    scalesAndZeros[to + 1] = matrix.zeros()[r * groups + g] * scale;
                }
            }
        }
        try (NativeScope scope = program.newScope()) {
            NDArray packed = scope.bytes(codes, rows, cols);
            program.call(scope, "put_linear4", packed, scope.floats(scalesAndZeros, groups, rows, 2));
        }
    }

    private void table(int index, Weight matrix) {
        call("new_table", matrix.rows(), matrix.cols());
        int step = Math.max(1, PIECE / matrix.cols());
        for (int from = 0; from < matrix.rows(); from += step) {
            int to = Math.min(matrix.rows(), from + step);
            rows(index, from, matrix.rows(from, to), matrix.cols());
        }
    }

    /** Cosines, and sines with the sign that the rotated half wants, for each position: two tables [positions, headDim]. */
    private void rope(int index, Rope rope, int positions) {
        float[] frequencies = rope.inverseFrequencies();
        int half = rope.dim() / 2;
        var cos = new float[positions * rope.dim()];
        var sin = new float[positions * rope.dim()];
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < half; i++) {
                int at = position * rope.dim() + i;
                double angle = (double) position * frequencies[i];
                cos[at] = cos[at + half] = (float) Math.cos(angle);
                sin[at + half] = (float) Math.sin(angle);
                sin[at] = -sin[at + half];
            }
        }
        call("new_table", positions, rope.dim());
        rows(index, 0, cos, rope.dim());
        call("new_table", positions, rope.dim());
        rows(index + 1, 0, sin, rope.dim());
    }

    private void head() {
        if (config.tiedEmbeddings()) {
            call("put_head", 0);
            return;
        }
        int index = config.slidingWindow().isPresent() ? 5 : 3;
        table(index, weights.get("output.weight"));
        call("put_head", index);
        call("drop_last_table");
    }

    private void rows(int table, int first, float[] values, int cols) {
        try (NativeScope scope = program.newScope()) {
            program.call(scope, "put_rows", table, first, scope.floats(values, values.length / cols, cols));
        }
    }

    private void vector(String method, float[] values, long... shape) {
        try (NativeScope scope = program.newScope()) {
            program.call(scope, method, scope.floats(values, shape.length == 0 ? new long[] {values.length} : shape));
        }
    }

    private void call(String method, Object... arguments) {
        try (NativeScope scope = program.newScope()) {
            program.call(scope, method, arguments);
        }
    }
}
