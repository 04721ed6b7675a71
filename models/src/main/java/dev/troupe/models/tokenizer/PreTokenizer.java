package dev.troupe.models.tokenizer;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How byte-level BPE cuts a text before merging, by GGUF's {@code tokenizer.ggml.pre}. The names are llama.cpp's
 * ({@code src/llama-vocab.cpp}), the JSON is what the models' own {@code tokenizer.json} says.
 *
 * @param normalizer JSON
 * @param preTokenizer JSON
 * @param ignoreMerges whether a whole piece that is in the vocabulary is taken without merging
 * @param addsBos what holds where the file does not say
 */
record PreTokenizer(String normalizer, String preTokenizer, boolean ignoreMerges, boolean addsBos) {
    static final String BYTE_LEVEL =
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":%s}";

    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|";
    private static final String WORDS_AND_SPACE = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String LLAMA_3 = CONTRACTIONS + "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" + WORDS_AND_SPACE;
    private static final String QWEN_2 = CONTRACTIONS + "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + WORDS_AND_SPACE;
    private static final String TEKKEN = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*"
            + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final PreTokenizer GPT_2 = new PreTokenizer("null", BYTE_LEVEL.formatted(true), false, false);
    private static final PreTokenizer DIGITS =
            new PreTokenizer("null", sequence("{\"type\":\"Digits\",\"individual_digits\":true}", true), false, false);

    private static final Map<String, PreTokenizer> BY_NAME = Map.ofEntries(
            Map.entry("default", GPT_2),
            Map.entry("gpt-2", GPT_2),
            Map.entry("smollm", DIGITS),
            Map.entry("starcoder", DIGITS),
            Map.entry("refact", DIGITS),
            Map.entry("llama-bpe", new PreTokenizer("null", split(LLAMA_3), true, true)),
            Map.entry("llama3", new PreTokenizer("null", split(LLAMA_3), true, true)),
            Map.entry("smaug-bpe", new PreTokenizer("null", split(LLAMA_3), false, false)),
            Map.entry("dbrx", new PreTokenizer("null", split(LLAMA_3), false, false)),
            Map.entry("qwen2", new PreTokenizer("{\"type\":\"NFC\"}", split(QWEN_2), false, false)),
            Map.entry("deepseek-r1-qwen", new PreTokenizer("{\"type\":\"NFC\"}", split(QWEN_2), false, false)),
            Map.entry("tekken", new PreTokenizer("null", split(TEKKEN), true, false)));

    /** Empty for a name that is not known: to guess would give wrong text with no error. */
    static Optional<PreTokenizer> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static SortedSet<String> names() {
        return new TreeSet<>(BY_NAME.keySet());
    }

    private static String split(String regex) {
        String escaped = regex.replace("\\", "\\\\");
        return sequence(
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" + escaped
                        + "\"},\"behavior\":\"Isolated\",\"invert\":false}",
                false);
    }

    private static String sequence(String first, boolean byteLevelRegex) {
        return "{\"type\":\"Sequence\",\"pretokenizers\":[" + first + "," + BYTE_LEVEL.formatted(byteLevelRegex) + "]}";
    }
}
