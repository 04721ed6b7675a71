package dev.troupe.router;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.ModelCardReply;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.models.ModelCard;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Batcher and worker behind the contracts, played from a script; it keeps what a worker would keep until acknowledged. */
public final class FakeReplica {
    public final BlockingQueue<GenerateRequest> requests = new LinkedBlockingQueue<>();
    public final BlockingQueue<Cancel> cancels = new LinkedBlockingQueue<>();
    public final BlockingQueue<StreamAck> acks = new LinkedBlockingQueue<>();
    public final BlockingQueue<Resend> resends = new LinkedBlockingQueue<>();

    private final Cluster cluster;
    private final Bus bus;
    private final String id;
    private final ModelCard card;
    private final long incarnation = System.nanoTime();
    private final AtomicLong sequence = new AtomicLong();
    private final Map<Attempt, TokenRun> kept = new ConcurrentHashMap<>();

    private volatile Function<GenerateRequest, Admission> script;
    private volatile List<Heartbeat.Full> full = List.of();
    private volatile StreamState.Status probeAnswer = StreamState.Status.ALIVE;

    public FakeReplica(Cluster cluster, String id, ModelCard card) {
        this.cluster = cluster;
        this.bus = Bus.of(cluster.vertx());
        this.id = id;
        this.card = card;
        this.script = request -> {
            say(request, "Hello");
            return new Admitted(request.attempt());
        };
    }

    public Future<?> start() {
        return bus.answer(Addresses.batcher(id), request -> {
                    requests.add(request);
                    return Future.succeededFuture(script.apply(request));
                })
                .compose(ok -> bus.consume(Addresses.cancel(id), cancels::add))
                .compose(ok -> bus.consume(Addresses.acks(id), batch -> acks.addAll(batch.acks())))
                .compose(ok ->
                        bus.answer(Addresses.probe(id), probe -> Future.succeededFuture(new StreamState(probeAnswer))))
                .compose(ok -> bus.answer(Addresses.resend(id), resend -> {
                    resends.add(resend);
                    return Future.succeededFuture(new TokenBatch(id, rest(resend)));
                }))
                .compose(ok -> bus.answer(
                        Addresses.card(id), ask -> Future.succeededFuture(new ModelCardReply(card.encode()))));
    }

    private List<TokenRun> rest(Resend resend) {
        TokenRun all = kept.get(resend.attempt());
        return all == null || all.choice() != resend.choice()
                ? List.of()
                : List.of(new TokenRun(
                        all.attempt(),
                        all.choice(),
                        resend.from(),
                        all.tokens().slice(resend.from(), all.tokens().size()),
                        List.of(),
                        0,
                        all.finish()));
    }

    public void beat(Heartbeat.State state) {
        beat(state, 0);
    }

    public void beat(Heartbeat.State state, long outstanding) {
        bus.publish(
                Addresses.heartbeats(),
                new Heartbeat(
                        id,
                        cluster.nodeId(),
                        incarnation,
                        sequence.incrementAndGet(),
                        state,
                        card.id(),
                        card.fingerprint(),
                        TinyModel.CONTEXT,
                        new Heartbeat.Load(0, 0, outstanding, 0, full),
                        List.of()));
    }

    /** Whom its heartbeats say that it would refuse. */
    public void isFullFor(List<Heartbeat.Full> whom) {
        full = whom;
    }

    /** What is done with a request; runs on the fake's event loop. */
    public void onGenerate(Function<GenerateRequest, Admission> behaviour) {
        script = behaviour;
    }

    public void probesAnswer(StreamState.Status status) {
        probeAnswer = status;
    }

    public void cancelsAreForgotten() {
        requests.clear();
        cancels.clear();
        acks.clear();
        resends.clear();
    }

    /** A whole answer at once, for each choice, ended by the model. */
    public void say(GenerateRequest request, String text) {
        for (int choice = 0; choice < request.choices(); choice++) {
            TokenIds tokens = TinyModel.tokens(text).concat(TokenIds.of(TinyModel.END));
            send(request, choice, 0, tokens, Optional.of(FinishReason.STOP));
        }
    }

    public void send(GenerateRequest request, int choice, int from, TokenIds tokens, Optional<FinishReason> finish) {
        boolean scored = request.sampling().topLogprobs().isPresent();
        List<TokenLogprobs> scores = java.util.Arrays.stream(scored ? tokens.toArray() : new int[0])
                .mapToObj(token -> new TokenLogprobs(
                        -0.5f,
                        request.sampling().topLogprobs().getAsInt() == 0
                                ? List.of()
                                : List.of(new TokenLogprobs.Alternative(token, -0.5f))))
                .toList();
        send(request.routerId(), new TokenRun(request.attempt(), choice, from, tokens, scores, 3, finish));
    }

    public void send(String routerId, TokenRun... runs) {
        bus.send(Addresses.tokens(routerId), new TokenBatch(id, List.of(runs)));
    }

    /** The worker has these, whether or not the router got them. */
    public void keep(GenerateRequest request, TokenIds tokens, Optional<FinishReason> finish) {
        kept.put(request.attempt(), new TokenRun(request.attempt(), 0, 0, tokens, List.of(), 0, finish));
    }

    public static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T taken = queue.poll(10, TimeUnit.SECONDS);
        if (taken == null) {
            throw new AssertionError("nothing came within 10 s");
        }
        return taken;
    }
}
