package dev.troupe.models.tokenizer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.GgufMetadata;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** The tokens of a GGUF file and their kinds. */
final class GgufVocabulary {
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    private final GgufMetadata metadata;
    private final List<String> tokens;
    private final int[] types;

    GgufVocabulary(GgufMetadata metadata) {
        this.metadata = metadata;
        tokens = strings("tokens");
        types = metadata.ints("tokenizer.ggml.token_type").orElseGet(() -> {
            var normal = new int[tokens.size()];
            Arrays.fill(normal, NORMAL);
            return normal;
        });
        checkLength("token types", types.length);
    }

    /** An array that must be there, by its key under {@code tokenizer.ggml}. */
    List<String> strings(String name) {
        return required(metadata, name, metadata.strings("tokenizer.ggml." + name));
    }

    static <T> T required(GgufMetadata metadata, String name, Optional<T> value) {
        return value.orElseThrow(() -> metadata.missing("tokenizer.ggml." + name));
    }

    /** A token that a key such as {@code bos_token_id} names. */
    OptionalInt token(String name) {
        OptionalInt id = metadata.natural("tokenizer.ggml." + name);
        if (id.isPresent() && id.getAsInt() >= tokens.size()) {
            throw new ModelFormatException("the GGUF key 'tokenizer.ggml." + name + "' names token " + id.getAsInt()
                    + " of a vocabulary of " + tokens.size() + "; use a file made by a current converter");
        }
        return id;
    }

    /** The text of a token. A user-defined one is found in the raw text, so it is given as it stands there: with spaces. */
    String text(int id) {
        String token = tokens.get(id);
        return types[id] == USER_DEFINED ? token.replace(TokenBytes.SPACE, ' ') : token;
    }

    /** Ids of the special and user-defined tokens with one of these texts. */
    List<Integer> named(Set<String> texts) {
        return IntStream.range(0, types.length)
                .filter(id -> types[id] != NORMAL && texts.contains(tokens.get(id)))
                .boxed()
                .toList();
    }

    /** The ordinary pieces of a SentencePiece vocabulary with their scores. */
    Map<String, Float> scores() {
        float[] scores = required(metadata, "scores", metadata.floats("tokenizer.ggml.scores"));
        checkLength("scores", scores.length);
        Map<String, Float> ordinary = new LinkedHashMap<>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == NORMAL && !tokens.get(id).isEmpty()) {
                ordinary.putIfAbsent(tokens.get(id), scores[id]);
            }
        }
        return ordinary;
    }

    /** Field {@code added_tokens}: what is found in the text before anything else. */
    void writeAdded(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("added_tokens");
        for (int id = 0; id < types.length; id++) {
            boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
            if ((special || types[id] == USER_DEFINED) && !tokens.get(id).isEmpty()) {
                json.writeStartObject();
                json.writeNumberField("id", id);
                json.writeStringField("content", text(id));
                for (String no : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                    json.writeBooleanField(no, false);
                }
                json.writeBooleanField("special", special);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    /** Field {@code vocab}; where two tokens have one text, the first is the one that texts become. */
    void writeVocab(JsonGenerator json) throws IOException {
        Set<String> written = new HashSet<>();
        json.writeObjectFieldStart("vocab");
        for (int id = 0; id < types.length; id++) {
            if (written.add(text(id))) {
                json.writeNumberField(text(id), id);
            }
        }
        json.writeEndObject();
    }

    private void checkLength(String what, int length) {
        if (length != tokens.size()) {
            throw new ModelFormatException("the GGUF tokenizer has " + tokens.size() + " tokens but " + length + " "
                    + what + "; use a file made by a current converter");
        }
    }
}
