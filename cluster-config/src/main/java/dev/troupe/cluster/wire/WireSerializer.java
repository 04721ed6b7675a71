package dev.troupe.cluster.wire;

import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What lies in Hazelcast, in the bytes that messages have: its version, then its fields.
 *
 * @param <T> the record
 */
public final class WireSerializer<T> implements StreamSerializer<T> {
    private final int typeId;
    private final RecordCodec<T> codec;

    /** @param typeId one of Hazelcast's names for the type: greater than nothing, and no other type's */
    public WireSerializer(
            int typeId, Class<T> type, int version, BiConsumer<WireWriter, T> writer, Function<WireReader, T> reader) {
        this.typeId = typeId;
        this.codec = new RecordCodec<>(type, version, writer, reader);
    }

    public SerializerConfig config() {
        return new SerializerConfig().setTypeClass(codec.type()).setImplementation(this);
    }

    @Override
    public void write(ObjectDataOutput out, T value) throws IOException {
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, value);
        out.writeByteArray(buffer.getBytes());
    }

    @Override
    public T read(ObjectDataInput in) throws IOException {
        return codec.decodeFromWire(0, Buffer.buffer(in.readByteArray()));
    }

    @Override
    public int getTypeId() {
        return typeId;
    }
}
