package dev.troupe.router;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.EventBus;

/** Counts the messages of a process's event bus. */
final class BusMetrics {
    private final EventBus eventBus;
    private final Handler<DeliveryContext<Object>> sending;
    private final Handler<DeliveryContext<Object>> receiving;

    BusMetrics(EventBus eventBus, CollectorRegistry registry) {
        this.eventBus = eventBus;
        sending =
                counting("troupe_eventbus_messages_sent", "Messages sent by this process, replies included.", registry);
        receiving = counting(
                "troupe_eventbus_messages_received", "Messages handled by this process, replies included.", registry);
        eventBus.addOutboundInterceptor(sending);
        eventBus.addInboundInterceptor(receiving);
    }

    private static Handler<DeliveryContext<Object>> counting(String name, String help, CollectorRegistry registry) {
        Counter counter = Counter.build(name, help).register(registry);
        return delivery -> {
            counter.inc();
            delivery.next();
        };
    }

    void close() {
        eventBus.removeOutboundInterceptor(sending);
        eventBus.removeInboundInterceptor(receiving);
    }
}
