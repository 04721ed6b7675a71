package dev.troupe.cache.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.troupe.cache.limits.LimitCommand;
import dev.troupe.cache.limits.RateLimits.Verdict;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A command on its way to where its tenant's account lies, and on to the copy. The time is read where the account lies, from the clock that
 * Hazelcast keeps alike on all members, and goes along to the copy.
 */
final class AccountUpdate
        implements EntryProcessor<String, AccountValue, byte[]>, DataSerializable, HazelcastInstanceAware {
    private static final long serialVersionUID = 1;

    /** Name in a member's user context of a clock in place of the pool's, for tests in other than real time: milliseconds. */
    static final String CLOCK = "troupe.limits.clock";

    private transient LimitCommand command;
    /** Told to the copy; empty where the account lies. */
    private transient OptionalLong atMillis;

    private transient long doneAtMillis;
    private transient HazelcastInstance hazelcast;

    /** For Hazelcast. */
    AccountUpdate() {}

    AccountUpdate(LimitCommand command) {
        this(command, OptionalLong.empty());
    }

    private AccountUpdate(LimitCommand command, OptionalLong atMillis) {
        this.command = command;
        this.atMillis = atMillis;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        hazelcast = instance;
    }

    @Override
    public byte[] process(Map.Entry<String, AccountValue> entry) {
        long now = atMillis.orElseGet(this::clockMillis);
        doneAtMillis = now;
        AccountValue known = entry.getValue();
        AccountValue value = known == null ? new AccountValue() : known;
        Verdict verdict = value.account().apply(command, now);
        if (!value.account().isIdleAt(now)) {
            entry.setValue(value);
        } else if (known != null) {
            entry.setValue(null);
        }
        return LimitCodec.encode(verdict);
    }

    private long clockMillis() {
        Object replaced = hazelcast.getUserContext().get(CLOCK);
        return replaced instanceof LongSupplier clock
                ? clock.getAsLong()
                : hazelcast.getCluster().getClusterTime();
    }

    @Override
    public EntryProcessor<String, AccountValue, byte[]> getBackupProcessor() {
        return new AccountUpdate(command, OptionalLong.of(doneAtMillis));
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(LimitCodec.encode(command));
        out.writeBoolean(atMillis.isPresent());
        if (atMillis.isPresent()) {
            out.writeLong(atMillis.getAsLong());
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        command = LimitCodec.decodeCommand(in.readByteArray());
        atMillis = in.readBoolean() ? OptionalLong.of(in.readLong()) : OptionalLong.empty();
    }
}
