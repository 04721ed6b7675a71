package dev.troupe.cluster.message;

import java.util.Arrays;

/** An immutable sequence of token ids. Unlike {@code int[]} it may be shared between threads and compared by value. */
public final class TokenIds {
    public static final TokenIds EMPTY = new TokenIds(new int[0]);

    private final int[] ids;

    private TokenIds(int[] ids) {
        this.ids = ids;
    }

    public static TokenIds of(int... ids) {
        return ids.length == 0 ? EMPTY : new TokenIds(ids.clone());
    }

    public int size() {
        return ids.length;
    }

    public boolean isEmpty() {
        return ids.length == 0;
    }

    public int get(int index) {
        return ids[index];
    }

    /** @return the ids from {@code from} inclusive to {@code to} exclusive */
    public TokenIds slice(int from, int to) {
        if (from == 0 && to == ids.length) {
            return this;
        }
        return from == to ? EMPTY : new TokenIds(Arrays.copyOfRange(ids, from, to));
    }

    public TokenIds concat(TokenIds other) {
        if (other.isEmpty()) {
            return this;
        }
        int[] joined = Arrays.copyOf(ids, ids.length + other.ids.length);
        System.arraycopy(other.ids, 0, joined, ids.length, other.ids.length);
        return new TokenIds(joined);
    }

    public void copyTo(int from, int[] target, int targetFrom, int count) {
        System.arraycopy(ids, from, target, targetFrom, count);
    }

    public boolean contains(int id) {
        for (int candidate : ids) {
            if (candidate == id) {
                return true;
            }
        }
        return false;
    }

    public int[] toArray() {
        return ids.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenIds that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    /** The count only: token ids are somebody's words. */
    @Override
    public String toString() {
        return "TokenIds[" + ids.length + "]";
    }
}
