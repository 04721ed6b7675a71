package dev.troupe.image.train;

import ai.djl.ndarray.NDArray;
import dev.troupe.device.NativeScope;
import dev.troupe.image.model.Learner;
import dev.troupe.image.model.WordTextConfig;
import dev.troupe.image.text.WordTokenizer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a text encoder and a network that looks, until a text and its picture point the same way: the first lesson of the served
 * text encoder, and all of the evaluator.
 */
final class PairStage implements Stage {
    private static final Pace PACE = new Pace(1e-3, 100, 4000, 0.995);

    private final Learner learner;
    private final int batch;
    private final WordTextConfig config;
    private final WordTokenizer tokenizer;
    private final List<Emoji> emoji;
    private final Augmenter augmenter;
    private final Export export;

    /** Takes what has been learned. */
    @FunctionalInterface
    interface Export {
        void write(Map<String, Learner.Tensor> means) throws IOException;
    }

    PairStage(
            Learner learner,
            int batch,
            WordTextConfig config,
            WordTokenizer tokenizer,
            List<Emoji> emoji,
            Augmenter augmenter,
            Export export) {
        this.learner = learner;
        this.batch = batch;
        this.config = config;
        this.tokenizer = tokenizer;
        this.emoji = emoji;
        this.augmenter = augmenter;
        this.export = export;
    }

    @Override
    public double step(int number) {
        List<Sample> samples = Batches.samples(augmenter, (long) number * batch, batch);
        try (NativeScope scope = learner.newScope()) {
            return learner.step(
                            scope,
                            "match",
                            PACE.rateAt(number),
                            PACE.meanAt(number),
                            ids(scope, samples.stream().map(Sample::caption).toList()),
                            scope.floats(
                                    Batches.pictures(samples), batch, Canvas.CHANNELS, EmojiData.SIDE, EmojiData.SIDE))
                    .get(0)
                    .getFloat();
        }
    }

    private NDArray ids(NativeScope scope, List<String> texts) {
        return scope.longs(Batches.ids(tokenizer, texts), texts.size(), config.positions(), config.parts());
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void save(DataOutputStream out) throws IOException {
        learner.save(out);
    }

    @Override
    public void export() throws IOException {
        export.write(learner.means());
    }

    /** How often a plain picture's own name is the nearest of all names, or one of five; and the other way. */
    @Override
    public Map<String, Double> watch() {
        var towers = new Towers(learner, config, tokenizer);
        float[][] pictures = towers.look(emoji.stream().map(Emoji::picture).toList());
        float[][] names = towers.say(emoji.stream().map(Emoji::name).toList());
        var measures = new LinkedHashMap<String, Double>();
        measures.put("picture_to_name_1", Retrieval.share(pictures, names, 1));
        measures.put("picture_to_name_5", Retrieval.share(pictures, names, 5));
        measures.put("name_to_picture_1", Retrieval.share(names, pictures, 1));
        return measures;
    }

    @Override
    public void close() {
        learner.close();
    }
}
