package dev.troupe.models.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.models.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what Java needs of a {@code tokenizer.json}: tokens and their bytes. By streaming, for the merges of a large
 * vocabulary are tens of megabytes.
 */
final class TokenizerJson {
    /** More ids than any vocabulary has; a larger one is refused before memory is spent on it. */
    private static final int MAX_VOCABULARY = 1 << 22;

    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(1 << 20)
                    .maxNestingDepth(64)
                    .build())
            .build();
    private static final ObjectMapper MAPPER = new ObjectMapper(JSON);

    private record Added(int id, String content, boolean special) {}

    private final byte[] json;
    private final List<Added> added = new ArrayList<>();
    private final Map<String, Integer> vocabulary = new HashMap<>();
    private JsonNode decoder = MAPPER.nullNode();

    private TokenizerJson(byte[] json) {
        this.json = json;
    }

    /** @throws ModelFormatException when it is not a tokenizer.json with a vocabulary of token to id */
    static TokenTable read(byte[] json) {
        var reader = new TokenizerJson(json);
        try {
            reader.parse();
        } catch (IOException e) {
            throw new ModelFormatException("the tokenizer.json is not valid JSON: " + firstLine(e), e);
        }
        return reader.table();
    }

    /** The same tokenizer without its special tokens, for text in which they must not be recognised. */
    static String withoutSpecial(byte[] json) {
        var out = new ByteArrayOutputStream(json.length);
        try (JsonParser in = JSON.createParser(json);
                JsonGenerator to = JSON.createGenerator(out)) {
            while (in.nextToken() != null) {
                to.copyCurrentEvent(in);
                if (atAddedTokens(in)) {
                    in.nextToken();
                    to.writeStartArray();
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        JsonNode token = MAPPER.readTree(in);
                        if (!token.path("special").asBoolean()) {
                            MAPPER.writeTree(to, token);
                        }
                    }
                    to.writeEndArray();
                }
            }
        } catch (IOException e) {
            throw new ModelFormatException("the tokenizer.json is not valid JSON: " + firstLine(e), e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean atAddedTokens(JsonParser in) throws IOException {
        return in.currentToken() == JsonToken.FIELD_NAME
                && in.getParsingContext().getParent().inRoot()
                && in.currentName().equals("added_tokens");
    }

    private void parse() throws IOException {
        try (JsonParser in = JSON.createParser(json)) {
            expect(in.nextToken() == JsonToken.START_OBJECT, "is not an object");
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                in.nextToken();
                switch (field) {
                    case "added_tokens" -> readAdded(in);
                    case "decoder" -> decoder = MAPPER.readTree(in);
                    case "model" -> readModel(in);
                    default -> in.skipChildren();
                }
            }
        }
    }

    private void readAdded(JsonParser in) throws IOException {
        for (JsonNode token : MAPPER.<JsonNode>readTree(in)) {
            added.add(new Added(
                    checkedId(token.path("id").asInt(-1)),
                    token.path("content").asText(),
                    token.path("special").asBoolean()));
        }
    }

    private void readModel(JsonParser in) throws IOException {
        expect(in.currentToken() == JsonToken.START_OBJECT, "has no model");
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String field = in.currentName();
            in.nextToken();
            if (!field.equals("vocab")) {
                in.skipChildren();
                continue;
            }
            expect(
                    in.currentToken() == JsonToken.START_OBJECT,
                    "has a vocabulary of scores (unigram); only BPE and WordPiece are supported");
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String token = in.currentName();
                in.nextToken();
                vocabulary.put(token, checkedId(in.getIntValue()));
            }
        }
    }

    private TokenTable table() {
        expect(!vocabulary.isEmpty(), "has an empty vocabulary");
        int size = 1
                + vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        for (Added token : added) {
            size = Math.max(size, token.id + 1);
        }
        var tokens = new byte[size][];
        TokenBytes bytes = TokenBytes.of(decoder);
        vocabulary.forEach((token, id) -> tokens[id] = bytes.of(token));
        var special = new BitSet(size);
        Map<String, Integer> ids = new HashMap<>();
        for (Added token : added) {
            tokens[token.id] = TokenBytes.utf8(token.content);
            special.set(token.id, token.special);
            ids.put(token.content, token.id);
        }
        return new TokenTable(tokens, special, ids, stripsLeadingSpace(decoder));
    }

    private static boolean stripsLeadingSpace(JsonNode decoder) {
        for (JsonNode step : decoder.path("decoders")) {
            if (step.path("type").asText().equals("Strip")) {
                return step.path("start").asInt() > 0;
            }
        }
        return decoder.path("type").asText().equals("Metaspace")
                && !decoder.path("prepend_scheme").asText("always").equals("never");
    }

    private static int checkedId(int id) {
        expect(id >= 0 && id < MAX_VOCABULARY, "has a token with the id " + id + ", out of range");
        return id;
    }

    private static void expect(boolean condition, String problem) {
        if (!condition) {
            throw new ModelFormatException("the tokenizer.json " + problem + "; use another file of this model");
        }
    }

    /** Jackson's messages go on for lines about the source and the reference chain. */
    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
