package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.troupe.cache.journal.JournalCommand;
import java.io.IOException;

/** A command on its way to where its segment lies; its reply comes back as the journal's bytes. */
abstract class SegmentCommand implements EntryProcessor<String, SegmentValue, byte[]>, DataSerializable {
    private static final long serialVersionUID = 1;

    private transient JournalCommand command;

    /** For Hazelcast. */
    SegmentCommand() {}

    SegmentCommand(JournalCommand command) {
        this.command = command;
    }

    JournalCommand command() {
        return command;
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
