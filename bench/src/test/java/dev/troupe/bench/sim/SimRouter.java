package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.SimNetwork;
import dev.troupe.cache.journal.Bytes;
import dev.troupe.cache.journal.JournalCommand.Addition;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.cluster.Addresses;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.generate.Generation;
import dev.troupe.router.generate.GenerationListener;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.generate.Inheritance;
import dev.troupe.router.generate.Pool;
import dev.troupe.router.replica.ReplicaDirectory;
import dev.troupe.router.replica.ReplicaKey;
import dev.troupe.router.stream.Delta;
import dev.troupe.router.stream.GenerationTracker.Pending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One router: the real generations, directory and journal, in a shell as thin as its verticle's, in a process that may hang or die. */
final class SimRouter {
    private static final long SWEEP_MILLIS = 200;

    private final String id;
    private final SimNetwork network;
    private final SimJournal journal;
    private final SimProcess process;
    private final Generations generations;
    private final ReplicaDirectory directory;
    private final Map<String, Generation> here = new HashMap<>();
    private final Set<String> closing = new HashSet<>();
    private final List<SimClient> connected = new ArrayList<>();

    SimRouter(String id, SimNetwork network, SimBus bus, SimJournal journal) {
        this.id = id;
        this.network = network;
        this.journal = journal;
        this.process = new SimProcess(network);
        directory = new ReplicaDirectory(RouterConfig.DEFAULT.replicaSilence().toMillis());
        generations = new Generations(new Pool(
                bus, id, directory, journal, new SimTimers(network, process), RouterConfig.DEFAULT, network::now));
        bus.consume(Addresses.tokens(id), process.handler(generations::take));
        bus.consume(Addresses.heartbeats(), process.handler(heartbeat -> {
            directory.heard(heartbeat, network.now()).ifPresent(generations::replicaGone);
            generations.replicaIs(new ReplicaKey(heartbeat.replicaId(), heartbeat.incarnation()), heartbeat.state());
        }));
        sweep();
    }

    String id() {
        return id;
    }

    private void sweep() {
        process.run(() -> {
            directory.tick(network.now()).forEach(generations::replicaSilent);
            generations.sweep(network.now());
            network.at(SWEEP_MILLIS, this::sweep);
        });
    }

    void nodeLeft(String nodeId) {
        process.run(() -> {
            directory.nodeLeft(nodeId);
            generations.nodeLeft(nodeId);
        });
    }

    /** Written down first, and then asked of the pool. */
    void arrive(SimClient client) {
        process.run(() -> {
            connected.add(client);
            journal.open(head(client.spec()), id, 1).thenAccept(done -> {
                // The copy is there, whatever has become of this router meanwhile.
                client.accepted();
                process.run(() -> begin(client, true, Inheritance.NONE));
            });
        });
    }

    void leave(SimClient client) {
        process.run(() -> {
            Generation generation = here.get(client.spec().requestId());
            if (generation != null && client.leave()) {
                generation.cancel();
                close(client, generation.term(), Outcome.CANCELLED, () -> {});
            }
        });
    }

    private void begin(SimClient client, boolean withClient, Inheritance inheritance) {
        String requestId = client.spec().requestId();
        if (!here.containsKey(requestId) && !closing.contains(requestId)) {
            Part part = new Part(client, withClient, inheritance.term());
            Generation generation = generations.start(client.spec(), part, inheritance);
            if (!part.over) {
                here.put(requestId, generation);
            }
        }
    }

    /** @param ended done when this router was the one that ended it */
    private void close(SimClient client, int term, Outcome outcome, Runnable ended) {
        String streamId = client.spec().place().streamId();
        Generation generation = here.remove(client.spec().requestId());
        List<Addition> rest = generation == null ? List.of() : generation.unwritten();
        closing.add(client.spec().requestId());
        journal.close(streamId, id, term, rest, outcome).thenAccept(won -> {
            closing.remove(client.spec().requestId());
            if (won) {
                ended.run();
            }
        });
    }

    /** Goes on with what a router has left that the cluster takes for dead. */
    void takeOver(String dead, Function<String, SimClient> clients) {
        process.run(() -> journal.takeOver(dead, id)
                .thenAccept(streams -> process.run(() -> streams.forEach(stream -> adopt(stream, clients)))));
    }

    private void adopt(JournaledStream stream, Function<String, SimClient> clients) {
        SimClient client = clients.apply(stream.head().streamId());
        client.disconnected();
        List<Pending> written = new ArrayList<>();
        for (int i = 0; i < stream.choices().size(); i++) {
            written.add(new Pending(i, stream.choices().get(i)));
        }
        begin(
                client,
                false,
                new Inheritance(stream.term(), 0, stream.cachedTokens().get(0), written));
    }

    void die() {
        process.die();
        connected.forEach(SimClient::disconnected);
    }

    /** Its clients are told nothing more on its old connections once another router has their streams. */
    void hang(long millis) {
        process.hang(millis);
    }

    @Override
    public String toString() {
        return id
                + (process.isDead()
                        ? " dead"
                        : " with " + generations.size() + " generations " + here.values() + ", closing " + closing)
                + "; ";
    }

    boolean isDone() {
        return process.isDead() || (generations.size() == 0 && closing.isEmpty());
    }

    private static StreamHead head(GenerationSpec spec) {
        return new StreamHead(
                spec.place().streamId(),
                spec.tenant(),
                Optional.empty(),
                "/v1/chat/completions",
                Bytes.of(new byte[0]),
                0,
                "fingerprint",
                true,
                Long.MAX_VALUE / 2,
                List.of(new StreamHead.Prompt(spec.prompt(), spec.choices(), spec.sampling(), "")));
    }

    private final class Part implements GenerationListener {
        private final SimClient client;
        private final boolean withClient;
        private final int term;
        private boolean over;

        Part(SimClient client, boolean withClient, int term) {
            this.client = client;
            this.withClient = withClient;
            this.term = term;
        }

        @Override
        public void admitted() {
            client.admitted();
        }

        @Override
        public void missing() {
            journal.open(head(client.spec()), id, term);
        }

        @Override
        public void moved(int tokens) {}

        @Override
        public void received(int tokens) {}

        @Override
        public void text(int choice, Delta delta) {
            if (withClient) {
                client.text(choice, delta);
            }
        }

        @Override
        public void flush() {}

        @Override
        public boolean full() {
            return false;
        }

        @Override
        public void ended() {
            over = true;
            close(client, term, Outcome.DONE, client::ended);
        }

        @Override
        public void failed(ApiError error) {
            over = true;
            close(client, term, Outcome.failed(error.message()), () -> client.failed(error));
        }

        @Override
        public void taken() {
            over = true;
            here.remove(client.spec().requestId());
            client.disconnected();
        }
    }
}
