package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.store.ConversationStore.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine owes. */
abstract class ConversationStoreContract {
    private static final String TENANT = "acme";

    private final String id = "conv_" + UUID.randomUUID();
    private Database database;
    private ConversationStore store;

    /** @return the same database each time */
    abstract DatabaseConfig config() throws Exception;

    @BeforeEach
    void open() throws Exception {
        database = Database.open(config());
        store = database.conversations();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsCreatedIsFoundAlsoAfterReopening() throws Exception {
        StoredConversation created = new StoredConversation(
                id, TENANT, 1_741_900_000L, 0, "{\"topic\":\"日本語 🎭\"}", items("create", "{}", "x".repeat(1_500_000)));
        store.create(created);

        close();
        open();

        assertThat(store.load(TENANT, id)).contains(created);
    }

    @Test
    void anotherTenantFindsNothingAndDeletesNothing() {
        create();

        assertThat(store.load("other", id)).isEmpty();
        assertThat(store.version("other", id)).isEmpty();
        assertThat(store.append("other", id, "r", 0, items("r", "{}"))).isEqualTo(Outcome.UNKNOWN);
        assertThat(store.delete("other", id)).isFalse();
        assertThat(store.load(TENANT, id)).isPresent();
    }

    @Test
    void appendsStandInTheirOrder() {
        create();

        assertThat(store.append(TENANT, id, "r1", 0, items("r1", "a", "b"))).isEqualTo(Outcome.APPENDED);
        assertThat(store.append(TENANT, id, "r2", 1, items("r2", "c"))).isEqualTo(Outcome.APPENDED);

        StoredConversation found = store.load(TENANT, id).orElseThrow();
        assertThat(found.version()).isEqualTo(2);
        assertThat(store.version(TENANT, id)).contains(2L);
        assertThat(found.items()).extracting(StoredItem::body).containsExactly("a", "b", "c");
    }

    @Test
    void repeatedAppendWritesNothingWhateverVersionItNames() {
        create();
        store.append(TENANT, id, "r1", 0, items("r1", "a"));

        assertThat(store.append(TENANT, id, "r1", 0, items("r1", "a"))).isEqualTo(Outcome.REPEATED);
        assertThat(store.append(TENANT, id, "r1", 1, items("r1", "a"))).isEqualTo(Outcome.REPEATED);

        assertThat(store.load(TENANT, id).orElseThrow().items()).hasSize(1);
    }

    @Test
    void appendToAnotherVersionWritesNothing() {
        create();
        store.append(TENANT, id, "r1", 0, items("r1", "a"));

        assertThat(store.append(TENANT, id, "r2", 0, items("r2", "b"))).isEqualTo(Outcome.CONFLICT);

        assertThat(store.load(TENANT, id).orElseThrow().items()).hasSize(1);
    }

    @Test
    void failedAppendLeavesNothingBehind() {
        create();
        StoredItem item = new StoredItem("msg_same", "r1", "a");

        assertThatThrownBy(() -> store.append(TENANT, id, "r1", 0, List.of(item, item)))
                .isInstanceOf(StoreException.class);

        assertThat(store.load(TENANT, id).orElseThrow().items()).isEmpty();
        assertThat(store.append(TENANT, id, "r1", 0, items("r1", "a"))).isEqualTo(Outcome.APPENDED);
    }

    @Test
    void deletedConversationIsGoneWithItsItems() {
        create();
        store.append(TENANT, id, "r1", 0, items("r1", "a"));

        assertThat(store.delete(TENANT, id)).isTrue();
        assertThat(store.delete(TENANT, id)).isFalse();
        assertThat(store.load(TENANT, id)).isEmpty();
        assertThat(store.append(TENANT, id, "r2", 1, items("r2", "b"))).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void ofManyAppendsAtOnceOneIsTakenAndNoneTwice() throws Exception {
        create();
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try {
            List<Callable<Outcome>> appends = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String request = "r" + i / 2; // each twice
                appends.add(() -> store.append(TENANT, id, request, 0, items(request, "a", "b")));
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> done : threads.invokeAll(appends)) {
                outcomes.add(done.get());
            }

            assertThat(outcomes).filteredOn(Outcome.APPENDED::equals).hasSize(1);
            StoredConversation found = store.load(TENANT, id).orElseThrow();
            assertThat(found.version()).isEqualTo(1);
            assertThat(found.items()).hasSize(2);
        } finally {
            threads.shutdown();
        }
    }

    private void create() {
        store.create(new StoredConversation(id, TENANT, 1_741_900_000L, 0, "{}", List.of()));
    }

    private static List<StoredItem> items(String requestId, String... bodies) {
        return IntStream.range(0, bodies.length)
                .mapToObj(i -> new StoredItem("msg_" + UUID.randomUUID(), requestId, bodies[i]))
                .toList();
    }
}
