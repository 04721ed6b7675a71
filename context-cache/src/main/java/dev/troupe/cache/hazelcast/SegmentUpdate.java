package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.troupe.cache.journal.JournalCommand;
import dev.troupe.cache.journal.JournalSegment;
import java.io.IOException;
import java.util.Map;

/** A command that changes a segment, done where it lies and again where its copy lies. */
final class SegmentUpdate implements EntryProcessor<String, SegmentValue, byte[]>, DataSerializable {
    private static final long serialVersionUID = 1;
    private static final byte[] NOTHING = JournalCodec.encode(new JournalSegment().apply(new JournalCommand.Owners()));

    private transient JournalCommand command;

    /** For Hazelcast. */
    SegmentUpdate() {}

    SegmentUpdate(JournalCommand command) {
        this.command = command;
    }

    @Override
    public byte[] process(Map.Entry<String, SegmentValue> entry) {
        SegmentValue value = entry.getValue();
        if (value == null) {
            if (!(command instanceof JournalCommand.Open)) {
                return JournalCodec.encode(new JournalSegment().apply(command));
            }
            value = new SegmentValue();
        }
        var reply = value.segment().apply(command);
        entry.setValue(value.segment().isEmpty() ? null : value);
        return reply.isNothing() ? NOTHING : JournalCodec.encode(reply);
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
