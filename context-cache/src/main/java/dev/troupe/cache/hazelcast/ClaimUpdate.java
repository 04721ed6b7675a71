package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import java.io.IOException;
import java.util.Map;

/** Binds a client's name for a request if it is free, or frees it if it is bound to what the caller says. */
final class ClaimUpdate implements EntryProcessor<String, String, String>, DataSerializable {
    private static final long serialVersionUID = 1;

    private String claim;
    private boolean release;

    /** For Hazelcast. */
    ClaimUpdate() {}

    ClaimUpdate(String claim, boolean release) {
        this.claim = claim;
        this.release = release;
    }

    @Override
    public String process(Map.Entry<String, String> entry) {
        String bound = entry.getValue();
        if (release) {
            if (claim.equals(bound)) {
                entry.setValue(null);
            }
            return claim;
        }
        if (bound == null) {
            entry.setValue(claim);
            return claim;
        }
        return bound;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeString(claim);
        out.writeBoolean(release);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        claim = in.readString();
        release = in.readBoolean();
    }
}
