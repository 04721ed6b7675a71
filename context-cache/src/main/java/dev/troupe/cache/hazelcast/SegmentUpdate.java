package dev.troupe.cache.hazelcast;

import dev.troupe.cache.journal.JournalCommand;
import dev.troupe.cache.journal.JournalSegment;
import java.util.Map;

/** A command that changes a segment, done where it lies and again where its copy lies. */
final class SegmentUpdate extends SegmentCommand {
    private static final long serialVersionUID = 1;
    private static final byte[] NOTHING = JournalCodec.encode(new JournalSegment().apply(new JournalCommand.Owners()));

    /** For Hazelcast. */
    SegmentUpdate() {}

    SegmentUpdate(JournalCommand command) {
        super(command);
    }

    @Override
    public byte[] process(Map.Entry<String, SegmentValue> entry) {
        SegmentValue value = entry.getValue();
        if (value == null) {
            if (!(command() instanceof JournalCommand.Open)) {
                return JournalCodec.encode(new JournalSegment().apply(command()));
            }
            value = new SegmentValue();
        }
        var reply = value.segment().apply(command());
        entry.setValue(value.segment().isEmpty() ? null : value);
        return reply.isNothing() ? NOTHING : JournalCodec.encode(reply);
    }
}
