package dev.troupe.bench.scale;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a replica remembers of prompts: whole prefixes, the longest unused forgotten first. */
final class PrefixCache {
    private final int capacity;
    /** Tokens that a prefix has beyond the one before it, by name; the latest used last. */
    private final Map<Long, Integer> held = new LinkedHashMap<>(16, 0.75f, true);

    private int tokens;

    /** @param capacity tokens */
    PrefixCache(int capacity) {
        this.capacity = capacity;
    }

    /** @return tokens of the longest prefix that is held, at least one short of the whole prompt */
    int match(Prompt prompt) {
        for (int i = prompt.names().size() - 1; i >= 0; i--) {
            if (held.containsKey(prompt.names().get(i))) {
                touch(prompt, i);
                return Math.min(prompt.ends().get(i), prompt.tokens() - 1);
            }
        }
        return 0;
    }

    void insert(Prompt prompt) {
        if (prompt.tokens() > capacity) {
            return;
        }
        touch(prompt, prompt.names().size() - 1);
        Iterator<Integer> eldest = held.values().iterator();
        while (tokens > capacity) {
            tokens -= eldest.next();
            eldest.remove();
        }
    }

    /** The shortest prefix last, so that it is forgotten after those that need it. */
    private void touch(Prompt prompt, int last) {
        for (int i = last; i >= 0; i--) {
            int size = prompt.ends().get(i) - (i == 0 ? 0 : prompt.ends().get(i - 1));
            Integer before = held.put(prompt.names().get(i), size);
            tokens += before == null ? size : 0;
        }
    }

    /** @return names, the latest used first */
    List<Long> digest(int most) {
        List<Long> names = new ArrayList<>(held.keySet());
        Collections.reverse(names);
        return names.size() > most ? names.subList(0, most) : names;
    }
}
