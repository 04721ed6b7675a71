package dev.troupe.models;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The tokens that begin and end texts.
 *
 * @param bosId the token that begins a text, where the model has one
 * @param bosToken its text, as chat templates name it; empty without one
 * @param eosToken the text of the first end token; empty without one
 * @param eosIds every token that ends an answer
 */
public record SpecialTokens(OptionalInt bosId, String bosToken, String eosToken, List<Integer> eosIds) {
    public SpecialTokens {
        Objects.requireNonNull(bosId, "bosId");
        Objects.requireNonNull(bosToken, "bosToken");
        Objects.requireNonNull(eosToken, "eosToken");
        eosIds = List.copyOf(eosIds);
        if (bosId.orElse(0) < 0 || eosIds.stream().anyMatch(id -> id < 0)) {
            throw new IllegalArgumentException("a token id is negative: bos " + bosId + ", eos " + eosIds);
        }
    }
}
