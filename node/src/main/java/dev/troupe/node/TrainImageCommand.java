package dev.troupe.node;

import dev.troupe.device.DeviceConfig;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.train.EmojiData;
import dev.troupe.image.train.ImageTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "train-image",
        description = "Train the default model of pictures, or go on with it, or measure it.",
        sortOptions = false)
final class TrainImageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder of the training; one that is there is gone on with (default: training/pictures in --data).")
    private Path out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "The same as --out, but it must be there already. A folder with model/ alone is enough:"
                    + " training then goes on from its weights, without the optimiser's history.")
    private Path resume;

    @Option(
            names = "--stage",
            paramLabel = "vae|decoder|text|evaluator|unet",
            split = ",",
            description =
                    "Only these parts (default: all, in this order). decoder is the autoencoder's way back alone.")
    private List<String> stages;

    @Option(names = "--minutes", paramLabel = "N", description = "Stop after so many minutes (default: when done).")
    private double minutes;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Train a part up to its step N (default: as many as the part needs).")
    private int steps;

    @Option(names = "--seed", description = "Of all that is drawn (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--pictures",
            paramLabel = "DIR",
            description = "Folder with npm's package " + EmojiData.PACKAGE
                    + ", unpacked or as an archive (default: fetched with npm once).")
    private Path pictures;

    @Option(names = "--threads", description = "Threads of one operator; 0 for one a core (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--measure",
            paramLabel = "DIR",
            description = "Train nothing; print the measures of the model in a folder of training.")
    private Path measure;

    @Override
    public Integer call() throws IOException {
        Natives.unpackInto(data.directory());
        Path folder = folder();
        PrintWriter printer = spec.commandLine().getOut();
        try {
            Path from = pictures == null ? EmojiData.fetch(data.directory().resolve("training-data")) : pictures;
            TorchDevice device = TorchDevice.start(new DeviceConfig("cpu", threads, Natives.folder(data.directory())));
            ImageTraining training = ImageTraining.open(folder, from, device, seed, line -> {
                printer.println(line);
                printer.flush();
            });
            if (measure != null) {
                printer.print(training.measure());
                printer.flush();
                return ExitCode.OK;
            }
            train(training);
            return ExitCode.OK;
        } catch (EmojiData.DataException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private Path folder() {
        Path named = measure != null ? measure : resume != null ? resume : out;
        if ((measure != null || resume != null)
                && !named.resolve("model").toFile().isDirectory()) {
            throw new UserError(named + ": is no folder of training, there is no model/ in it");
        }
        return named != null ? named : data.directory().resolve("training").resolve("pictures");
    }

    private void train(ImageTraining training) throws IOException {
        long end = System.nanoTime() + Math.round(minutes * 60e9);
        for (ImageTraining.Part part : parts()) {
            Duration left = minutes > 0 ? Duration.ofNanos(end - System.nanoTime()) : Duration.ofDays(365);
            if (left.isNegative() || !training.train(part, steps > 0 ? steps : part.steps(), left)) {
                return;
            }
        }
    }

    private List<ImageTraining.Part> parts() {
        if (stages == null) {
            return List.of(ImageTraining.Part.values());
        }
        return stages.stream().map(this::part).toList();
    }

    private ImageTraining.Part part(String name) {
        try {
            return ImageTraining.Part.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "stage '" + name + "' is unknown; say vae, decoder, text, evaluator or unet",
                    e);
        }
    }
}
