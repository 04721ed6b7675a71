package dev.troupe.node;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** For the main thread only, which has nothing else to do. */
final class Waiting {
    private Waiting() {}

    /** @throws UserError when it failed with something that a user can put right */
    static <T> T on(Future<T> future) {
        return on(future.toCompletionStage().toCompletableFuture());
    }

    static <T> T on(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw Failures.explained(e.getCause());
        }
    }

    /** @return false when it failed or took longer */
    static boolean on(Future<?> future, Duration atMost) {
        try {
            future.toCompletionStage().toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
