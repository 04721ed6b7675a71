package dev.troupe.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A byte-level BPE of {@value #SIZE} tokens: three special ones as SmolLM2 numbers them, the 256 bytes, and merges of common
 * English pairs. It can say anything in UTF-8.
 */
public final class TinyTokenizer {
    public static final int SIZE = 288;
    public static final int END_OF_TEXT = 0;
    public static final int IM_START = 1;
    public static final int IM_END = 2;
    public static final List<String> SPECIAL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");

    public static final String CHAT_TEMPLATE =
            "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>'"
                    + " + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    /** G with a dot above is the space in GPT-2's alphabet of bytes. */
    static final List<String> MERGES = List.of(
            "\u0120 t",
            "\u0120 a",
            "h e",
            "i n",
            "r e",
            "o n",
            "\u0120t he",
            "e r",
            "\u0120 s",
            "a t",
            "\u0120 w",
            "\u0120 o",
            "e n",
            "\u0120 c",
            "i t",
            "i s",
            "a n",
            "o r",
            "e s",
            "\u0120 b",
            "e d",
            "\u0120 f",
            "in g",
            "\u0120 p",
            "o u",
            "\u0120a n",
            "a l",
            "a r",
            "\u0120t o");

    private static final int CONTROL = 3;
    private static final int NORMAL = 1;

    private TinyTokenizer() {}

    static List<String> tokens() {
        List<String> tokens = new ArrayList<>(SPECIAL);
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(letter(b)));
        }
        MERGES.forEach(merge -> tokens.add(merge.replace(" ", "")));
        return tokens;
    }

    /** GPT-2's {@code bytes_to_unicode}: printable bytes stand for themselves, the others follow from U+0100 on. */
    private static char letter(int value) {
        int others = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
            if (b == value) {
                return (char) (printable ? b : 256 + others);
            }
            others += printable ? 0 : 1;
        }
        throw new IllegalArgumentException("no byte: " + value);
    }

    static void putInto(GgufWriter writer) {
        List<String> tokens = tokens();
        var types = new int[tokens.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = i < SPECIAL.size() ? CONTROL : NORMAL;
        }
        writer.put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.pre", "smollm")
                .putStrings("tokenizer.ggml.tokens", tokens)
                .putInts("tokenizer.ggml.token_type", types)
                .putStrings("tokenizer.ggml.merges", MERGES)
                .put("tokenizer.ggml.bos_token_id", IM_START)
                .put("tokenizer.ggml.eos_token_id", IM_END)
                .put("tokenizer.ggml.unknown_token_id", END_OF_TEXT)
                .put("tokenizer.ggml.padding_token_id", IM_END)
                .put("tokenizer.ggml.add_bos_token", false)
                .put("tokenizer.ggml.add_space_prefix", false)
                .put("tokenizer.chat_template", CHAT_TEMPLATE);
    }

    /** {@code tokenizer.json} and {@code tokenizer_config.json}. */
    static void writeHuggingFace(Path directory) throws IOException {
        List<String> tokens = tokens();
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        List<Map<String, Object>> added = new ArrayList<>();
        for (int id = 0; id < SPECIAL.size(); id++) {
            added.add(Map.of(
                    "id",
                    id,
                    "content",
                    SPECIAL.get(id),
                    "special",
                    true,
                    "single_word",
                    false,
                    "lstrip",
                    false,
                    "rstrip",
                    false,
                    "normalized",
                    false));
        }
        Map<String, Object> bytes =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true);
        Map<String, Object> json = Map.of(
                "version",
                "1.0",
                "added_tokens",
                added,
                "pre_tokenizer",
                Map.of(
                        "type",
                        "Sequence",
                        "pretokenizers",
                        List.of(Map.of("type", "Digits", "individual_digits", true), bytes)),
                "decoder",
                bytes,
                "model",
                Map.of("type", "BPE", "vocab", vocabulary, "merges", MERGES));
        Files.writeString(directory.resolve("tokenizer.json"), TinyHuggingFace.json(json));
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                TinyHuggingFace.json(Map.of(
                        "bos_token", SPECIAL.get(IM_START),
                        "eos_token", SPECIAL.get(IM_END),
                        "unk_token", SPECIAL.get(END_OF_TEXT),
                        "chat_template", CHAT_TEMPLATE)));
    }
}
