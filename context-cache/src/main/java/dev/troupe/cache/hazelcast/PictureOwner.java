package dev.troupe.cache.hazelcast;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import java.io.IOException;
import java.util.Map;

/** Who works on an order that is under way; nothing of one that is over. */
final class PictureOwner implements EntryProcessor<String, PictureValue, String>, ReadOnly, DataSerializable {
    private static final long serialVersionUID = 1;

    @Override
    public String process(Map.Entry<String, PictureValue> entry) {
        PictureValue value = entry.getValue();
        return value == null || value.picture().outcome().isPresent()
                ? null
                : value.picture().owner();
    }

    @Override
    public EntryProcessor<String, PictureValue, String> getBackupProcessor() {
        return null;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        // It says nothing but its type.
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        // As above.
    }
}
