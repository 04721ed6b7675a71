package dev.troupe.image.model;

import dev.troupe.device.NativeScope;
import dev.troupe.image.TextEmbedding;
import dev.troupe.image.text.WordTokenizer;
import java.util.List;
import java.util.Optional;

/** Our own, by words and runs of letters. */
record WordTextEncoder(WordTextConfig config, WordTokenizer tokenizer, Network network) implements TextEncoder {
    @Override
    public TextEmbedding encode(String text) {
        WordTokenizer.Words words = tokenizer.encode(text);
        try (NativeScope scope = network.newScope()) {
            List<float[]> answers =
                    network.answers(scope, "read", scope.longs(words.ids(), 1, config.positions(), config.parts()));
            Optional<String> cut =
                    words.left().isEmpty() ? Optional.empty() : Optional.of(words.warning("", tokenizer.most()));
            return new TextEmbedding(answers.get(0), answers.get(1), cut);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
