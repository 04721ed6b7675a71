package dev.troupe.bench.scale;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A prompt by the prefixes that it may have in common with others: the system prompt, and each turn of its conversation.
 *
 * @param names of the prefixes, the shortest first. They stand for the digests of their last blocks: what lies between them is held by whom the
 *     next one is held by
 * @param ends their lengths in tokens
 * @param tokens of the whole prompt, at least as many as the last end
 */
record Prompt(List<Long> names, List<Integer> ends, int tokens) {
    Prompt {
        names = List.copyOf(names);
        ends = List.copyOf(ends);
        int last = ends.isEmpty() ? 0 : ends.get(ends.size() - 1);
        if (names.size() != ends.size() || last > tokens || tokens < 1) {
            throw new IllegalArgumentException(names.size() + " prefixes that end at " + ends + " of " + tokens);
        }
    }

    static Prompt of(int tokens) {
        return new Prompt(List.of(), List.of(), tokens);
    }

    /** @return this text and more, whose end others may share too */
    Prompt then(long name, int more) {
        List<Long> allNames = new ArrayList<>(names);
        List<Integer> allEnds = new ArrayList<>(ends);
        allNames.add(name);
        allEnds.add(tokens + more);
        return new Prompt(allNames, allEnds, tokens + more);
    }

    /** @return this text and more that is nobody else's */
    Prompt thenOwn(int more) {
        return new Prompt(names, ends, tokens + more);
    }

    static Prompt shared(long name, int tokens) {
        return new Prompt(Collections.singletonList(name), Collections.singletonList(tokens), tokens);
    }
}
