package dev.troupe.cache.hazelcast;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import dev.troupe.cache.journal.JournalCommand;
import dev.troupe.cache.journal.JournalSegment;
import java.util.Map;

/** A command that changes nothing; where there is a copy, that is left in peace. */
final class SegmentQuery extends SegmentCommand implements ReadOnly {
    private static final long serialVersionUID = 1;

    /** For Hazelcast. */
    SegmentQuery() {}

    SegmentQuery(JournalCommand command) {
        super(command);
    }

    @Override
    public byte[] process(Map.Entry<String, SegmentValue> entry) {
        SegmentValue value = entry.getValue();
        JournalSegment segment = value == null ? new JournalSegment() : value.segment();
        return JournalCodec.encode(segment.apply(command()));
    }

    @Override
    public EntryProcessor<String, SegmentValue, byte[]> getBackupProcessor() {
        return null;
    }
}
