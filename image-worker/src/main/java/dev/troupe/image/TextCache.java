package dev.troupe.image;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The texts read last. Each owner's are kept apart: otherwise the time that a picture takes would tell one what another has asked for.
 */
final class TextCache {
    private record Key(String owner, String text) {}

    private final int most;
    private final Map<Key, TextEmbedding> texts = new LinkedHashMap<>(16, 0.75f, true); // least recently used first

    TextCache(int most) {
        this.most = most;
    }

    TextEmbedding get(String owner, String text, Function<String, TextEmbedding> read) {
        var key = new Key(owner, text);
        TextEmbedding known = texts.get(key);
        if (known == null) {
            known = read.apply(text);
            texts.put(key, known);
            if (texts.size() > most) {
                texts.remove(texts.keySet().iterator().next());
            }
        }
        return known;
    }
}
