package dev.troupe.worker;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Turns messages into calls of the {@link StepEngine} on its one model thread, and outcomes into messages.
 *
 * <p>Deployed when the model is loaded and its addresses are registered in the whole cluster.
 */
public final class WorkerVerticle extends VerticleBase {
    /** Longer than any step; only then does Vert.x complain of the model thread. */
    private static final long STEP_MINUTES = 5;

    private final String replicaId;
    private final Callable<StepEngine> load;
    private final PoolPrefixes pool;
    private Bus bus;
    private WorkerExecutor modelThread;
    private StepEngine engine;
    private boolean stopping;

    /**
     * @param load makes the engine, weights and all; called on the model thread
     * @param pool where hot prefixes are offered and fetched
     */
    public WorkerVerticle(String replicaId, Callable<StepEngine> load, PoolPrefixes pool) {
        this.replicaId = replicaId;
        this.load = load;
        this.pool = pool;
    }

    @Override
    public Future<?> start() {
        bus = Bus.of(vertx);
        modelThread = vertx.createSharedWorkerExecutor("model-" + replicaId, 1, STEP_MINUTES, TimeUnit.MINUTES);
        return modelThread
                .executeBlocking(load)
                .onSuccess(loaded -> engine = loaded)
                .compose(loaded ->
                        bus.answer(Addresses.resend(replicaId), resend -> onModelThread(() -> engine.resend(resend))))
                .compose(registered -> bus.answer(Addresses.fetch(replicaId), this::fetch))
                .compose(registered -> bus.answer(Addresses.worker(replicaId), this::run));
    }

    /** Beside the steps: the model thread has no part in it. */
    private Future<PrefixFetched> fetch(PrefixFetch fetch) {
        return pool.fetch(engine.kvFormat(), fetch).map(chunks -> engine.ready(fetch, chunks));
    }

    private Future<StepAnswer> run(StepPlan plan) {
        return onModelThread(() -> engine.run(plan)).map(outcome -> {
            outcome.batches().forEach((router, batch) -> bus.send(Addresses.tokens(router), batch));
            outcome.offers().forEach(offer -> offer.to(pool, engine.kvFormat()));
            return outcome.answer();
        });
    }

    /** What comes while the model is being closed would find none. It is not answered, as by a process that has gone. */
    private <T> Future<T> onModelThread(Callable<T> call) {
        return stopping ? Promise.<T>promise().future() : modelThread.executeBlocking(call, true);
    }

    @Override
    public Future<?> stop() {
        Future<?> closed = onModelThread(() -> {
            if (engine != null) {
                engine.close();
            }
            return null;
        });
        stopping = true;
        return closed.eventually(modelThread::close);
    }
}
