package dev.troupe.bench;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** The thread of the command waits for the event loop. */
final class Waiting {
    private Waiting() {}

    static <T> T until(Future<T> future) {
        return until(future, failure -> {
            throw new IllegalStateException(failure);
        });
    }

    /** @param onFailure gives a value in place of the future's, or throws */
    static <T> T until(Future<T> future, Function<Throwable, T> onFailure) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            return onFailure.apply(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
