package dev.troupe.image.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.model.Learner;
import dev.troupe.image.model.Trainee;
import dev.troupe.image.model.WordTextConfig;
import dev.troupe.image.text.WordTokenizer;
import dev.troupe.image.train.Stretch.Limit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Trains the default model of pictures, stage by stage, into a folder: {@code model/} is what is served, {@code evaluator/} what measures it,
 * {@code state/} what training goes on from, {@code curves/} what happened.
 */
public final class ImageTraining {
    private static final List<Integer> EYE = List.of(32, 48, 96, 160);
    private static final long EVALUATOR_SEED = 0x5EED;
    private static final int SHEET = 48;

    private final Path folder;
    private final ModelFolder model;
    private final ModelFolder.Sizes sizes;
    private final ModelFolder.Work work;
    private final List<Emoji> emoji;
    private final TorchDevice device;
    private final long seed;
    private final Consumer<String> say;

    private ImageTraining(
            Path folder,
            ModelFolder.Sizes sizes,
            ModelFolder.Work work,
            List<Emoji> emoji,
            TorchDevice device,
            long seed,
            Consumer<String> say) {
        this.folder = folder;
        this.model = new ModelFolder(folder.resolve("model"));
        this.sizes = sizes;
        this.work = work;
        this.emoji = emoji;
        this.device = device;
        this.seed = seed;
        this.say = say;
    }

    /** What is trained, in this order. */
    public enum Part {
        /** The autoencoder of pictures. */
        VAE(6_000),
        /** The text encoder's first lesson. */
        TEXT(1_500),
        /** The judge of what the model makes. */
        EVALUATOR(2_500),
        /** The U-Net, and the text encoder along with it. */
        UNET(60_000),
        /** The autoencoder's way back alone, when the U-Net knows its latents already. */
        DECODER(6_000);

        private final int steps;

        Part(int steps) {
            this.steps = steps;
        }

        /** How many steps it takes until more bring little. */
        public int steps() {
            return steps;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Opens a folder of training, or begins one.
     *
     * @param data folder of the data, see {@link EmojiData}
     * @param say takes a line about what happens
     * @throws EmojiData.DataException if the data cannot be used
     */
    public static ImageTraining open(Path folder, Path data, TorchDevice device, long seed, Consumer<String> say)
            throws IOException {
        return open(
                folder, ModelFolder.Sizes.DEFAULT, ModelFolder.Work.DEFAULT, EmojiData.read(data), device, seed, say);
    }

    static ImageTraining open(
            Path folder,
            ModelFolder.Sizes sizes,
            ModelFolder.Work work,
            List<Emoji> emoji,
            TorchDevice device,
            long seed,
            Consumer<String> say)
            throws IOException {
        var training = new ImageTraining(folder, sizes, work, emoji, device, seed, say);
        if (!Files.isRegularFile(training.model.path().resolve("model_index.json"))) {
            training.model.write(sizes, Words.of(emoji));
        }
        return training;
    }

    /**
     * Trains one part until it has its steps, the time is over, or a file {@code stop} appears in the folder.
     *
     * @param steps counted from the part's beginning
     * @param time at most
     * @return whether it has all its steps
     * @throws IOException if a file cannot be read or written, or an earlier part is missing
     */
    public boolean train(Part part, int steps, Duration time) throws IOException {
        return train(part, new Limit(steps, time));
    }

    boolean train(Part part, Limit limit) throws IOException {
        var stretch = new Stretch(folder, part.toString(), say);
        return switch (part) {
            case VAE -> stretch.run(state -> vae(state, false), seed, limit);
            case DECODER -> stretch.run(state -> vae(state, true), seed, limit);
            case TEXT -> stretch.run(this::text, seed, limit);
            case EVALUATOR -> stretch.run(this::evaluator, seed, limit);
            case UNET -> stretch.run(this::unet, seed, limit);
        };
    }

    /** From a state, else from weights that are in the model already, else from the very first. */
    private Learner learner(Trainee trainee, java.io.DataInputStream state, String part) throws IOException {
        if (state != null) {
            return trainee.resume(device, state);
        }
        if (model.has(part)) {
            say.accept(part + " goes on from the weights of " + model.part(part) + ", without the optimiser's history");
            return trainee.start(device, model.part(part), ModelFolder.stem(part));
        }
        return trainee.start(device, Trainee.firstWeights(seed + part.hashCode()));
    }

    private Stage vae(java.io.DataInputStream state, boolean wayBackOnly) throws IOException {
        if (wayBackOnly && !model.has(ModelFolder.VAE)) {
            throw new IOException(model.part(ModelFolder.VAE) + ": has no weights; train that part first");
        }
        Learner learner = learner(Trainee.vae(model.config().vae()), state, ModelFolder.VAE);
        return new VaeStage(learner, model, sizes, work.vae(), wayBackOnly, emoji, device, seed);
    }

    private Stage text(java.io.DataInputStream state) throws IOException {
        WordTextConfig config = model.text();
        Trainee pair = pair(config);
        Learner learner = state == null ? pair.start(device, Trainee.firstWeights(seed)) : pair.resume(device, state);
        return new PairStage(
                learner,
                work.pair(),
                config,
                model.tokenizer(),
                emoji,
                new Augmenter(emoji, seed, Augmenter.Mixture.FULL),
                means -> {
                    var own = new LinkedHashMap<>(means);
                    own.keySet().removeIf(ImageTraining::isOfThePair);
                    model.save(ModelFolder.TEXT, own);
                });
    }

    private static Trainee pair(WordTextConfig config) {
        return Trainee.pair(config, Canvas.CHANNELS, EmojiData.SIDE, EYE);
    }

    private static boolean isOfThePair(String name) {
        return name.startsWith("vision.") || name.equals("logit_scale");
    }

    private WordTextConfig evaluatorConfig() {
        // Another size than the served encoder's, so that it may not be mistaken for it.
        return new WordTextConfig(6144, 20, 16, 128, 256, 4, 1, 128);
    }

    private Path evaluatorFile() {
        return folder.resolve("evaluator").resolve("model.safetensors");
    }

    private Path evaluatorWords() {
        return folder.resolve("evaluator").resolve(WordTokenizer.FILE);
    }

    private Stage evaluator(java.io.DataInputStream state) throws IOException {
        WordTextConfig config = evaluatorConfig();
        long own = seed ^ EVALUATOR_SEED;
        Trainee pair = pair(config);
        Learner learner = state == null ? pair.start(device, Trainee.firstWeights(own)) : pair.resume(device, state);
        List<String> words = Words.of(emoji);
        TensorFile.replace(evaluatorWords(), String.join("\n", words).getBytes(StandardCharsets.UTF_8));
        return new PairStage(
                learner,
                work.pair(),
                config,
                new WordTokenizer(words, config.rows(), config.positions(), config.parts()),
                emoji,
                new Augmenter(emoji, own, Augmenter.Mixture.EVALUATOR),
                means -> TensorFile.write(evaluatorFile(), means));
    }

    private Stage unet(java.io.DataInputStream state) throws IOException {
        for (String part : new String[] {ModelFolder.VAE, ModelFolder.TEXT}) {
            if (!model.has(part)) {
                throw new IOException(model.part(part) + ": has no weights; train that part first");
            }
        }
        Learner unet = learner(Trainee.unet(model.config().unet()), state, ModelFolder.UNET);
        Learner text = learner(Trainee.text(model.text()), state, ModelFolder.TEXT);
        return new UnetStage(unet, text, model, work, emoji, device, this::watch, seed);
    }

    /** Some of the pictures that the model is asked for, on a page, and how many of them the evaluator recognises. */
    private Map<String, Double> watch() throws IOException {
        var asked = new ArrayList<Emoji>();
        for (int i = 0; i < SHEET; i++) {
            asked.add(emoji.get((int) ((i + 0.5) * emoji.size() / SHEET)));
        }
        List<Canvas> pictures;
        try (var painter = Painter.load(model.path(), Painter.Way.DEFAULT, device)) {
            pictures = painter.paint(asked.stream().map(Emoji::name).toList(), 1);
        }
        Sheet.write(folder.resolve("unet.png"), pictures, 12);
        var measures = new LinkedHashMap<String, Double>();
        if (Files.isRegularFile(evaluatorFile())) {
            try (Learner learner = evaluatorWeights()) {
                Towers towers = towers(learner);
                float[][] seen = towers.look(pictures);
                float[][] names = towers.say(emoji.stream().map(Emoji::name).toList());
                int first = 0;
                int five = 0;
                for (int i = 0; i < seen.length; i++) {
                    int rank = Retrieval.rank(seen[i], names, asked.get(i).number());
                    first += rank < 1 ? 1 : 0;
                    five += rank < 5 ? 1 : 0;
                }
                measures.put("name_top_1", (double) first / seen.length);
                measures.put("name_top_5", (double) five / seen.length);
            }
        }
        return measures;
    }

    private Learner evaluatorWeights() throws IOException {
        if (!Files.isRegularFile(evaluatorFile())) {
            throw new IOException(folder + ": has no evaluator; train it first, with --stage evaluator");
        }
        return pair(evaluatorConfig()).start(device, evaluatorFile().getParent(), "model");
    }

    private Towers towers(Learner learner) throws IOException {
        WordTextConfig config = evaluatorConfig();
        return new Towers(
                learner,
                config,
                WordTokenizer.read(evaluatorFile().getParent(), config.rows(), config.positions(), config.parts()));
    }

    /**
     * Measures the model, the baseline and real pictures.
     *
     * @return a table; the same as JSON is in {@code measures.json}
     */
    public String measure() throws IOException {
        return measure(Measures.Counts.FULL, Painter.Way.DEFAULT);
    }

    String measure(Measures.Counts counts, Painter.Way way) throws IOException {
        Map<String, Map<String, Double>> columns = new LinkedHashMap<>();
        try (Learner learner = evaluatorWeights();
                var painter = Painter.load(model.path(), way, device)) {
            var measures = new Measures(emoji, towers(learner), counts);
            columns.put(
                    "model",
                    measures.of((questions, number) -> painter.paint(
                            questions.stream().map(Measures.Question::text).toList(), 1_000_000L * (number + 1))));
            columns.put("baseline", measures.of(Measures.baseline(emoji)));
            columns.put("real pictures", measures.of(Measures.real()));
        }
        Map<String, Object> json = new LinkedHashMap<>(columns);
        json.put("way", way.toString());
        json.put(
                "counts",
                Map.of(
                        "names", counts.names(),
                        "colours", counts.colours(),
                        "pairs", counts.pairs(),
                        "seeds", counts.seeds()));
        TensorFile.replace(
                folder.resolve("measures.json"),
                new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
        return Measures.table(columns);
    }
}
