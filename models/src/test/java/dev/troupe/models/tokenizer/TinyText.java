package dev.troupe.models.tokenizer;

import dev.troupe.models.weights.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vocabularies small enough to say by hand what a text becomes. */
final class TinyText {
    static final int IM_START = 256;
    static final int IM_END = 257;
    static final int TOOL = 258;
    static final int AB = 259;
    static final int ABC = 260;

    private TinyText() {}

    /** Byte-level BPE: the 256 bytes by value, two special tokens, a user-defined one, and {@code ab}, {@code abc}. */
    static GgufWriter byteLevel() {
        return withModel("gpt2", "smollm");
    }

    static GgufWriter withModel(String model, String pre) {
        List<String> tokens = new ArrayList<>();
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            tokens.add(String.valueOf((char) (printable ? b : next++)));
        }
        tokens.addAll(List.of("<|im_start|>", "<|im_end|>", "<tool>", "ab", "abc"));
        var types = new int[tokens.size()];
        Arrays.fill(types, 1);
        types[IM_START] = 3;
        types[IM_END] = 3;
        types[TOOL] = 4;
        return new GgufWriter()
                .put("general.architecture", "llama")
                .put("tokenizer.ggml.model", model)
                .put("tokenizer.ggml.pre", pre)
                .putStrings("tokenizer.ggml.tokens", tokens)
                .putInts("tokenizer.ggml.token_type", types)
                .putStrings("tokenizer.ggml.merges", List.of("a b", "ab c"))
                .put("tokenizer.ggml.bos_token_id", IM_START)
                .put("tokenizer.ggml.eos_token_id", IM_END);
    }

    /** SentencePiece BPE: {@code <s> </s> <unk>}, two byte pieces, and some pieces of which "ello" scores best. */
    static GgufWriter sentencePiece() {
        return new GgufWriter()
                .put("general.architecture", "llama")
                .put("tokenizer.ggml.model", "llama")
                .putStrings(
                        "tokenizer.ggml.tokens",
                        List.of(
                                "<s>",
                                "</s>",
                                "<unk>",
                                "<0xC3>",
                                "<0xA9>",
                                "\u2581",
                                "h",
                                "e",
                                "l",
                                "o",
                                "el",
                                "lo",
                                "ello",
                                "he",
                                "\u2581h",
                                "\u2581\u2581"))
                .putInts("tokenizer.ggml.token_type", 3, 3, 2, 6, 6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4)
                .putFloats("tokenizer.ggml.scores", 0, 0, 0, 0, 0, -90, -91, -92, -93, -94, -2, -3, -4, -5, -6, -1000)
                .put("tokenizer.ggml.bos_token_id", 0)
                .put("tokenizer.ggml.eos_token_id", 1)
                .put("tokenizer.ggml.unknown_token_id", 2);
    }

    static TextParts parts(Path directory, GgufWriter gguf) throws IOException {
        Path file = directory.resolve("tiny.gguf");
        Files.write(file, gguf.toBytes());
        return TextParts.read(file);
    }

    static Tokenizer tokenizer(Path directory, GgufWriter gguf) throws IOException {
        return Tokenizer.from(parts(directory, gguf).card("tiny", "f", 128, 300, Instant.EPOCH));
    }
}
