package dev.troupe.models.tokenizer;

import dev.troupe.models.CompressedJson;
import dev.troupe.models.GenerationDefaults;
import dev.troupe.models.SpecialTokens;
import dev.troupe.models.weights.GgufMetadata;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The text parts of a GGUF file. */
final class GgufText {
    /**
     * Tokens that end an answer whatever the file says, for it names one only. From llama.cpp's list of end-of-generation
     * tokens, without those that other models use within a text.
     */
    private static final Set<String> ENDS = Set.of(
            "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<|endoftext|>", "<end_of_turn>", "<|end_of_text|>");

    private final GgufMetadata metadata;

    GgufText(GgufMetadata metadata) {
        this.metadata = metadata;
    }

    TextParts read() {
        var vocabulary = new GgufVocabulary(metadata);
        return new TextParts(
                CompressedJson.compress(new GgufTokenizer(metadata, vocabulary).toJson()),
                specialTokens(vocabulary),
                metadata.string("tokenizer.chat_template"),
                GenerationDefaults.NONE,
                metadata.string("general.license").orElse(""));
    }

    private static SpecialTokens specialTokens(GgufVocabulary vocabulary) {
        OptionalInt bos = vocabulary.token("bos_token_id");
        OptionalInt eos = vocabulary.token("eos_token_id");
        Set<Integer> ends = new LinkedHashSet<>();
        eos.ifPresent(ends::add);
        vocabulary.token("eot_token_id").ifPresent(ends::add);
        ends.addAll(vocabulary.named(ENDS));
        return new SpecialTokens(bos, text(vocabulary, bos), text(vocabulary, eos), List.copyOf(ends));
    }

    private static String text(GgufVocabulary vocabulary, OptionalInt id) {
        return id.isPresent() ? vocabulary.text(id.getAsInt()) : "";
    }
}
