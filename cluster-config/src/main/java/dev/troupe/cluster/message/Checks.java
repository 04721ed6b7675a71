package dev.troupe.cluster.message;

final class Checks {
    private Checks() {}

    static void notBlank(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank");
        }
    }

    static void wholeChunks(String name, long tokens) {
        if (tokens % KvCopy.CHUNK_TOKENS != 0) {
            throw new IllegalArgumentException(
                    name + " must be whole chunks of " + KvCopy.CHUNK_TOKENS + " tokens, not " + tokens);
        }
    }

    static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
    }
}
