package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cache.conversation.Beginning.Granted;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CachedConversationsTest extends ConversationsContract {
    private static Members members;

    private final FakeDurable durable = new FakeDurable();

    @BeforeAll
    static void start() {
        members = new Members(17400, HazelcastConversations::configure);
    }

    @AfterAll
    static void stop() {
        members.close();
    }

    @Override
    HazelcastConversations first() {
        return HazelcastConversations.over(members.first.hazelcast(), durable).at(() -> now);
    }

    @Override
    HazelcastConversations second() {
        return HazelcastConversations.over(members.second.hazelcast(), durable).at(() -> now);
    }

    @Test
    void itemsAreReadFromTheDatabaseOnceAndThenFromThePool() {
        create();
        Conversation row = durable.rows.get(id());
        members.first.hazelcast().getMap("troupe.conversations").clear();

        assertThat(found()).isEqualTo(row);
        assertThat(found()).isEqualTo(row);
        begin(first(), "r1");
        append(first(), "r1", "a");
        assertThat(found()).isEqualTo(durable.rows.get(id()));

        assertThat(durable.loads).hasValue(1);
    }

    @Test
    void whatAnAppendAcknowledgesIsInTheDatabase() {
        create();
        begin(first(), "r1");

        append(first(), "r1", "a");

        assertThat(durable.rows.get(id()).items()).extracting(Item::text).containsExactly("a");
    }

    @Test
    void databaseIsBelievedWhereThePoolHasAnotherVersion() {
        create();
        // A process appended to the database and died before it told the pool.
        durable.rows.put(
                id(),
                durable.rows
                        .get(id())
                        .append(List.of(new Item("msg_1", "r1", "user", "a", Optional.empty(), Optional.empty()))));

        assertThat(found().items()).hasSize(1);
        assertThat(append(second(), "r1", "a")).isEqualTo(Outcome.REPEATED);
        assertThat(begin(first(), "r2")).isEqualTo(new Granted(durable.rows.get(id())));
        assertThat(append(first(), "r2", "b")).isEqualTo(Outcome.APPENDED);
    }

    @Test
    void failingDatabaseFailsTheAppendWhichMayBeAskedForAgain() {
        create();
        begin(first(), "r1");
        durable.broken = true;

        assertThatThrownBy(() -> append(first(), "r1", "a")).hasMessageContaining("the database is away");
        durable.broken = false;

        assertThat(append(first(), "r1", "a")).isEqualTo(Outcome.APPENDED);
        assertThat(found().items()).hasSize(1);
    }
}
