package dev.troupe.cluster.message;

import java.util.Arrays;

/** The card as {@code models} encodes it; opaque here. */
public final class ModelCardReply {
    private final byte[] card;

    public ModelCardReply(byte[] card) {
        this.card = card.clone();
    }

    public byte[] card() {
        return card.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelCardReply that && Arrays.equals(card, that.card);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(card);
    }
}
