package dev.troupe.image.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens and merges of a byte-pair encoding (Sennrich, Haddow, Birch: Neural Machine Translation of Rare Words with Subword Units, 2016)
 * from {@code vocab.json} and {@code merges.txt}, or from {@code tokenizer.json} where those are not there.
 *
 * @param ids by token
 * @param ranks by pair, joined by a space; the lower is merged first
 */
record ClipVocabulary(Map<String, Integer> ids, Map<String, Integer> ranks) {
    private static final int MAX_ID = 1 << 22;
    private static final long MAX_BYTES = 64L << 20;

    static ClipVocabulary read(Path directory) throws IOException {
        Path vocab = directory.resolve("vocab.json");
        Path merges = directory.resolve("merges.txt");
        if (Files.isRegularFile(vocab) && Files.isRegularFile(merges)) {
            return new ClipVocabulary(ids(Json.read(vocab)), ranks(merges, mergeLines(merges)));
        }
        Path whole = directory.resolve("tokenizer.json");
        if (Files.isRegularFile(whole)) {
            Json json = Json.read(whole);
            Json model = json.object("model").orElseThrow(() -> json.wrong("model", "is missing"));
            Json tokens = model.object("vocab").orElseThrow(() -> json.wrong("model.vocab", "is missing"));
            JsonNode pairs = model.array("merges").orElseThrow(() -> json.wrong("model.merges", "is missing"));
            return new ClipVocabulary(ids(tokens), ranks(whole, mergePairs(pairs)));
        }
        throw new ModelFormatException(directory + ": neither vocab.json with merges.txt nor tokenizer.json; fetch the"
                + " model's tokenizer folder again");
    }

    private static Map<String, Integer> ids(Json json) {
        var ids = new HashMap<String, Integer>();
        json.node().properties().forEach(entry -> {
            JsonNode id = entry.getValue();
            if (!id.isInt() || id.intValue() < 0 || id.intValue() > MAX_ID) {
                throw json.wrong(entry.getKey(), "has no id");
            }
            ids.put(entry.getKey(), id.intValue());
        });
        return ids;
    }

    private static List<String> mergeLines(Path path) throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            throw new ModelFormatException(path + ": larger than any such file should be; fetch it again");
        }
        // Wrong UTF-8 becomes replacement characters, which no token has.
        return new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#version"))
                .map(String::strip)
                .toList();
    }

    /** Either {@code "a b"} or {@code ["a", "b"]}. */
    private static List<String> mergePairs(JsonNode pairs) {
        var lines = new ArrayList<String>();
        for (JsonNode pair : pairs) {
            lines.add(
                    pair.isArray() ? pair.path(0).asText() + " " + pair.path(1).asText() : pair.asText());
        }
        return lines;
    }

    private static Map<String, Integer> ranks(Path path, List<String> pairs) {
        var ranks = new HashMap<String, Integer>();
        for (String pair : pairs) {
            int space = pair.indexOf(' ');
            if (space < 1 || space != pair.lastIndexOf(' ') || space == pair.length() - 1) {
                throw new ModelFormatException(path + ": merge '" + pair + "' is not two tokens; fetch the file again");
            }
            ranks.putIfAbsent(pair, ranks.size());
        }
        return ranks;
    }
}
