package dev.troupe.image.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The default model of pictures, which is in the jar: our own, trained by {@code troupe train-image}. */
public final class BundledModel {
    /** Its name in requests. */
    public static final String ID = "troupe-emoji";

    private static final String FOLDER = "/dev/troupe/image/default-model/";
    private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
    private static final List<String> FILES = List.of(
            "README.md",
            "model_index.json",
            "troupe.json",
            "scheduler/scheduler_config.json",
            "tokenizer/tokenizer_config.json",
            "tokenizer/words.txt",
            "text_encoder/config.json",
            "text_encoder/model.safetensors",
            "vae/config.json",
            "vae/diffusion_pytorch_model.safetensors",
            "unet/config.json",
            WEIGHTS);

    private static final int NAME_DIGITS = 12;

    private BundledModel() {}

    /**
     * Puts the model's files into a folder of its own, once for each version of its weights.
     *
     * @param folder of the folders of bundled models
     * @return a diffusers directory; empty if this build has no model in it
     * @throws IOException if it cannot be written
     */
    public static Optional<Path> unpackInto(Path folder) throws IOException {
        return unpack(BundledModel.class.getResource(FOLDER + WEIGHTS) == null ? null : FOLDER, folder);
    }

    static Optional<Path> unpack(String resources, Path folder) throws IOException {
        if (resources == null) {
            return Optional.empty();
        }
        Path target = folder.resolve(ID + "-" + version(resources));
        if (Files.isDirectory(target)) {
            return Optional.of(target);
        }
        Files.createDirectories(folder);
        Path work = Files.createTempDirectory(folder, ID);
        for (String file : FILES) {
            Path to = work.resolve(file);
            Files.createDirectories(to.getParent());
            try (InputStream in = BundledModel.class.getResourceAsStream(resources + file)) {
                if (in == null) {
                    throw new IOException("this build's default model lacks " + file + "; build it again");
                }
                Files.copy(in, to);
            }
        }
        try {
            Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            // Another process was first, with the same files.
            delete(work);
        }
        return Optional.of(target);
    }

    private static String version(String resources) throws IOException {
        try (InputStream in = BundledModel.class.getResourceAsStream(resources + WEIGHTS)) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
            return HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
