package dev.troupe.cache.hazelcast;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hazelcast's answers. What is hung on its own futures goes to the common pool, which with few processors starts a thread each time: ten
 * times as long as the answer took.
 */
final class Replies {
    private Replies() {}

    /** @return the same, gone on with by the thread that brings it: whatever follows must be short and must not wait */
    static <T> CompletionStage<T> of(CompletionStage<T> reply) {
        CompletableFuture<T> plain = new CompletableFuture<>();
        reply.whenCompleteAsync(
                (value, failure) -> {
                    if (failure == null) {
                        plain.complete(value);
                    } else {
                        plain.completeExceptionally(failure);
                    }
                },
                Runnable::run);
        return plain;
    }
}
