package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cluster.Address;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.RequestAddress;
import dev.troupe.cluster.wire.Codecs;
import dev.troupe.cluster.wire.RecordCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A bus over a {@link SimNetwork}. Every message travels as the bytes of its codec. */
final class SimBus implements Bus {
    private static final Map<Class<?>, RecordCodec<?>> CODECS =
            Codecs.ALL.stream().collect(Collectors.toMap(RecordCodec::type, codec -> codec));

    private final SimNetwork network;
    private final Map<String, List<Handler>> handlers = new HashMap<>();

    private interface Handler {
        Future<?> handle(Object message);
    }

    SimBus(SimNetwork network) {
        this.network = network;
    }

    /** The process behind these addresses is no more. */
    void unplug(String name) {
        handlers.remove(name);
    }

    @Override
    public <T> void send(Address<T> to, T message) {
        network.send(() -> handlers.getOrDefault(to.name(), List.of()).stream()
                .limit(1)
                .forEach(handler -> handler.handle(overTheWire(message))));
    }

    @Override
    public <T> void publish(Address<T> to, T message) {
        network.send(() -> List.copyOf(handlers.getOrDefault(to.name(), List.of()))
                .forEach(handler -> handler.handle(overTheWire(message))));
    }

    @Override
    public <T, R> Future<R> request(RequestAddress<T, R> to, T message, Duration timeout) {
        Promise<R> answered = Promise.promise();
        network.send(() -> {
            List<Handler> there = handlers.getOrDefault(to.name(), List.of());
            if (there.isEmpty()) {
                network.send(() -> answered.tryFail(new ReplyException(ReplyFailure.NO_HANDLERS)));
            } else {
                there.get(0)
                        .handle(overTheWire(message))
                        .onSuccess(reply -> network.send(
                                () -> answered.tryComplete(to.answer().cast(overTheWire(reply)))));
            }
        });
        network.at(timeout.toMillis(), () -> answered.tryFail(new ReplyException(ReplyFailure.TIMEOUT)));
        return answered.future();
    }

    @Override
    public <T> Future<Void> consume(Address<T> at, Consumer<T> handler) {
        return register(at.name(), message -> {
            handler.accept(at.type().cast(message));
            return Future.succeededFuture();
        });
    }

    @Override
    public <T, R> Future<Void> answer(RequestAddress<T, R> at, Function<T, Future<R>> handler) {
        return register(at.name(), message -> handler.apply(at.type().cast(message)));
    }

    private Future<Void> register(String name, Handler handler) {
        handlers.computeIfAbsent(name, absent -> new ArrayList<>()).add(handler);
        return Future.succeededFuture();
    }

    @SuppressWarnings("unchecked") // a codec is found by the message's own type
    private static <T> T overTheWire(T message) {
        RecordCodec<T> codec = (RecordCodec<T>) CODECS.get(message.getClass());
        Buffer bytes = Buffer.buffer();
        codec.encodeToWire(bytes, message);
        return codec.decodeFromWire(0, bytes);
    }
}
