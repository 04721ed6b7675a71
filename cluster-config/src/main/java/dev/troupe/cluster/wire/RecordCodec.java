package dev.troupe.cluster.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The bytes of one message type: its version, then its fields. Within a process the immutable record itself is handed over.
 *
 * @param <T> the message
 */
public final class RecordCodec<T> implements MessageCodec<T, T> {
    private final Class<T> type;
    private final byte version;
    private final BiConsumer<WireWriter, T> writer;
    private final Function<WireReader, T> reader;

    RecordCodec(Class<T> type, int version, BiConsumer<WireWriter, T> writer, Function<WireReader, T> reader) {
        this.type = type;
        this.version = (byte) version;
        this.writer = writer;
        this.reader = reader;
    }

    public Class<T> type() {
        return type;
    }

    @Override
    public void encodeToWire(Buffer buffer, T message) {
        buffer.appendByte(version);
        writer.accept(new WireWriter(buffer), message);
    }

    /** @throws WireException when the bytes are torn, or of another version */
    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        byte found = buffer.getByte(position);
        if (found != version) {
            throw new WireException(type.getSimpleName() + " has version " + found + ", this node speaks " + version
                    + ": run the same release on every node");
        }
        try {
            return reader.apply(new WireReader(buffer, position + 1));
        } catch (IllegalArgumentException e) {
            throw new WireException(type.getSimpleName() + " is not valid: " + e.getMessage());
        }
    }

    @Override
    public T transform(T message) {
        return message;
    }

    @Override
    public String name() {
        return type.getSimpleName();
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
