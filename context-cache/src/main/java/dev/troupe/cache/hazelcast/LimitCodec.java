package dev.troupe.cache.hazelcast;

import dev.troupe.cache.limits.Amounts;
import dev.troupe.cache.limits.Bucket;
import dev.troupe.cache.limits.LimitCommand;
import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cache.limits.TenantAccount;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import dev.troupe.cluster.wire.WireException;
import dev.troupe.cluster.wire.WireReader;
import dev.troupe.cluster.wire.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Bytes of the limits' commands, verdicts and accounts, as they go from one process to another. A version byte comes first. */
final class LimitCodec {
    private static final int VERSION = 1;

    private enum Tag {
        RESERVE,
        RENEW,
        SETTLE
    }

    private LimitCodec() {}

    static byte[] encode(LimitCommand command) {
        return write(LimitCodec::command, command);
    }

    static LimitCommand decodeCommand(byte[] bytes) {
        return read(LimitCodec::command, bytes);
    }

    static byte[] encode(Verdict verdict) {
        return write(LimitCodec::verdict, verdict);
    }

    static Verdict decodeVerdict(byte[] bytes) {
        return read(LimitCodec::verdict, bytes);
    }

    static byte[] encode(TenantAccount account) {
        return write(LimitCodec::saved, account.save());
    }

    static TenantAccount decodeAccount(byte[] bytes) {
        return new TenantAccount(read(LimitCodec::saved, bytes));
    }

    private static <T> byte[] write(BiConsumer<WireWriter, T> writer, T value) {
        Buffer buffer = Buffer.buffer().appendByte((byte) VERSION);
        writer.accept(new WireWriter(buffer), value);
        return buffer.getBytes();
    }

    private static <T> T read(Function<WireReader, T> reader, byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new WireException(
                    "the limits have another version than this node: run the same release on every node");
        }
        return reader.apply(new WireReader(Buffer.buffer(bytes), 1));
    }

    private static void command(WireWriter out, LimitCommand command) {
        if (command instanceof LimitCommand.Reserve reserve) {
            demand(out.constant(Tag.RESERVE), reserve.demand());
        } else if (command instanceof LimitCommand.Renew renew) {
            out.constant(Tag.RENEW).list(renew.underWay(), LimitCodec::demand);
        } else if (command instanceof LimitCommand.Settle settle) {
            demand(out.constant(Tag.SETTLE), settle.demand());
            Amounts spent = settle.spent();
            out.count(spent.requests()).count(spent.tokens()).count(spent.images());
        }
    }

    private static LimitCommand command(WireReader in) {
        return switch (in.constant(Tag.class)) {
            case RESERVE -> new LimitCommand.Reserve(demand(in));
            case RENEW -> new LimitCommand.Renew(in.list(LimitCodec::demand));
            case SETTLE -> new LimitCommand.Settle(demand(in), new Amounts(in.count(), in.count(), in.count()));
        };
    }

    private static void demand(WireWriter out, Demand demand) {
        map(
                out.text(demand.requestId()).text(demand.tenant()),
                demand.ofTenant().most(),
                WireWriter::count);
        out.optional(demand.keyId(), WireWriter::text);
        map(out, demand.ofKey().most(), WireWriter::count);
        out.count(demand.tokens()).count(demand.images());
    }

    private static Demand demand(WireReader in) {
        return new Demand(
                in.text(),
                in.text(),
                new Limits(map(in, WireReader::count)),
                in.optional(WireReader::text),
                new Limits(map(in, WireReader::count)),
                in.count(),
                in.smallCount());
    }

    private static void verdict(WireWriter out, Verdict verdict) {
        out.optional(verdict.refused(), WireWriter::constant).count(verdict.retryAfterMillis());
        map(out, verdict.standings(), (w, standing) -> w.count(standing.limit())
                .count(standing.remaining())
                .count(standing.resetMillis()));
    }

    private static Verdict verdict(WireReader in) {
        Optional<Kind> refused = in.optional(r -> r.constant(Kind.class));
        return new Verdict(refused, in.count(), map(in, r -> new Standing(r.count(), r.count(), r.count())));
    }

    private static void saved(WireWriter out, TenantAccount.Saved saved) {
        map(out.bits(saved.nowMillis()).bits(saved.behindMillis()), saved.tenant(), LimitCodec::bucket);
        out.list(saved.keys().entrySet(), (w, key) -> map(w.text(key.getKey()), key.getValue(), LimitCodec::bucket))
                .list(saved.underWay(), (w, request) -> {
                    demand(w, request.demand());
                    w.bits(request.untilMillis());
                })
                .list(saved.over().entrySet(), (w, request) -> w.text(request.getKey())
                        .bits(request.getValue()));
    }

    private static TenantAccount.Saved saved(WireReader in) {
        return new TenantAccount.Saved(
                in.bits(),
                in.bits(),
                map(in, LimitCodec::bucket),
                byText(in.list(r -> Map.entry(r.text(), map(r, LimitCodec::bucket)))),
                in.list(r -> new TenantAccount.UnderWay(demand(r), r.bits())),
                byText(in.list(r -> Map.entry(r.text(), r.bits()))));
    }

    private static void bucket(WireWriter out, Bucket bucket) {
        out.bits(Double.doubleToLongBits(bucket.taken())).bits(bucket.atMillis());
    }

    private static Bucket bucket(WireReader in) {
        return new Bucket(Double.longBitsToDouble(in.bits()), in.bits());
    }

    private static <V> void map(WireWriter out, Map<Kind, V> map, BiConsumer<WireWriter, V> value) {
        out.list(map.entrySet(), (w, entry) -> value.accept(w.constant(entry.getKey()), entry.getValue()));
    }

    private static <V> Map<Kind, V> map(WireReader in, Function<WireReader, V> value) {
        Map<Kind, V> map = new EnumMap<>(Kind.class);
        in.list(r -> Map.entry(r.constant(Kind.class), value.apply(r)))
                .forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return map;
    }

    private static <V> Map<String, V> byText(List<Map.Entry<String, V>> entries) {
        Map<String, V> map = new LinkedHashMap<>();
        entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return map;
    }
}
