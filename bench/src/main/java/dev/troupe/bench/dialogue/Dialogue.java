package dev.troupe.bench.dialogue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A picture asked for and refined.
 *
 * @param kind of what is asked: recolour, add, …
 * @param first prompt
 */
public record Dialogue(String id, String kind, String first, List<Turn> turns) {
    /** Also the names of the files. */
    public enum Set {
        /** The measured set, written before the rules. */
        DIALOGUES("dialogues"),
        /** Written when the rules understood the first. */
        HELD_BACK("held-back"),
        /** Written when the rules understood the second. */
        HELD_BACK_SECOND("held-back-second");

        private final String file;

        Set(String file) {
            this.file = file;
        }

        public String file() {
            return file;
        }
    }

    /**
     * What is said, what the prompt must be and what the picture must show. What is null is not looked at.
     *
     * @param exact the revised prompt
     * @param has words of it
     * @param lacks words that it has not
     * @param negative words of the negative prompt
     * @param start "new noise", "same noise" or "from picture"
     * @param of the number of the picture that is meant, from 1; 0 for none
     * @param colour of the foreground: a word of {@link dev.troupe.cluster.picture.ColourWord}
     * @param background the same, of the background
     * @param overlap least intersection over union of its foreground and that of the picture that is meant
     * @param changed least share of its area that differs from that picture
     * @param larger whether its foreground must have grown against that picture, or shrunk
     */
    public record Turn(
            String words,
            String exact,
            List<String> has,
            List<String> lacks,
            List<String> negative,
            String start,
            int of,
            String colour,
            String background,
            Double overlap,
            Double changed,
            Boolean larger) {
        public Turn {
            Objects.requireNonNull(words, "words");
            has = Optional.ofNullable(has).orElse(List.of());
            lacks = Optional.ofNullable(lacks).orElse(List.of());
            negative = Optional.ofNullable(negative).orElse(List.of());
        }
    }

    public Dialogue(
            @JsonProperty("id") String id,
            @JsonProperty("kind") String kind,
            @JsonProperty("first") String first,
            @JsonProperty("turns") List<Turn> turns) {
        this.id = Objects.requireNonNull(id, "id");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.first = Objects.requireNonNull(first, "first");
        this.turns = List.copyOf(turns);
    }

    public static List<Dialogue> read(Set set) {
        String name = set.file() + ".json";
        try (InputStream in = Objects.requireNonNull(Dialogue.class.getResourceAsStream(name), name)) {
            return Stream.of(new ObjectMapper().readValue(in, Dialogue[].class)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("dialogues of " + name, e);
        }
    }
}
