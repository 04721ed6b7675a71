package dev.troupe.models.weights;

import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model out of one GGUF file, whose tensor names are ours. */
final class GgufModel {
    private GgufModel() {}

    static ModelWeights open(Path path) throws IOException {
        GgufFile file = GgufFile.open(path);
        Map<String, Weight> weights = new LinkedHashMap<>();
        for (GgufTensor tensor : file.tensors().values()) {
            weights.put(tensor.name(), weight(path, file, tensor));
        }
        ModelConfig config = GgufConfig.read(path, file.metadata(), weights);
        weights.remove(GgufConfig.ROPE_FACTORS);
        if (config.architecture() == Architecture.LLAMA) {
            weights.replaceAll((name, weight) -> rotateHalf(weight, config));
        }
        return new ModelWeights(path, config, weights, List.of(file.file()));
    }

    private static Weight weight(Path path, GgufFile file, GgufTensor tensor) {
        List<Long> shape = new ArrayList<>(tensor.dims());
        Collections.reverse(shape);
        try {
            return Weight.of(file.file(), tensor.name(), tensor.type(), shape, tensor.offset());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(path + ": " + e.getMessage() + "; choose another file", e);
        }
    }

    private static Weight rotateHalf(Weight weight, ModelConfig config) {
        boolean permuted = weight.name().matches("blk\\.\\d+\\.attn_[qk]\\.(weight|bias)");
        return permuted ? weight.ordered(RowOrder.interleaved(config.headDim())) : weight;
    }
}
