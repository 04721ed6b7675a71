package dev.troupe.image.train;

import dev.troupe.image.text.WordTokenizer;
import java.util.List;
import java.util.stream.LongStream;

/** Samples side by side, as networks take them. */
final class Batches {
    private Batches() {}

    /** Made on all cores: each is drawn by its own number. */
    static List<Sample> samples(Augmenter augmenter, long first, int count) {
        augmenter.sample(first); // so that the order of its round is there for all
        return LongStream.range(first, first + count)
                .parallel()
                .mapToObj(augmenter::sample)
                .toList();
    }

    /** @return [samples, 4, side, side] */
    static float[] pictures(List<Sample> samples) {
        return stack(samples.stream().map(sample -> sample.picture().straight()).toList());
    }

    static float[] stack(List<float[]> rows) {
        int length = rows.get(0).length;
        var all = new float[rows.size() * length];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * length, length);
        }
        return all;
    }

    /** @return [texts, positions, parts] */
    static long[] ids(WordTokenizer tokenizer, List<String> texts) {
        var rows = texts.stream().map(text -> tokenizer.encode(text).ids()).toList();
        int length = rows.get(0).length;
        var all = new long[rows.size() * length];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * length, length);
        }
        return all;
    }
}
