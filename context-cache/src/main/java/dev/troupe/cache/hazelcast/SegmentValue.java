package dev.troupe.cache.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.troupe.cache.journal.JournalSegment;
import java.io.IOException;

/** A segment as it lies in memory on the member that has it, changed in place; bytes only when it moves to another. */
final class SegmentValue implements DataSerializable {
    private JournalSegment segment = new JournalSegment();

    JournalSegment segment() {
        return segment;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(JournalCodec.encode(segment));
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        segment = JournalCodec.decodeSegment(in.readByteArray());
    }
}
