package dev.troupe.image.model;

import dev.troupe.device.NativeScope;
import dev.troupe.image.TextEmbedding;
import dev.troupe.image.text.ClipTokenizer;
import dev.troupe.image.text.Prompt;
import java.util.Optional;

/** CLIP's. */
record ClipTextEncoder(ClipConfig config, ClipTokenizer tokenizer, Network network) implements TextEncoder {
    @Override
    public TextEmbedding encode(String text) {
        Prompt ids = tokenizer.encode(text);
        var row = new long[config.positions()];
        for (int i = 0; i < row.length; i++) {
            row[i] = ids.ids().get(i);
        }
        try (NativeScope scope = network.newScope()) {
            float[] values = network.call(scope, "encode", scope.longs(row, 1, row.length));
            return new TextEmbedding(values, ids.isCut() ? Optional.of(ids.warning("")) : Optional.empty());
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
