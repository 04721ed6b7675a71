package dev.troupe.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.ModelCardReply;
import dev.troupe.cluster.message.ModelCardRequest;
import dev.troupe.cluster.message.PictureAck;
import dev.troupe.cluster.message.PictureEvent;
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
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.SlotRef;
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
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecsTest {
    private static final Attempt ATTEMPT = new Attempt("req-1", 2);
    private static final SlotRef SLOT = new SlotRef(1, 256, 7);
    private static final SamplingParams SAMPLING = new SamplingParams(
            0.7f,
            0.9f,
            OptionalInt.of(40),
            0.05f,
            0.5f,
            -0.5f,
            1.1f,
            Map.of(7, -100f, 300, 2.5f),
            -42,
            OptionalInt.of(5),
            64,
            TokenIds.of(2));

    private static final EncodedPicture PICTURE = new EncodedPicture(PictureType.JPEG, new byte[] {1, 2, 3});
    private static final LatentCheckpoint CHECKPOINT =
            new LatentCheckpoint(2, new float[] {0.5f, -1}, new float[] {2, 3});

    static Stream<Object> messages() {
        return Stream.of(
                new GenerateRequest(
                        "req-1",
                        2,
                        "local",
                        "node-a",
                        TokenIds.of(1, 300, 49151),
                        2,
                        SAMPLING,
                        List.of(
                                new GenerateRequest.Begun(TokenIds.of(300), false),
                                new GenerateRequest.Begun(TokenIds.EMPTY, true)),
                        true,
                        true,
                        new Share(7, Priority.BATCH, OptionalLong.of(2500))),
                new Admitted(ATTEMPT),
                new Refused(ATTEMPT, ErrorCode.QUEUE_FULL, "full", 1500),
                new Cancel(ATTEMPT),
                new StreamAcks(List.of(new StreamAck(ATTEMPT, 1, 33))),
                new StreamProbe(ATTEMPT),
                new StreamState(StreamState.Status.ALIVE, List.of(3, 200)),
                plan(),
                new StepResult(-9, 12, List.of(new Sampled(5, 77, Optional.of(FinishReason.STOP))), 4200),
                new ResyncNeeded(9, 3),
                new StepFailed(9, 3, "out of memory"),
                new OutOfMemory(9, 3, true, "no room"),
                new TokenBatch(
                        "r-1",
                        List.of(new TokenRun(
                                ATTEMPT,
                                1,
                                3,
                                TokenIds.of(9),
                                List.of(new TokenLogprobs(-0.25f, List.of(new TokenLogprobs.Alternative(9, -0.25f)))),
                                64,
                                Optional.of(FinishReason.LENGTH)))),
                new Resend(ATTEMPT, 1, 3),
                new Heartbeat(
                        "r-1",
                        "node-a",
                        1700000000000L,
                        8,
                        Heartbeat.State.DRAINING,
                        "smollm2",
                        "abcd",
                        8192,
                        new Heartbeat.Load(
                                3, 1, 900, 0.25f, List.of(new Heartbeat.Full("local", Priority.BATCH, 1500))),
                        List.of(-1L, 5L)),
                new ModelCardRequest("abcd"),
                new ModelCardReply(new byte[] {1, 2, 3}),
                new ReplicaQuestion("r-1"),
                new ReplicaDescription("smollm2", "abcd", 8192, 49152, 4, 8192, 300),
                new RouterLeaving("router-1"),
                new StopStream("chatcmpl-1"),
                new DrainNode("node-a"),
                new BackupQuestion(),
                new BackupState(true),
                new PrefixFetch(-77, 6, "local", tokens(128), 64),
                new PrefixFetched(128),
                new GeneratePicture(
                        ATTEMPT,
                        "local",
                        "router-1",
                        pictureSpec(),
                        Optional.of(CHECKPOINT),
                        true,
                        new Share(7, Priority.BATCH, OptionalLong.of(2500))),
                new PictureNews(
                        "r-1",
                        List.of(
                                new PictureEvent.Waiting(ATTEMPT, 3),
                                new PictureEvent.Step(
                                        ATTEMPT,
                                        2,
                                        20,
                                        Optional.of(CHECKPOINT),
                                        Optional.of(new PictureEvent.Preview(1, PICTURE))),
                                new PictureEvent.Made(ATTEMPT, PICTURE, List.of("cut")),
                                new PictureEvent.Failed(ATTEMPT, ErrorCode.INTERNAL, "broken"))),
                new PictureAck(ATTEMPT),
                new PictureProbe(ATTEMPT),
                new PictureFound(Optional.of(new PictureEvent.Waiting(ATTEMPT, 300))),
                new PictureHeartbeat(
                        "r-1",
                        "node-a",
                        1700000000000L,
                        8,
                        Heartbeat.State.DRAINING,
                        new PictureModel(
                                "tiny",
                                "abcd",
                                List.of(new PictureModel.Size(64, 512)),
                                List.of("euler", "lcm"),
                                20,
                                7.5,
                                true),
                        new PictureHeartbeat.Load(1, 2, 300)),
                new PictureQuestion("img_1"),
                new PicturePlace(0, 3, 20));
    }

    private static PictureSpec pictureSpec() {
        return new PictureSpec(
                "tiny",
                "a cat",
                "a dog",
                512,
                64,
                20,
                7.5,
                "euler",
                -42,
                Optional.of(new PictureSource(PICTURE, Optional.of(PICTURE), 0.75)),
                new PictureOutput(PictureType.WEBP, 80, PictureOutput.Background.TRANSPARENT, true),
                3);
    }

    private static StepPlan plan() {
        return new StepPlan(
                -77,
                13,
                true,
                List.of(new StepPlan.End(4, Optional.of(FinishReason.CANCELLED))),
                List.of(
                        new KvCopy.Restore(List.of(3, 4), SLOT),
                        new KvCopy.Save(SLOT, 32, List.of(9)),
                        new KvCopy.Move(SLOT, new SlotRef(2, 512, 0), 256)),
                List.of(new SequenceStart(5, ATTEMPT, 1, "node-a", TokenIds.of(1, 2), TokenIds.of(3), 32, SAMPLING)),
                List.of(new StepPlan.Decode(4, SLOT, 99, 3)),
                List.of(new StepPlan.Chunk(5, SLOT, 64, 128, true)),
                List.of(new StreamAck(ATTEMPT, 0, 12)),
                List.of(new StepPlan.Import(6, 64, List.of(2, 300))),
                List.of(new StepPlan.Export("local", tokens(64), List.of(1, 2, 3, 4, 5, 6, 7, 8))));
    }

    private static TokenIds tokens(int count) {
        return TokenIds.of(IntStream.range(0, count).toArray());
    }

    @ParameterizedTest
    @MethodSource("messages")
    <T> void messageSurvivesTheWireAndKeepsItsGoldenBytes(T message) throws IOException {
        RecordCodec<T> codec = codecOf(message);
        Buffer bytes = encode(codec, message);

        assertThat(codec.decodeFromWire(0, bytes)).isEqualTo(message);
        assertThat(HexFormat.of().formatHex(bytes.getBytes())).isEqualTo(golden().getProperty(codec.name()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    <T> void tornBytesAreRefusedWithoutHarm(T message) {
        RecordCodec<T> codec = codecOf(message);
        Buffer whole = encode(codec, message);
        for (int length = 1; length < whole.length(); length++) {
            Buffer torn = whole.slice(0, length);
            assertThatThrownBy(() -> codec.decodeFromWire(0, torn)).isInstanceOf(WireException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    <T> void flippedBytesGiveAMessageOrAWireException(T message) {
        RecordCodec<T> codec = codecOf(message);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Buffer bytes = encode(codec, message);
            if (bytes.length() == 1) {
                return; // nothing but its version
            }
            bytes.setByte(1 + random.nextInt(bytes.length() - 1), (byte) random.nextInt());
            try {
                assertThat(codec.decodeFromWire(0, bytes)).isNotNull();
            } catch (WireException expected) {
                assertThat(expected).as("seed %d", seed).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void anotherVersionIsNamed() {
        RecordCodec<Cancel> codec = codecOf(new Cancel(ATTEMPT));
        Buffer bytes = encode(codec, new Cancel(ATTEMPT)).setByte(0, (byte) 9);
        assertThatThrownBy(() -> codec.decodeFromWire(0, bytes))
                .hasMessage("Cancel has version 9, this node speaks 1: run the same release on every node");
    }

    @Test
    void everyCodecHasAMessageHere() {
        assertThat(messages().map(Object::getClass).distinct().count()).isEqualTo(Codecs.ALL.size());
    }

    @SuppressWarnings("unchecked") // found by its own type
    private static <T> RecordCodec<T> codecOf(T message) {
        return (RecordCodec<T>) Codecs.ALL.stream()
                .filter(codec -> codec.type() == message.getClass())
                .findFirst()
                .orElseThrow();
    }

    private static <T> Buffer encode(RecordCodec<T> codec, T message) {
        Buffer bytes = Buffer.buffer();
        codec.encodeToWire(bytes, message);
        return bytes;
    }

    private static Properties golden() throws IOException {
        try (InputStream in = CodecsTest.class.getResourceAsStream("/golden-bytes.properties")) {
            Properties golden = new Properties();
            golden.load(in);
            return golden;
        }
    }
}
