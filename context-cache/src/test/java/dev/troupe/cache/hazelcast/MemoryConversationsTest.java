package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MemoryConversationsTest extends ConversationsContract {
    private static final int MANY = 3000;

    private static Members members;

    @BeforeAll
    static void start() {
        members = new Members(17100, HazelcastConversations::configure);
    }

    @AfterAll
    static void stop() {
        members.close();
    }

    @Override
    HazelcastConversations first() {
        return HazelcastConversations.inMemory(members.first.hazelcast()).at(() -> now);
    }

    @Override
    HazelcastConversations second() {
        return HazelcastConversations.inMemory(members.second.hazelcast()).at(() -> now);
    }

    @Test
    void conversationsAndTheirTurnsOutliveAMember() {
        try (Members pool = new Members(17200, HazelcastConversations::configure)) {
            HazelcastConversations dying = HazelcastConversations.inMemory(pool.second.hazelcast());
            HazelcastConversations living = HazelcastConversations.inMemory(pool.first.hazelcast());
            // Enough of them that either member has some as owner and some as backup.
            List<String> ids = IntStream.range(0, 50).mapToObj(i -> "conv_" + i).toList();
            ids.forEach(id -> {
                await(dying.create(new Conversation(id, "t", 0, Map.of(), 0, List.of(item(id)))));
                await(dying.begin("t", id, "r-" + id));
            });

            pool.second.hazelcast().getLifecycleService().terminate();

            ids.forEach(id -> {
                assertThat(await(living.append("t", id, "r-" + id, List.of(item("more")))))
                        .isEqualTo(Outcome.APPENDED);
                assertThat(await(living.find("t", id)).orElseThrow().items()).hasSize(2);
            });
        }
    }

    @Test
    void beyondItsBoundTheLeastUsedAreForgotten() {
        try (Members pool = new Members(17300, config -> HazelcastConversations.configure(config, 1))) {
            HazelcastConversations conversations = HazelcastConversations.inMemory(pool.first.hazelcast());
            String text = "x".repeat(2_000);
            for (int i = 0; i < MANY; i++) {
                await(conversations.create(new Conversation("conv_" + i, "t", 0, Map.of(), 0, List.of(item(text)))));
            }

            // A megabyte in each of two processes, each conversation in both.
            assertThat(left(conversations, 0, MANY)).isLessThan(600);
            // They go by samples, so not strictly in order.
            assertThat(left(conversations, MANY - 100, MANY)).isGreaterThan(left(conversations, 0, 100) + 20);
        }
    }

    private static long left(HazelcastConversations conversations, int from, int to) {
        return IntStream.range(from, to)
                .filter(i -> await(conversations.find("t", "conv_" + i)).isPresent())
                .count();
    }

    private static Item item(String text) {
        return new Item("msg_" + text.length(), "create", "user", text, Optional.empty(), Optional.empty());
    }
}
