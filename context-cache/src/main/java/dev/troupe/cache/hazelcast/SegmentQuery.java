package dev.troupe.cache.hazelcast;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.troupe.cache.journal.JournalCommand;
import dev.troupe.cache.journal.JournalSegment;
import java.io.IOException;
import java.util.Map;

/** A command that changes nothing; where there is a copy, that is left in peace. */
final class SegmentQuery implements EntryProcessor<String, SegmentValue, byte[]>, ReadOnly, DataSerializable {
    private static final long serialVersionUID = 1;

    private transient JournalCommand command;

    /** For Hazelcast. */
    SegmentQuery() {}

    SegmentQuery(JournalCommand command) {
        this.command = command;
    }

    @Override
    public byte[] process(Map.Entry<String, SegmentValue> entry) {
        SegmentValue value = entry.getValue();
        JournalSegment segment = value == null ? new JournalSegment() : value.segment();
        return JournalCodec.encode(segment.apply(command));
    }

    @Override
    public EntryProcessor<String, SegmentValue, byte[]> getBackupProcessor() {
        return null;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(JournalCodec.encode(command));
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        command = JournalCodec.decodeCommand(in.readByteArray());
    }
}
