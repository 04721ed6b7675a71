package dev.troupe.router;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.models.CompressedJson;
import dev.troupe.models.GenerationDefaults;
import dev.troupe.models.ModelCard;
import dev.troupe.models.SpecialTokens;
import dev.troupe.router.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A model whose tokens are bytes: token {@code b} is the byte {@code b}, so that every split of a character can be played. */
public final class TinyModel {
    public static final int START = 256;
    public static final int END = 257;
    public static final int CONTEXT = 512;

    private TinyModel() {}

    public static ModelCard card(String id, String fingerprint) {
        return new ModelCard(
                id,
                fingerprint,
                CONTEXT,
                258,
                new SpecialTokens(OptionalInt.empty(), "", "<|im_end|>", List.of(END)),
                CompressedJson.compress(Json.bytes(tokenizer())),
                Optional.of("{% for m in messages %}{% if m['role'] == 'assistant' and loop.first %}"
                        + "{{ raise_exception('the user speaks first') }}{% endif %}"
                        + "<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
                        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"),
                "Apache-2.0",
                1_700_000_000,
                GenerationDefaults.NONE);
    }

    public static TokenIds tokens(String text) {
        return tokens(text.getBytes(StandardCharsets.UTF_8));
    }

    public static TokenIds tokens(byte[] bytes) {
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xff;
        }
        return TokenIds.of(ids);
    }

    private static ObjectNode tokenizer() {
        ObjectNode root =
                Json.object().put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        added.add(special(START, "<|im_start|>"));
        added.add(special(END, "<|im_end|>"));
        root.putNull("normalizer");
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
        root.putNull("post_processor");
        root.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
        ObjectNode model = root.putObject("model").put("type", "BPE").put("byte_fallback", false);
        ObjectNode vocab = model.putObject("vocab");
        int beyond = 0;
        for (int b = 0; b < 256; b++) {
            // GPT-2's spelling of bytes: printable ones are themselves, the others follow from 256 on.
            boolean printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            vocab.put(Character.toString(printable ? b : 256 + beyond++), b);
        }
        vocab.put("<|im_start|>", START).put("<|im_end|>", END);
        model.putArray("merges");
        return root;
    }

    private static ObjectNode special(int id, String content) {
        return Json.object()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }
}
