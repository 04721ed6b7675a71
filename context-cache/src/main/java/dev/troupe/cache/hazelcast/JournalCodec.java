package dev.troupe.cache.hazelcast;

import dev.troupe.cache.journal.Bytes;
import dev.troupe.cache.journal.ChoiceLog;
import dev.troupe.cache.journal.JournalCommand;
import dev.troupe.cache.journal.JournalReply;
import dev.troupe.cache.journal.JournalSegment;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.wire.Codecs;
import dev.troupe.cluster.wire.WireException;
import dev.troupe.cluster.wire.WireReader;
import dev.troupe.cluster.wire.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Bytes of the journal's commands, replies and segments, as they go from one process to another. A version byte comes first. */
public final class JournalCodec {
    private static final int VERSION = 1;

    private enum Tag {
        OPEN,
        APPEND,
        CLOSE,
        CANCEL,
        TAKE_OVER,
        READ,
        OWNERS,
        PRUNE
    }

    private JournalCodec() {}

    public static byte[] encode(JournalCommand command) {
        return write(JournalCodec::command, command);
    }

    public static JournalCommand decodeCommand(byte[] bytes) {
        return read(JournalCodec::command, bytes);
    }

    public static byte[] encode(JournalReply reply) {
        return write(JournalCodec::reply, reply);
    }

    public static JournalReply decodeReply(byte[] bytes) {
        return read(JournalCodec::reply, bytes);
    }

    public static byte[] encode(JournalSegment segment) {
        return write((out, value) -> out.list(value.save(), JournalCodec::saved), segment);
    }

    public static JournalSegment decodeSegment(byte[] bytes) {
        return read(in -> JournalSegment.restore(in.list(JournalCodec::saved)), bytes);
    }

    private static <T> byte[] write(BiConsumer<WireWriter, T> writer, T value) {
        Buffer buffer = Buffer.buffer().appendByte((byte) VERSION);
        writer.accept(new WireWriter(buffer), value);
        return buffer.getBytes();
    }

    private static <T> T read(Function<WireReader, T> reader, byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new WireException(
                    "the journal has another version than this node: run the same release on every node");
        }
        return reader.apply(new WireReader(Buffer.buffer(bytes), 1));
    }

    private static void command(WireWriter out, JournalCommand command) {
        if (command instanceof JournalCommand.Open open) {
            head(out.constant(Tag.OPEN), open.head());
            out.text(open.owner()).count(open.term());
        } else if (command instanceof JournalCommand.Append append) {
            out.constant(Tag.APPEND).text(append.owner()).list(append.additions(), JournalCodec::addition);
        } else if (command instanceof JournalCommand.Close close) {
            out.constant(Tag.CLOSE)
                    .text(close.streamId())
                    .text(close.owner())
                    .count(close.term())
                    .list(close.rest(), JournalCodec::addition)
                    .constant(close.outcome().kind())
                    .text(close.outcome().error())
                    .bits(close.nowMillis());
        } else if (command instanceof JournalCommand.Cancel cancel) {
            out.constant(Tag.CANCEL)
                    .text(cancel.streamId())
                    .text(cancel.tenant())
                    .bits(cancel.nowMillis());
        } else if (command instanceof JournalCommand.TakeOver takeOver) {
            out.constant(Tag.TAKE_OVER).text(takeOver.from()).text(takeOver.to());
        } else if (command instanceof JournalCommand.Read read) {
            out.constant(Tag.READ)
                    .text(read.streamId())
                    .text(read.tenant())
                    .list(read.from(), (w, index) -> w.count(index));
        } else if (command instanceof JournalCommand.Prune prune) {
            out.constant(Tag.PRUNE).bits(prune.nowMillis());
        } else {
            out.constant(Tag.OWNERS);
        }
    }

    private static JournalCommand command(WireReader in) {
        return switch (in.constant(Tag.class)) {
            case OPEN -> new JournalCommand.Open(head(in), in.text(), in.smallCount());
            case APPEND -> new JournalCommand.Append(in.text(), in.list(JournalCodec::addition));
            case CLOSE ->
                new JournalCommand.Close(
                        in.text(),
                        in.text(),
                        in.smallCount(),
                        in.list(JournalCodec::addition),
                        new Outcome(in.constant(Outcome.Kind.class), in.text()),
                        in.bits());
            case CANCEL -> new JournalCommand.Cancel(in.text(), in.text(), in.bits());
            case TAKE_OVER -> new JournalCommand.TakeOver(in.text(), in.text());
            case READ -> new JournalCommand.Read(in.text(), in.text(), in.list(WireReader::smallCount));
            case OWNERS -> new JournalCommand.Owners();
            case PRUNE -> new JournalCommand.Prune(in.bits());
        };
    }

    private static void addition(WireWriter out, JournalCommand.Addition addition) {
        out.text(addition.streamId())
                .count(addition.term())
                .count(addition.choice())
                .count(addition.prompt())
                .count(addition.cachedTokens());
        log(out, addition.log());
    }

    private static JournalCommand.Addition addition(WireReader in) {
        return new JournalCommand.Addition(
                in.text(), in.smallCount(), in.smallCount(), in.smallCount(), in.smallCount(), log(in));
    }

    private static void log(WireWriter out, ChoiceLog log) {
        out.count(log.from())
                .tokens(log.tokens())
                .list(log.logprobs(), Codecs::write)
                .optional(log.finish(), WireWriter::constant);
    }

    private static ChoiceLog log(WireReader in) {
        return new ChoiceLog(
                in.smallCount(),
                in.tokens(),
                in.list(Codecs::tokenLogprobs),
                in.optional(r -> r.constant(FinishReason.class)));
    }

    private static void head(WireWriter out, StreamHead head) {
        out.text(head.streamId())
                .text(head.tenant())
                .optional(head.keyId(), WireWriter::text)
                .text(head.route())
                .bytes(head.body().toArray())
                .count(head.created())
                .text(head.fingerprint())
                .bool(head.kept())
                .count(head.keepMillis())
                .list(head.prompts(), (w, prompt) -> {
                    w.tokens(prompt.tokens()).count(prompt.choices()).text(prompt.echo());
                    Codecs.write(w, prompt.sampling());
                });
    }

    private static StreamHead head(WireReader in) {
        return new StreamHead(
                in.text(),
                in.text(),
                in.optional(WireReader::text),
                in.text(),
                Bytes.of(in.bytes()),
                in.count(),
                in.text(),
                in.bool(),
                in.count(),
                in.list(JournalCodec::prompt));
    }

    private static StreamHead.Prompt prompt(WireReader in) {
        var tokens = in.tokens();
        int choices = in.smallCount();
        String echo = in.text();
        return new StreamHead.Prompt(tokens, choices, Codecs.samplingParams(in), echo);
    }

    private static void stream(WireWriter out, JournaledStream stream) {
        head(out, stream.head());
        out.text(stream.owner())
                .count(stream.term())
                .count(stream.deaths())
                .list(stream.cachedTokens(), (w, cached) -> w.count(cached))
                .list(stream.choices(), JournalCodec::log)
                .optional(stream.outcome(), (w, outcome) -> w.constant(outcome.kind())
                        .text(outcome.error()));
    }

    private static JournaledStream stream(WireReader in) {
        return new JournaledStream(
                head(in),
                in.text(),
                in.smallCount(),
                in.smallCount(),
                in.list(WireReader::smallCount),
                in.list(JournalCodec::log),
                in.optional(r -> new Outcome(r.constant(Outcome.Kind.class), r.text())));
    }

    private static void saved(WireWriter out, JournalSegment.Saved saved) {
        stream(out, saved.stream());
        out.text(saved.previousOwner()).bits(saved.forgetAtMillis());
    }

    private static JournalSegment.Saved saved(WireReader in) {
        return new JournalSegment.Saved(stream(in), in.text(), in.bits());
    }

    private static void reply(WireWriter out, JournalReply reply) {
        out.list(reply.lost(), WireWriter::text)
                .list(reply.missing(), WireWriter::text)
                .list(reply.streams(), JournalCodec::stream)
                .list(reply.owners(), WireWriter::text);
    }

    private static JournalReply reply(WireReader in) {
        return new JournalReply(
                new HashSet<>(in.list(WireReader::text)),
                new HashSet<>(in.list(WireReader::text)),
                in.list(JournalCodec::stream),
                new HashSet<>(List.copyOf(in.list(WireReader::text))));
    }
}
