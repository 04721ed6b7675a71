package dev.troupe.models.tokenizer;

import dev.troupe.models.CompressedJson;
import dev.troupe.models.GenerationDefaults;
import dev.troupe.models.ModelCard;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.SpecialTokens;
import dev.troupe.models.weights.GgufFile;
import dev.troupe.models.weights.GgufMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a model's files say about text: all of a {@link ModelCard} that is not about weights.
 *
 * @param licence as the files name it; empty where they do not
 */
public record TextParts(
        CompressedJson tokenizer,
        SpecialTokens specialTokens,
        Optional<String> chatTemplate,
        GenerationDefaults defaults,
        String licence) {

    /**
     * Reads a GGUF file or a Hugging Face directory.
     *
     * @throws ModelFormatException when it holds no tokenizer or a broken one; the message names the path
     */
    public static TextParts read(Path path) throws IOException {
        return Files.isDirectory(path)
                ? new DirectoryText(path).read()
                : of(path, GgufFile.open(path).metadata());
    }

    /** The same from a GGUF that is already open; {@code path} is for messages. */
    public static TextParts of(Path path, GgufMetadata metadata) {
        try {
            return new GgufText(metadata).read();
        } catch (ModelFormatException e) {
            throw e.getMessage().contains(path.toString())
                    ? e
                    : new ModelFormatException(path + ": " + e.getMessage(), e);
        }
    }

    /** The card of a model with these texts and, from its weights, the other figures. */
    public ModelCard card(String id, String fingerprint, int contextLength, int vocabSize, Instant created) {
        return new ModelCard(
                id,
                fingerprint,
                contextLength,
                vocabSize,
                specialTokens,
                tokenizer,
                chatTemplate,
                licence,
                created.getEpochSecond(),
                defaults);
    }
}
