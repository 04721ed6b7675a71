package dev.troupe.cache.hazelcast;

import dev.troupe.cache.journal.Bytes;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.Headway;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cache.picture.PictureCommand;
import dev.troupe.cache.picture.PictureHead;
import dev.troupe.cluster.wire.PictureCodec;
import dev.troupe.cluster.wire.WireException;
import dev.troupe.cluster.wire.WireReader;
import dev.troupe.cluster.wire.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Orders and commands of the picture journal as bytes: a version, then the fields. */
final class PictureWire {
    private static final byte VERSION = 1;

    private PictureWire() {}

    /** The order is part of the wire form: append only. */
    private enum Kind {
        OPEN,
        ADVANCE,
        SEAL,
        CLOSE,
        CANCEL,
        TAKE_OVER,
        WITHDRAW
    }

    static byte[] encode(Consumer<WireWriter> fields) {
        Buffer buffer = Buffer.buffer().appendByte(VERSION);
        fields.accept(new WireWriter(buffer));
        return buffer.getBytes();
    }

    static <T> T decode(byte[] bytes, Function<WireReader, T> fields) {
        Buffer buffer = Buffer.buffer(bytes);
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new WireException("an order of another version: run the same release on every node");
        }
        return fields.apply(new WireReader(buffer, 1));
    }

    static void write(WireWriter out, JournaledPicture m) {
        write(out, m.head());
        out.text(m.owner()).text(m.previousOwner()).count(m.term());
        write(out, m.headway());
        out.bool(m.sealed()).optional(m.outcome(), PictureWire::write);
    }

    static JournaledPicture picture(WireReader in) {
        return new JournaledPicture(
                head(in),
                in.text(),
                in.text(),
                in.smallCount(),
                headway(in),
                in.bool(),
                in.optional(PictureWire::outcome));
    }

    private static void write(WireWriter out, PictureHead m) {
        out.text(m.id()).text(m.tenant()).bytes(m.order().toArray()).optional(m.source(), PictureCodec::write);
    }

    private static PictureHead head(WireReader in) {
        return new PictureHead(in.text(), in.text(), Bytes.of(in.bytes()), in.optional(PictureCodec::source));
    }

    private static void write(WireWriter out, Headway m) {
        out.text(m.replicaId())
                .count(m.done())
                .count(m.of())
                .count(m.deaths())
                .count(m.stood())
                .optional(m.checkpoint(), PictureCodec::write);
    }

    private static Headway headway(WireReader in) {
        return new Headway(
                in.text(),
                in.smallCount(),
                in.smallCount(),
                in.smallCount(),
                in.smallCount(),
                in.optional(PictureCodec::checkpoint));
    }

    private static void write(WireWriter out, Outcome m) {
        out.constant(m.kind()).text(m.error());
    }

    private static Outcome outcome(WireReader in) {
        return new Outcome(in.constant(Outcome.Kind.class), in.text());
    }

    static void write(WireWriter out, PictureCommand command) {
        if (command instanceof PictureCommand.Open open) {
            write(out.constant(Kind.OPEN), open.head());
            write(out.text(open.owner()).count(open.term()), open.headway());
        } else if (command instanceof PictureCommand.Advance advance) {
            write(out.constant(Kind.ADVANCE).text(advance.owner()).count(advance.term()), advance.headway());
        } else if (command instanceof PictureCommand.Seal seal) {
            out.constant(Kind.SEAL).text(seal.owner()).count(seal.term());
        } else if (command instanceof PictureCommand.Close close) {
            write(out.constant(Kind.CLOSE).text(close.owner()).count(close.term()), close.outcome());
        } else if (command instanceof PictureCommand.Cancel cancel) {
            out.constant(Kind.CANCEL).text(cancel.tenant());
        } else if (command instanceof PictureCommand.TakeOver takeOver) {
            out.constant(Kind.TAKE_OVER).text(takeOver.from()).text(takeOver.to());
        } else if (command instanceof PictureCommand.Withdraw withdraw) {
            out.constant(Kind.WITHDRAW).text(withdraw.owner()).count(withdraw.term());
        }
    }

    static PictureCommand command(WireReader in) {
        return switch (in.constant(Kind.class)) {
            case OPEN -> {
                PictureHead head = head(in);
                yield new PictureCommand.Open(head, in.text(), in.smallCount(), headway(in));
            }
            case ADVANCE -> new PictureCommand.Advance(in.text(), in.smallCount(), headway(in));
            case SEAL -> new PictureCommand.Seal(in.text(), in.smallCount());
            case CLOSE -> new PictureCommand.Close(in.text(), in.smallCount(), outcome(in));
            case CANCEL -> new PictureCommand.Cancel(in.text());
            case TAKE_OVER -> new PictureCommand.TakeOver(in.text(), in.text());
            case WITHDRAW -> new PictureCommand.Withdraw(in.text(), in.smallCount());
        };
    }
}
