package dev.troupe.image.train;

import dev.troupe.device.NativeScope;
import dev.troupe.image.model.Learner;
import dev.troupe.image.model.WordTextConfig;
import dev.troupe.image.text.WordTokenizer;
import java.util.List;

/** Puts texts and pictures into one space. */
record Towers(Learner learner, WordTextConfig config, WordTokenizer tokenizer) {
    private static final int BATCH = 64;

    /** @return [pictures, width], each of length 1 */
    float[][] look(List<Canvas> pictures) {
        var all = new float[pictures.size()][];
        for (int at = 0; at < all.length; at += BATCH) {
            List<float[]> rows = pictures.subList(at, Math.min(all.length, at + BATCH)).stream()
                    .map(Canvas::straight)
                    .toList();
            try (NativeScope scope = learner.newScope()) {
                var input =
                        scope.floats(Batches.stack(rows), rows.size(), Canvas.CHANNELS, EmojiData.SIDE, EmojiData.SIDE);
                split(learner.call(scope, "look", input).get(0).toFloatArray(), all, at, rows.size());
            }
        }
        return all;
    }

    /** @return [texts, width], each of length 1 */
    float[][] say(List<String> texts) {
        var all = new float[texts.size()][];
        for (int at = 0; at < all.length; at += BATCH) {
            List<String> rows = texts.subList(at, Math.min(all.length, at + BATCH));
            try (NativeScope scope = learner.newScope()) {
                var ids = scope.longs(Batches.ids(tokenizer, rows), rows.size(), config.positions(), config.parts());
                split(learner.call(scope, "say", ids).get(0).toFloatArray(), all, at, rows.size());
            }
        }
        return all;
    }

    private static void split(float[] values, float[][] to, int at, int rows) {
        int width = values.length / rows;
        for (int i = 0; i < rows; i++) {
            to[at + i] = java.util.Arrays.copyOfRange(values, i * width, (i + 1) * width);
        }
    }
}
