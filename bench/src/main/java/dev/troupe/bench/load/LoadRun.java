package dev.troupe.bench.load;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Sends the requests of one run and gathers what they met. Used once; all of it happens on one event loop. */
public final class LoadRun {
    private static final long PROGRESS_MILLIS = 500;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final Vertx vertx;
    private final StreamClient client;
    private final LongFunction<Buffer> bodies;
    private final Load load;
    private final Limit limit;
    private final SplittableRandom random;
    private final Consumer<RunProgress> progress;
    private final Promise<RunResult> result = Promise.promise();
    private final List<Exchange> ended = new ArrayList<>();
    private long start;
    private long cpuAtStart;
    private long chunksAtStart;
    private long sent;
    private long failed;
    private double cpuAtLastEnd;
    private double lastEnd;
    /** Nanoseconds after the start at which the next request arrives. */
    private double nextArrival;

    /**
     * @param bodies the request of each number from 0
     * @param seed of the arrivals
     * @param progress told twice a second, on the event loop
     */
    public LoadRun(
            Vertx vertx,
            StreamClient client,
            LongFunction<Buffer> bodies,
            Load load,
            Limit limit,
            long seed,
            Consumer<RunProgress> progress) {
        this.vertx = vertx;
        this.client = client;
        this.bodies = bodies;
        this.load = load;
        this.limit = limit;
        this.random = new SplittableRandom(seed);
        this.progress = progress;
    }

    /** @return the result, when the last answer has ended */
    public Future<RunResult> start() {
        Context loop = vertx.getOrCreateContext();
        loop.runOnContext(now -> {
            start = System.nanoTime();
            cpuAtStart = SYSTEM.getProcessCpuTime();
            chunksAtStart = client.chunks();
            long timer = vertx.setPeriodic(PROGRESS_MILLIS, tick -> progress.accept(snapshot()));
            result.future().onComplete(end -> vertx.cancelTimer(timer));
            begin();
        });
        return result.future();
    }

    private void begin() {
        if (load instanceof Load.Streams streams) {
            for (int i = 0; i < streams.count() && mayStart(); i++) {
                ask();
            }
        } else {
            arrive();
        }
    }

    /** Sends what is due and comes back for what is not: a timer counts whole milliseconds, arrivals do not. */
    private void arrive() {
        while (mayStart()) {
            long wait = TimeUnit.NANOSECONDS.toMillis((long) nextArrival - elapsed());
            if (wait > 0) {
                vertx.setTimer(wait, due -> arrive());
                return;
            }
            ask();
            nextArrival += -Math.log(1 - random.nextDouble()) / ((Load.Arrivals) load).perSecond() * 1e9;
        }
        endIfAllEnded();
    }

    private void ask() {
        client.ask(bodies.apply(sent++)).onSuccess(this::ended);
    }

    private void ended(Exchange exchange) {
        ended.add(exchange);
        lastEnd = elapsed() / 1e9;
        cpuAtLastEnd = (SYSTEM.getProcessCpuTime() - cpuAtStart) / 1e9;
        failed += exchange.isDone() ? 0 : 1;
        if (load instanceof Load.Streams && mayStart()) {
            ask();
        } else {
            endIfAllEnded();
        }
    }

    private void endIfAllEnded() {
        if (ended.size() == sent && !mayStart()) {
            result.tryComplete(new RunResult(ended, lastEnd, cpuAtLastEnd));
        }
    }

    private boolean mayStart() {
        return limit.allows(sent, Duration.ofNanos(elapsed()));
    }

    private long elapsed() {
        return System.nanoTime() - start;
    }

    private RunProgress snapshot() {
        return new RunProgress(
                ended.size(), failed, sent - ended.size(), elapsed() / 1e9, client.chunks() - chunksAtStart);
    }
}
