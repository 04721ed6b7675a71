package dev.troupe.models.weights;

import java.util.Set;

/**
 * The local layers of a model.
 *
 * @param tokens how many positions a token sees, itself included: key k is seen by query q when {@code q - k < tokens}
 * @param rope of the local layers, which may differ from the global one
 * @param layers numbers of the layers that are local
 */
public record SlidingWindow(int tokens, Rope rope, Set<Integer> layers) {
    public SlidingWindow {
        if (tokens < 1) {
            throw new IllegalArgumentException("the sliding window is " + tokens);
        }
        layers = Set.copyOf(layers);
    }
}
