package dev.troupe.cache.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.troupe.cache.conversation.Beginning;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Conversations;
import dev.troupe.cache.conversation.DurableConversations;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Conversations of a pool: the texts in one map, with one backup, and whose turn it is in another. */
public final class HazelcastConversations implements Conversations {
    /** Of each process, backups included; the least used go first. */
    public static final int MEGABYTES = 128;

    private static final String MAP = "troupe.conversations";
    private static final String TURNS = "troupe.conversation-turns";
    private static final int TURNS_FORGOTTEN_AFTER_SECONDS = (int) TimeUnit.HOURS.toSeconds(1);

    private final Home home;
    private final IMap<String, Turn> turns;
    private final LongSupplier clock;

    private HazelcastConversations(Home home, IMap<String, Turn> turns, LongSupplier clock) {
        this.home = home;
        this.turns = turns;
        this.clock = clock;
    }

    /** In the memory of the pool only. */
    public static HazelcastConversations inMemory(HazelcastInstance hazelcast) {
        return new HazelcastConversations(
                new MemoryHome(hazelcast.getMap(MAP)), hazelcast.getMap(TURNS), System::currentTimeMillis);
    }

    /** In a database, and cached by the pool. */
    public static HazelcastConversations over(HazelcastInstance hazelcast, DurableConversations durable) {
        return new HazelcastConversations(
                new CachedHome(hazelcast.getMap(MAP), durable), hazelcast.getMap(TURNS), System::currentTimeMillis);
    }

    /** @param newClock milliseconds since 1970 */
    HazelcastConversations at(LongSupplier newClock) {
        return new HazelcastConversations(home, turns, newClock);
    }

    /** How a member keeps them, whether or not it has a router: the same on every member of a pool. */
    public static void configure(Config config) {
        configure(config, MEGABYTES);
    }

    static void configure(Config config, int megabytes) {
        config.addMapConfig(new MapConfig(MAP)
                .setBackupCount(1)
                .setEvictionConfig(new EvictionConfig()
                        .setEvictionPolicy(EvictionPolicy.LRU)
                        .setMaxSizePolicy(MaxSizePolicy.USED_HEAP_SIZE)
                        .setSize(megabytes)));
        config.addMapConfig(new MapConfig(TURNS).setBackupCount(1).setMaxIdleSeconds(TURNS_FORGOTTEN_AFTER_SECONDS));
        ConversationWire.serializers()
                .forEach(serializer -> config.getSerializationConfig().addSerializerConfig(serializer.config()));
    }

    @Override
    public CompletionStage<Void> create(Conversation conversation) {
        return home.create(conversation);
    }

    @Override
    public CompletionStage<Optional<Conversation>> find(String tenant, String id) {
        return home.find(tenant, id);
    }

    @Override
    public CompletionStage<Beginning> begin(String tenant, String id, String requestId) {
        return take(tenant, id, requestId, Optional.empty())
                .thenCompose(taken -> taken
                        ? home.find(tenant, id).thenCompose(found -> begin(tenant, id, requestId, found))
                        : CompletableFuture.completedFuture(new Beginning.Busy()));
    }

    /** The turn is taken before the conversation is read, so what was read is still so; it is taken again to note what it follows. */
    private CompletionStage<Beginning> begin(String tenant, String id, String requestId, Optional<Conversation> found) {
        return found.isEmpty()
                ? abandon(tenant, id, requestId).thenApply(given -> new Beginning.Unknown())
                : take(tenant, id, requestId, Optional.of(found.get().version()))
                        .thenApply(taken -> taken ? new Beginning.Granted(found.get()) : new Beginning.Busy());
    }

    private CompletionStage<Boolean> take(String tenant, String id, String requestId, Optional<Long> version) {
        return turns.submitToKey(turn(tenant, id), new TakeTurn(requestId, version, clock.getAsLong()));
    }

    @Override
    public CompletionStage<Void> keep(String tenant, String id, String requestId) {
        return turns.submitToKey(turn(tenant, id), new KeepTurn(requestId, clock.getAsLong()))
                .thenApply(kept -> null);
    }

    @Override
    public CompletionStage<Outcome> append(String tenant, String id, String requestId, List<Item> items) {
        return turns.getAsync(turn(tenant, id))
                .thenCompose(turn ->
                        turn != null && turn.isOf(requestId) && turn.version().isPresent()
                                ? home.append(
                                        tenant, id, requestId, turn.version().get(), items)
                                : withoutTurn(tenant, id, requestId))
                .thenCompose(outcome -> abandon(tenant, id, requestId).thenApply(given -> outcome));
    }

    /** Whoever has appended has no turn any more, and may ask again because the answer was lost. */
    private CompletionStage<Outcome> withoutTurn(String tenant, String id, String requestId) {
        return home.find(tenant, id).thenApply(found -> found.map(
                        conversation -> conversation.holds(requestId) ? Outcome.REPEATED : Outcome.SUPERSEDED)
                .orElse(Outcome.GONE));
    }

    @Override
    public CompletionStage<Void> abandon(String tenant, String id, String requestId) {
        return turns.submitToKey(turn(tenant, id), new GiveTurnBack(requestId)).thenApply(given -> null);
    }

    @Override
    public CompletionStage<Boolean> delete(String tenant, String id) {
        return home.delete(tenant, id);
    }

    /** By tenant too, so that nobody can tell from a turn that another tenant's conversation exists. */
    private static String turn(String tenant, String id) {
        return tenant + "/" + id;
    }
}
