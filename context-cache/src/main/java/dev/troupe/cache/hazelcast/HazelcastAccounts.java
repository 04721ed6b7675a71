package dev.troupe.cache.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.troupe.cache.limits.AccountHome;
import dev.troupe.cache.limits.LimitCommand;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.Maps;
import java.util.concurrent.CompletionStage;

/** The accounts of tenants on Hazelcast: one an entry, with a copy on another member before it answers. */
public final class HazelcastAccounts implements AccountHome {
    private final IMap<String, AccountValue> accounts;

    public HazelcastAccounts(HazelcastInstance hazelcast) {
        accounts = hazelcast.getMap(Maps.LIMITS);
    }

    @Override
    public CompletionStage<Verdict> apply(String tenant, LimitCommand command) {
        return Replies.of(accounts.submitToKey(tenant, new AccountUpdate(command)))
                .thenApply(LimitCodec::decodeVerdict);
    }
}
