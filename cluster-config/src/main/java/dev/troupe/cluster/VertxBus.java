package dev.troupe.cluster;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bus of the cluster. */
final class VertxBus implements Bus {
    private static final Logger log = LoggerFactory.getLogger(VertxBus.class);

    private final EventBus eventBus;

    VertxBus(EventBus eventBus) {
        this.eventBus = eventBus;
    }

    @Override
    public <T> void send(Address<T> to, T message) {
        eventBus.send(to.name(), message);
    }

    @Override
    public <T> void publish(Address<T> to, T message) {
        eventBus.publish(to.name(), message);
    }

    @Override
    public <T, R> Future<R> request(RequestAddress<T, R> to, T message, Duration timeout) {
        return eventBus.<R>request(to.name(), message, new DeliveryOptions().setSendTimeout(timeout.toMillis()))
                .map(reply -> to.answer().cast(reply.body()));
    }

    @Override
    public <T> Future<Void> consume(Address<T> at, Consumer<T> handler) {
        return eventBus.<T>consumer(
                        at.name(), message -> handler.accept(at.type().cast(message.body())))
                .completion();
    }

    @Override
    public <T, R> Future<Void> answer(RequestAddress<T, R> at, Function<T, Future<R>> handler) {
        return eventBus.<T>consumer(at.name(), message -> handle(at, handler, message.body())
                        .onSuccess(message::reply)
                        .onFailure(failure -> {
                            log.error("Could not answer at {}", at.name(), failure);
                            message.fail(-1, String.valueOf(failure.getMessage()));
                        }))
                .completion();
    }

    private static <T, R> Future<R> handle(RequestAddress<T, R> at, Function<T, Future<R>> handler, T body) {
        try {
            return handler.apply(at.type().cast(body));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
