package dev.troupe.cluster.wire;

import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.BackupQuestion;
import dev.troupe.cluster.message.BackupState;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.DrainNode;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.ModelCardReply;
import dev.troupe.cluster.message.ModelCardRequest;
import dev.troupe.cluster.message.PictureAck;
import dev.troupe.cluster.message.PictureFound;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.message.PictureNews;
import dev.troupe.cluster.message.PicturePlace;
import dev.troupe.cluster.message.PictureProbe;
import dev.troupe.cluster.message.PictureQuestion;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.cluster.message.ReplicaQuestion;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.RouterLeaving;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StepAnswer.OutOfMemory;
import dev.troupe.cluster.message.StepAnswer.ResyncNeeded;
import dev.troupe.cluster.message.StepAnswer.Sampled;
import dev.troupe.cluster.message.StepAnswer.StepFailed;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StopStream;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Every codec of the pool. A change to a message's bytes needs the next version number and new golden bytes. */
public final class Codecs {
    private Codecs() {}

    public static final List<RecordCodec<?>> ALL = List.of(
            codec(GenerateRequest.class, 3, Codecs::write, Codecs::generateRequest),
            codec(Admitted.class, (out, m) -> write(out, m.attempt()), in -> new Admitted(attempt(in))),
            codec(Refused.class, Codecs::write, Codecs::refused),
            codec(Cancel.class, (out, m) -> write(out, m.attempt()), in -> new Cancel(attempt(in))),
            codec(
                    StreamAcks.class,
                    (out, m) -> out.list(m.acks(), Codecs::write),
                    in -> new StreamAcks(in.list(Codecs::streamAck))),
            codec(StreamProbe.class, (out, m) -> write(out, m.attempt()), in -> new StreamProbe(attempt(in))),
            codec(
                    StreamState.class,
                    2,
                    (out, m) -> out.constant(m.status()).list(m.generated(), (w, count) -> w.count(count)),
                    in -> new StreamState(in.constant(StreamState.Status.class), in.list(WireReader::smallCount))),
            codec(StepPlan.class, 2, PlanCodec::write, PlanCodec::read),
            codec(StepResult.class, Codecs::write, Codecs::stepResult),
            codec(
                    ResyncNeeded.class,
                    (out, m) -> out.bits(m.incarnation()).count(m.number()),
                    in -> new ResyncNeeded(in.bits(), in.count())),
            codec(
                    StepFailed.class,
                    (out, m) -> out.bits(m.incarnation()).count(m.number()).text(m.message()),
                    in -> new StepFailed(in.bits(), in.count(), in.text())),
            codec(
                    OutOfMemory.class,
                    (out, m) -> out.bits(m.incarnation())
                            .count(m.number())
                            .bool(m.forgotten())
                            .text(m.message()),
                    in -> new OutOfMemory(in.bits(), in.count(), in.bool(), in.text())),
            codec(
                    TokenBatch.class,
                    (out, m) -> out.text(m.replicaId()).list(m.runs(), Codecs::write),
                    in -> new TokenBatch(in.text(), in.list(Codecs::tokenRun))),
            codec(
                    Resend.class,
                    (out, m) -> write(out, m.attempt()).count(m.choice()).count(m.from()),
                    in -> new Resend(attempt(in), in.smallCount(), in.smallCount())),
            codec(Heartbeat.class, 2, Codecs::write, Codecs::heartbeat),
            codec(ModelCardRequest.class, (out, m) -> out.text(m.fingerprint()), in -> new ModelCardRequest(in.text())),
            codec(ModelCardReply.class, (out, m) -> out.bytes(m.card()), in -> new ModelCardReply(in.bytes())),
            codec(ReplicaQuestion.class, (out, m) -> out.text(m.replicaId()), in -> new ReplicaQuestion(in.text())),
            codec(ReplicaDescription.class, Codecs::write, Codecs::replicaDescription),
            codec(RouterLeaving.class, (out, m) -> out.text(m.routerId()), in -> new RouterLeaving(in.text())),
            codec(StopStream.class, (out, m) -> out.text(m.streamId()), in -> new StopStream(in.text())),
            codec(DrainNode.class, (out, m) -> out.text(m.nodeId()), in -> new DrainNode(in.text())),
            codec(BackupQuestion.class, (out, m) -> {}, in -> new BackupQuestion()),
            codec(BackupState.class, (out, m) -> out.bool(m.whole()), in -> new BackupState(in.bool())),
            codec(PrefixFetch.class, Codecs::write, Codecs::prefixFetch),
            codec(PrefixFetched.class, (out, m) -> out.count(m.tokens()), in -> new PrefixFetched(in.smallCount())),
            codec(GeneratePicture.class, PictureCodec::write, PictureCodec::generatePicture),
            codec(
                    PictureNews.class,
                    (out, m) -> out.text(m.replicaId()).list(m.events(), PictureCodec::write),
                    in -> new PictureNews(in.text(), in.list(PictureCodec::event))),
            codec(PictureAck.class, (out, m) -> write(out, m.attempt()), in -> new PictureAck(attempt(in))),
            codec(PictureProbe.class, (out, m) -> write(out, m.attempt()), in -> new PictureProbe(attempt(in))),
            codec(
                    PictureFound.class,
                    (out, m) -> out.optional(m.event(), PictureCodec::write),
                    in -> new PictureFound(in.optional(PictureCodec::event))),
            codec(PictureHeartbeat.class, PictureCodec::write, PictureCodec::heartbeat),
            codec(PictureQuestion.class, (out, m) -> out.text(m.pictureId()), in -> new PictureQuestion(in.text())),
            codec(
                    PicturePlace.class,
                    (out, m) -> out.count(m.place()).count(m.done()).count(m.of()),
                    in -> new PicturePlace(in.smallCount(), in.smallCount(), in.smallCount())));

    /** Makes the bus accept every message of ours without naming a codec at each send. */
    public static void registerAll(EventBus eventBus) {
        ALL.forEach(codec -> register(eventBus, codec));
    }

    private static <T> void register(EventBus eventBus, RecordCodec<T> codec) {
        eventBus.registerDefaultCodec(codec.type(), codec);
    }

    private static <T> RecordCodec<T> codec(
            Class<T> type, BiConsumer<WireWriter, T> writer, Function<WireReader, T> reader) {
        return codec(type, 1, writer, reader);
    }

    private static <T> RecordCodec<T> codec(
            Class<T> type, int version, BiConsumer<WireWriter, T> writer, Function<WireReader, T> reader) {
        return new RecordCodec<>(type, version, writer, reader);
    }

    static WireWriter write(WireWriter out, Attempt attempt) {
        return out.text(attempt.requestId()).count(attempt.epoch());
    }

    static Attempt attempt(WireReader in) {
        return new Attempt(in.text(), in.smallCount());
    }

    private static void write(WireWriter out, GenerateRequest m) {
        write(out, m.attempt()).text(m.tenant()).text(m.routerId()).tokens(m.prompt());
        write(out.count(m.choices()), m.sampling())
                .list(m.begun(), (w, begun) -> w.tokens(begun.tokens()).bool(begun.ended()))
                .bool(m.alone())
                .bool(m.keepWarm());
        write(out, m.share());
    }

    private static GenerateRequest generateRequest(WireReader in) {
        Attempt attempt = attempt(in);
        return new GenerateRequest(
                attempt.requestId(),
                attempt.epoch(),
                in.text(),
                in.text(),
                in.tokens(),
                in.smallCount(),
                samplingParams(in),
                in.list(r -> new GenerateRequest.Begun(r.tokens(), r.bool())),
                in.bool(),
                in.bool(),
                share(in));
    }

    public static void write(WireWriter out, Share m) {
        out.count(m.weight()).constant(m.priority()).optional(m.deadlineMillis());
    }

    public static Share share(WireReader in) {
        return new Share(in.smallCount(), in.constant(Priority.class), in.optionalLongCount());
    }

    public static WireWriter write(WireWriter out, SamplingParams m) {
        return out.real(m.temperature())
                .real(m.topP())
                .optional(m.topK())
                .real(m.minP())
                .real(m.presencePenalty())
                .real(m.frequencyPenalty())
                .real(m.repetitionPenalty())
                // Sorted, so that equal messages have equal bytes.
                .list(new TreeMap<>(m.logitBias()).entrySet(), (w, bias) -> w.count(bias.getKey())
                        .real(bias.getValue()))
                .bits(m.seed())
                .optional(m.topLogprobs())
                .count(m.maxTokens())
                .tokens(m.stopTokens());
    }

    public static SamplingParams samplingParams(WireReader in) {
        return new SamplingParams(
                in.real(),
                in.real(),
                in.optionalCount(),
                in.real(),
                in.real(),
                in.real(),
                in.real(),
                logitBias(in),
                in.bits(),
                in.optionalCount(),
                in.smallCount(),
                in.tokens());
    }

    private static Map<Integer, Float> logitBias(WireReader in) {
        Map<Integer, Float> biases = new TreeMap<>();
        in.list(r -> biases.put(r.smallCount(), r.real()));
        return biases;
    }

    private static void write(WireWriter out, Refused m) {
        write(out, m.attempt()).constant(m.code()).text(m.message()).count(m.retryAfterMillis());
    }

    private static Refused refused(WireReader in) {
        return new Refused(attempt(in), in.constant(ErrorCode.class), in.text(), in.count());
    }

    static void write(WireWriter out, StreamAck m) {
        write(out, m.attempt()).count(m.choice()).count(m.received());
    }

    static StreamAck streamAck(WireReader in) {
        return new StreamAck(attempt(in), in.smallCount(), in.smallCount());
    }

    private static void write(WireWriter out, StepResult m) {
        out.bits(m.incarnation())
                .count(m.number())
                .list(
                        m.sampled(),
                        (w, s) -> w.count(s.sequenceId()).count(s.token()).optional(s.finish(), WireWriter::constant))
                .count(m.microseconds());
    }

    private static StepResult stepResult(WireReader in) {
        return new StepResult(
                in.bits(),
                in.count(),
                in.list(r -> new Sampled(r.count(), r.smallCount(), r.optional(Codecs::finishReason))),
                in.count());
    }

    static FinishReason finishReason(WireReader in) {
        return in.constant(FinishReason.class);
    }

    private static void write(WireWriter out, TokenRun m) {
        write(out, m.attempt())
                .count(m.choice())
                .count(m.firstIndex())
                .tokens(m.tokens())
                .list(m.logprobs(), Codecs::write)
                .count(m.cachedTokens())
                .optional(m.finish(), WireWriter::constant);
    }

    public static void write(WireWriter out, TokenLogprobs m) {
        out.real(m.logprob()).list(m.top(), (w, a) -> w.count(a.token()).real(a.logprob()));
    }

    public static TokenLogprobs tokenLogprobs(WireReader in) {
        return new TokenLogprobs(in.real(), in.list(r -> new TokenLogprobs.Alternative(r.smallCount(), r.real())));
    }

    private static TokenRun tokenRun(WireReader in) {
        return new TokenRun(
                attempt(in),
                in.smallCount(),
                in.smallCount(),
                in.tokens(),
                in.list(Codecs::tokenLogprobs),
                in.smallCount(),
                in.optional(Codecs::finishReason));
    }

    private static void write(WireWriter out, Heartbeat m) {
        out.text(m.replicaId())
                .text(m.nodeId())
                .bits(m.incarnation())
                .count(m.sequence())
                .constant(m.state())
                .text(m.modelId())
                .text(m.fingerprint())
                .count(m.contextLength())
                .count(m.load().running())
                .count(m.load().waiting())
                .count(m.load().outstandingTokens())
                .real(m.load().kvUsage())
                .list(m.load().full(), (w, full) -> w.text(full.tenant())
                        .constant(full.priority())
                        .count(full.retryAfterMillis()))
                .list(m.prefixes(), WireWriter::bits);
    }

    private static Heartbeat heartbeat(WireReader in) {
        return new Heartbeat(
                in.text(),
                in.text(),
                in.bits(),
                in.count(),
                in.constant(Heartbeat.State.class),
                in.text(),
                in.text(),
                in.smallCount(),
                new Heartbeat.Load(
                        in.smallCount(),
                        in.smallCount(),
                        in.count(),
                        in.real(),
                        in.list(r -> new Heartbeat.Full(r.text(), r.constant(Priority.class), r.count()))),
                in.list(WireReader::bits));
    }

    private static void write(WireWriter out, ReplicaDescription m) {
        out.text(m.modelId())
                .text(m.fingerprint())
                .count(m.contextLength())
                .count(m.vocabSize())
                .count(m.slabs())
                .count(m.slabTokens())
                .count(m.blocks());
    }

    private static ReplicaDescription replicaDescription(WireReader in) {
        return new ReplicaDescription(
                in.text(),
                in.text(),
                in.smallCount(),
                in.smallCount(),
                in.smallCount(),
                in.smallCount(),
                in.smallCount());
    }

    private static void write(WireWriter out, PrefixFetch m) {
        out.bits(m.incarnation())
                .count(m.id())
                .text(m.tenant())
                .tokens(m.prefix())
                .count(m.fromToken());
    }

    private static PrefixFetch prefixFetch(WireReader in) {
        return new PrefixFetch(in.bits(), in.count(), in.text(), in.tokens(), in.smallCount());
    }
}
