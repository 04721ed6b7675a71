package dev.troupe.image.work;

import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.model.DiffusionModel;
import dev.troupe.image.schedule.Sampler;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of Stable Diffusion in diffusers' layout. A file {@code troupe.json} in it may say what is meant where a request says nothing:
 * {@code steps} and {@code guidance}; the sampler is that of its scheduler.
 */
public final class ModelDirectory {
    private static final String INDEX = "model_index.json";
    private static final String OWN = "troupe.json";
    private static final int USUAL_STEPS = 20;
    private static final double USUAL_GUIDANCE = 7.5;
    private static final int BUFFER = 1 << 16;

    private final Path directory;
    private final String id;

    /**
     * @param id in the API
     * @throws ModelFormatException if it is no such directory
     */
    public ModelDirectory(Path directory, String id) {
        if (!Files.isRegularFile(directory.resolve(INDEX))) {
            throw new ModelFormatException(directory + " has no " + INDEX
                    + ": a picture model is a directory of Stable Diffusion in diffusers' layout");
        }
        this.directory = directory;
        this.id = id;
    }

    public String id() {
        return id;
    }

    /**
     * Carries the model to the device; seconds.
     *
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if something is missing, damaged, or not supported
     */
    public Workshop load(TorchDevice device, KernelPolicy policy, int maxRows) throws IOException {
        String fingerprint = fingerprint();
        DiffusionModel model = DiffusionModel.load(directory, List.of(), device, policy);
        PictureSizes sizes = new PictureSizes(model.trainedSide(), model.factor());
        List<String> samplers = new ArrayList<>(List.of(model.noise().sampler().toString()));
        Arrays.stream(Sampler.values())
                .map(Sampler::toString)
                .filter(name -> !samplers.contains(name))
                .forEach(samplers::add);
        Path own = directory.resolve(OWN);
        boolean says = Files.isRegularFile(own);
        PictureModel card = new PictureModel(
                id,
                fingerprint,
                sizes.all(),
                samplers,
                says ? Json.read(own).natural("steps").orElse(USUAL_STEPS) : USUAL_STEPS,
                says ? Json.read(own).number("guidance").orElse(USUAL_GUIDANCE) : USUAL_GUIDANCE,
                model.pictureChannels() == 4);
        return new Workshop(
                card,
                new PictureEngine(model, maxRows, System::nanoTime),
                new Studio(model.noise(), sizes, model.pictureChannels(), fingerprint));
    }

    /** SHA-256 of every configuration and weight, names and bytes. */
    private String fingerprint() throws IOException {
        MessageDigest digest = sha256();
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(file -> file.toString().matches(".*\\.(json|txt|safetensors)"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
        var buffer = new byte[BUFFER];
        for (Path file : files) {
            String name = directory.relativize(file).toString();
            digest.update((name + "\n" + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    digest.update(buffer, 0, read);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
