package dev.troupe.models.tokenizer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.GgufMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;

/**
 * A GGUF's vocabulary written as a {@code tokenizer.json}. Two kinds: {@code gpt2}, byte-level BPE with its merges, and
 * {@code llama}, SentencePiece BPE with scores and byte fallback.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF, "Tokenizer"</a>
 */
final class GgufTokenizer {
    private final GgufMetadata metadata;
    private final GgufVocabulary vocabulary;

    GgufTokenizer(GgufMetadata metadata, GgufVocabulary vocabulary) {
        this.metadata = metadata;
        this.vocabulary = vocabulary;
    }

    /** @throws ModelFormatException when the tokenizer is broken or of a kind not known here */
    byte[] toJson() {
        String model = GgufVocabulary.required(metadata, "model", metadata.string("tokenizer.ggml.model"));
        return switch (model) {
            case "gpt2" -> byteLevel();
            case "llama" -> sentencePiece();
            default ->
                throw new ModelFormatException("the GGUF tokenizer is of the kind '" + model
                        + "', but only gpt2 (byte-level BPE) and llama (SentencePiece BPE) are supported");
        };
    }

    private byte[] byteLevel() {
        String pre = metadata.string("tokenizer.ggml.pre").orElse("default");
        PreTokenizer cut = PreTokenizer.named(pre)
                .orElseThrow(() -> new ModelFormatException("the GGUF tokenizer cuts text after the rule '" + pre
                        + "' (tokenizer.ggml.pre), but only these are supported: "
                        + String.join(", ", PreTokenizer.names())));
        List<String> merges = vocabulary.strings("merges");
        return write(json -> {
            raw(json, "normalizer", cut.normalizer());
            raw(json, "pre_tokenizer", cut.preTokenizer());
            postProcessor(json, cut.addsBos());
            raw(json, "decoder", PreTokenizer.BYTE_LEVEL.formatted(true));
            json.writeObjectFieldStart("model");
            json.writeStringField("type", "BPE");
            json.writeBooleanField("ignore_merges", cut.ignoreMerges());
            vocabulary.writeVocab(json);
            json.writeArrayFieldStart("merges");
            for (String merge : merges) {
                json.writeString(merge);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private byte[] sentencePiece() {
        boolean prefix = metadata.bool("tokenizer.ggml.add_space_prefix").orElse(true);
        OptionalInt unknown = vocabulary.token("unknown_token_id");
        return write(json -> {
            raw(json, "normalizer", spaces(prefix));
            postProcessor(json, true);
            raw(json, "decoder", pieces(prefix));
            json.writeObjectFieldStart("model");
            json.writeStringField("type", "BPE");
            if (unknown.isPresent()) {
                json.writeStringField("unk_token", vocabulary.text(unknown.getAsInt()));
            }
            json.writeBooleanField("fuse_unk", true);
            json.writeBooleanField("byte_fallback", true);
            vocabulary.writeVocab(json);
            json.writeArrayFieldStart("merges");
            for (SentencePieceMerges.Merge merge : SentencePieceMerges.of(vocabulary.scores())) {
                json.writeArray(new String[] {merge.left(), merge.right()}, 0, 2);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String spaces(boolean prefix) {
        String replace = "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}";
        return prefix
                ? "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"\u2581\"}," + replace
                        + "]}"
                : replace;
    }

    private static String pieces(boolean prefix) {
        String strip = prefix ? ",{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}" : "";
        return "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Replace\",\"pattern\":{\"String\":\"\u2581\"},"
                + "\"content\":\" \"},{\"type\":\"ByteFallback\"},{\"type\":\"Fuse\"}" + strip + "]}";
    }

    /** BOS before and EOS after a raw prompt, where the model was trained with them. */
    private void postProcessor(JsonGenerator json, boolean bosByDefault) throws IOException {
        OptionalInt bos = added("bos", bosByDefault);
        OptionalInt eos = added("eos", false);
        if (bos.isEmpty() && eos.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("post_processor");
        json.writeStringField("type", "TemplateProcessing");
        for (String kind : List.of("single", "pair")) {
            json.writeArrayFieldStart(kind);
            placeToken(json, bos);
            place(json, "Sequence", "A");
            if (kind.equals("pair")) {
                place(json, "Sequence", "B");
            }
            placeToken(json, eos);
            json.writeEndArray();
        }
        json.writeObjectFieldStart("special_tokens");
        describeToken(json, bos);
        if (!bos.equals(eos)) {
            describeToken(json, eos);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private OptionalInt added(String name, boolean byDefault) {
        boolean adds = metadata.bool("tokenizer.ggml.add_" + name + "_token").orElse(byDefault);
        return adds ? vocabulary.token(name + "_token_id") : OptionalInt.empty();
    }

    private void placeToken(JsonGenerator json, OptionalInt id) throws IOException {
        if (id.isPresent()) {
            place(json, "SpecialToken", vocabulary.text(id.getAsInt()));
        }
    }

    private static void place(JsonGenerator json, String kind, String id) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart(kind);
        json.writeStringField("id", id);
        json.writeNumberField("type_id", 0);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void describeToken(JsonGenerator json, OptionalInt id) throws IOException {
        if (id.isPresent()) {
            String text = vocabulary.text(id.getAsInt());
            json.writeObjectFieldStart(text);
            json.writeStringField("id", text);
            json.writeFieldName("ids");
            json.writeArray(new int[] {id.getAsInt()}, 0, 1);
            json.writeFieldName("tokens");
            json.writeArray(new String[] {text}, 0, 1);
            json.writeEndObject();
        }
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private byte[] write(Fields fields) {
        var out = new ByteArrayOutputStream(1 << 20);
        try (JsonGenerator json = TokenizerJson.JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            vocabulary.writeAdded(json);
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to write", e);
        }
        return out.toByteArray();
    }

    private static void raw(JsonGenerator json, String name, String value) throws IOException {
        json.writeFieldName(name);
        json.writeRawValue(value);
    }
}
