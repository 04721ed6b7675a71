package dev.troupe.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The event bus with types: what may be sent where is checked by the compiler. Delivery is at most once; every message says what loss means.
 * An interface, so that a simulation can put a bus of its own below the real parts.
 */
public interface Bus {
    static Bus of(Vertx vertx) {
        return new VertxBus(vertx.eventBus());
    }

    <T> void send(Address<T> to, T message);

    <T> void publish(Address<T> to, T message);

    /** Fails with a {@link ReplyException} when nobody is there, the answer is late, or the other side threw. */
    <T, R> Future<R> request(RequestAddress<T, R> to, T message, Duration timeout);

    /** @return completes when the registration has reached the whole cluster */
    <T> Future<Void> consume(Address<T> at, Consumer<T> handler);

    /** Like {@link #consume}, answering each message when the future of the handler completes. */
    <T, R> Future<Void> answer(RequestAddress<T, R> at, Function<T, Future<R>> handler);

    /** Whether a failed {@link #request} never reached a handler, so that it is safe to send it elsewhere at once. */
    static boolean nobodyThere(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }
}
