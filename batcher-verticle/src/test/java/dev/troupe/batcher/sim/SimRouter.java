package dev.troupe.batcher.sim;

import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One router as the contracts want it: asks again, drops doubles by index and epoch, sees gaps, acknowledges, probes, gives up nothing. */
public final class SimRouter {
    private static final long SILENCE_MILLIS = 2_000;

    /** The roads to the batcher and the worker. */
    public interface Roads {
        void generate(GenerateRequest request, Consumer<Admission> answer, Runnable silence);

        void cancel(Cancel cancel);

        void acks(StreamAcks acks);

        void probe(StreamProbe probe, Consumer<StreamState> answer);

        void resend(Resend resend, Consumer<TokenBatch> answer);
    }

    /** What became of one choice. */
    public static final class Choice {
        private final List<Integer> tokens = new ArrayList<>();
        private Optional<FinishReason> finish = Optional.empty();

        public TokenIds tokens() {
            return TokenIds.of(tokens.stream().mapToInt(Integer::intValue).toArray());
        }

        public Optional<FinishReason> finish() {
            return finish;
        }
    }

    /** A request in this router's care. */
    public static final class Stream {
        private GenerateRequest request;
        private final List<Choice> choices = new ArrayList<>();
        private final int ackEvery;
        private boolean cancelled;
        private Optional<ErrorCode> refusal = Optional.empty();
        private boolean admitted;
        private long lastProgressMillis;
        private int fruitlessResends;

        Stream(GenerateRequest request, int ackEvery) {
            this.request = request;
            this.ackEvery = ackEvery;
            for (int i = 0; i < request.choices(); i++) {
                choices.add(new Choice());
            }
        }

        public GenerateRequest request() {
            return request;
        }

        public List<Choice> choices() {
            return choices;
        }

        public boolean cancelled() {
            return cancelled;
        }

        public Optional<ErrorCode> refusal() {
            return refusal;
        }

        public boolean over() {
            return cancelled
                    || refusal.isPresent()
                    || choices.stream().allMatch(choice -> choice.finish().isPresent());
        }
    }

    private final String id;
    private final SimNetwork network;
    private final Roads roads;
    private final Map<String, Stream> streams = new LinkedHashMap<>();

    public SimRouter(String id, SimNetwork network, Roads roads) {
        this.id = id;
        this.network = network;
        this.roads = roads;
    }

    public String id() {
        return id;
    }

    public Map<String, Stream> streams() {
        return streams;
    }

    public void submit(GenerateRequest request, int ackEvery) {
        Stream stream = new Stream(request, ackEvery);
        streams.put(request.requestId(), stream);
        ask(stream);
    }

    private void ask(Stream stream) {
        GenerateRequest asked = stream.request;
        stream.lastProgressMillis = network.now();
        roads.generate(asked, answer -> admission(stream, asked, answer), () -> {
            if (!stream.over() && stream.request.equals(asked) && !stream.admitted) {
                ask(stream);
            }
        });
    }

    private void admission(Stream stream, GenerateRequest asked, Admission answer) {
        if (stream.over() || !stream.request.equals(asked)) {
            return;
        }
        if (answer instanceof Admission.Refused no) {
            if (no.code() == ErrorCode.QUEUE_FULL) {
                network.at(no.retryAfterMillis(), () -> {
                    if (!stream.over() && stream.request.equals(asked)) {
                        ask(stream);
                    }
                });
            } else {
                stream.refusal = Optional.of(no.code());
            }
        } else {
            stream.admitted = true;
        }
    }

    public void cancel(Stream stream) {
        if (!stream.over()) {
            stream.cancelled = true;
            roads.cancel(new Cancel(stream.request.attempt()));
        }
    }

    public void tokens(TokenBatch batch) {
        batch.runs().forEach(this::tokens);
    }

    private void tokens(TokenRun run) {
        Stream stream = streams.get(run.attempt().requestId());
        if (stream == null || stream.over() || !stream.request.attempt().equals(run.attempt())) {
            return;
        }
        Choice choice = stream.choices.get(run.choice());
        if (choice.finish.isPresent()) {
            return;
        }
        if (run.finish().filter(reason -> reason == FinishReason.CANCELLED).isPresent()) {
            // Ours were lost for so long that the batcher took us for dead.
            nextEpoch(stream);
            return;
        }
        boolean failed =
                run.finish().filter(reason -> reason == FinishReason.FAILED).isPresent();
        if (run.firstIndex() > choice.tokens.size() && !failed) {
            resend(stream, run.choice());
            return;
        }
        for (int i = choice.tokens.size(); i < run.endIndex(); i++) {
            choice.tokens.add(run.tokens().get(i - run.firstIndex()));
            stream.lastProgressMillis = network.now();
            if (choice.tokens.size() % stream.ackEvery == 0) {
                acknowledge(stream, run.choice());
            }
        }
        stream.admitted = true;
        stream.fruitlessResends = 0;
        choice.finish = run.finish();
        if (choice.finish.isPresent()) {
            acknowledge(stream, run.choice());
        }
    }

    private void acknowledge(Stream stream, int choice) {
        int received = stream.choices.get(choice).tokens.size();
        roads.acks(new StreamAcks(List.of(new StreamAck(stream.request.attempt(), choice, received))));
    }

    private void resend(Stream stream, int choice) {
        var attempt = stream.request.attempt();
        roads.resend(
                new Resend(attempt, choice, stream.choices.get(choice).tokens.size()), this::tokens);
    }

    /** The sweep. */
    public void tick() {
        for (Stream stream : List.copyOf(streams.values())) {
            if (!stream.over() && network.now() - stream.lastProgressMillis >= SILENCE_MILLIS) {
                stream.lastProgressMillis = network.now();
                GenerateRequest asked = stream.request;
                roads.probe(new StreamProbe(asked.attempt()), state -> {
                    if (!stream.over() && stream.request.equals(asked) && stream.admitted) {
                        state(stream, state.status());
                    }
                });
            }
        }
    }

    private void state(Stream stream, StreamState.Status status) {
        switch (status) {
            case UNKNOWN -> nextEpoch(stream);
            case ENDED -> {
                stream.fruitlessResends++;
                if (stream.fruitlessResends > 5) {
                    nextEpoch(stream);
                } else {
                    fetch(stream);
                }
            }
            case ALIVE -> {
                stream.fruitlessResends = 0;
                fetch(stream);
            }
        }
    }

    /** Fetches what the silence may hide, and gives credit for what is here. */
    private void fetch(Stream stream) {
        for (int i = 0; i < stream.choices.size(); i++) {
            if (stream.choices.get(i).finish.isEmpty()) {
                resend(stream, i);
                acknowledge(stream, i);
            }
        }
    }

    /** The attempt is lost; what has been received stays. */
    private void nextEpoch(Stream stream) {
        GenerateRequest before = stream.request;
        stream.admitted = false;
        stream.fruitlessResends = 0;
        stream.request = new GenerateRequest(
                before.requestId(),
                before.epoch() + 1,
                before.tenant(),
                before.routerId(),
                before.prompt(),
                before.choices(),
                before.sampling(),
                before.begun(),
                before.alone(),
                before.keepWarm(),
                before.share());
        ask(stream);
    }
}
