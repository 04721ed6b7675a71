package dev.troupe.cache.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.troupe.cache.limits.TenantAccount;
import java.io.IOException;

/** A tenant's account as it lies in memory on the member that has it, changed in place; bytes only when it moves to another. */
final class AccountValue implements DataSerializable {
    private TenantAccount account = new TenantAccount();

    TenantAccount account() {
        return account;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(LimitCodec.encode(account));
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        account = LimitCodec.decodeAccount(in.readByteArray());
    }
}
