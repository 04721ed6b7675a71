package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cache.limits.Amounts;
import dev.troupe.cache.limits.LimitCommand;
import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cache.limits.TenantAccount;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import dev.troupe.cluster.wire.WireException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitCodecTest {
    private static final Demand DEMAND = new Demand(
            "r1",
            "acme",
            new Limits(Map.of(Kind.TOKENS_PER_MINUTE, 1_000L)),
            Optional.of("k"),
            new Limits(Map.of(Kind.CONCURRENT_REQUESTS, 3L)),
            300,
            2);
    private static final List<LimitCommand> COMMANDS = List.of(
            new LimitCommand.Reserve(DEMAND),
            new LimitCommand.Renew(List.of(DEMAND, DEMAND)),
            new LimitCommand.Settle(DEMAND, new Amounts(1, 20, 2)));

    @Test
    void commandsArriveAsTheyWereSent() {
        COMMANDS.forEach(command ->
                assertThat(LimitCodec.decodeCommand(LimitCodec.encode(command))).isEqualTo(command));
    }

    @Test
    void verdictsArriveAsTheyWereSent() {
        Verdict refused = new Verdict(
                Optional.of(Kind.TOKENS_PER_DAY),
                Verdict.NEVER,
                Map.of(Kind.TOKENS_PER_DAY, new Standing(5, 1, 70), Kind.CONCURRENT_REQUESTS, new Standing(1, 1, 0)));
        assertThat(LimitCodec.decodeVerdict(LimitCodec.encode(refused))).isEqualTo(refused);
        Verdict admitted = new Verdict(Optional.empty(), 0, Map.of());
        assertThat(LimitCodec.decodeVerdict(LimitCodec.encode(admitted))).isEqualTo(admitted);
    }

    @Test
    void anAccountArrivesWithAllThatItKnows() {
        TenantAccount account = new TenantAccount();
        Demand other = new Demand("r2", "acme", DEMAND.ofTenant(), Optional.of("k2"), DEMAND.ofKey(), 100, 0);
        account.apply(new LimitCommand.Reserve(DEMAND), 1_000_000);
        account.apply(new LimitCommand.Reserve(other), 900_000);
        account.apply(new LimitCommand.Settle(other, new Amounts(1, 20, 0)), 900_001);

        TenantAccount arrived = LimitCodec.decodeAccount(LimitCodec.encode(account));

        assertThat(arrived.save()).isEqualTo(account.save());
        LimitCommand.Reserve next = new LimitCommand.Reserve(
                new Demand("r3", "acme", DEMAND.ofTenant(), Optional.of("k"), DEMAND.ofKey(), 1, 0));
        assertThat(arrived.apply(next, 900_002)).isEqualTo(account.apply(next, 900_002));
    }

    @Test
    void bytesOfACommandAreThoseOfThisVersion() {
        assertThat(HexFormat.of().formatHex(LimitCodec.encode(COMMANDS.get(2))))
                .isEqualTo(
                        "0102" + "027231" + "0461636d65" + "0101e807" + "01016b" + "010303" + "ac02" + "02" + "011402");
    }

    @Test
    void tornOrForeignBytesAreRefused() {
        byte[] bytes = LimitCodec.encode(COMMANDS.get(0));
        for (int length = 0; length < bytes.length; length++) {
            byte[] torn = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> LimitCodec.decodeCommand(torn)).isInstanceOf(WireException.class);
        }
        bytes[0]++;
        assertThatThrownBy(() -> LimitCodec.decodeCommand(bytes))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("same release");
    }
}
