package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.conversation.Beginning;
import dev.troupe.cache.conversation.Beginning.Busy;
import dev.troupe.cache.conversation.Beginning.Granted;
import dev.troupe.cache.conversation.Beginning.Unknown;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Conversations;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import dev.troupe.cache.conversation.Spoken;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@link Conversations} owes, seen by two members of a pool. */
abstract class ConversationsContract {
    private static final String TENANT = "acme";

    private final String id = "conv_" + UUID.randomUUID();
    long now = 1_000_000;

    abstract HazelcastConversations first();

    abstract HazelcastConversations second();

    @Test
    void whatOneMemberCreatesTheOtherFindsWholly() {
        Conversation created = new Conversation(
                id,
                TENANT,
                1_741_900_000,
                Map.of("topic", "日本語 🎭"),
                0,
                List.of(item("create", "system", "Be brief.")));
        await(first().create(created));

        assertThat(await(second().find(TENANT, id))).contains(created);
        assertThat(await(second().find("other", id))).isEmpty();
    }

    @Test
    void turnIsAppendedOnceThoughItIsAskedForAgain() {
        create();
        assertThat(begin(first(), "r1")).isEqualTo(new Granted(found()));

        assertThat(append(first(), "r1", "a", "b")).isEqualTo(Outcome.APPENDED);
        assertThat(append(first(), "r1", "a", "b")).isEqualTo(Outcome.REPEATED);
        assertThat(append(second(), "r1", "a", "b")).isEqualTo(Outcome.REPEATED);

        assertThat(found().version()).isEqualTo(1);
        assertThat(texts()).containsExactly("a", "b");
    }

    @Test
    void anotherMemberMayFinishATurnKnowingOnlyItsRequest() {
        create();
        begin(first(), "r1");

        assertThat(append(second(), "r1", "a", "b")).isEqualTo(Outcome.APPENDED);

        assertThat(texts()).containsExactly("a", "b");
    }

    @Test
    void secondTurnAtTheSameTimeIsTurnedAway() {
        create();
        begin(first(), "r1");

        assertThat(begin(second(), "r2")).isEqualTo(new Busy());
        assertThat(begin(second(), "r1")).as("its own").isEqualTo(new Granted(found()));
        append(first(), "r1", "a");

        assertThat(begin(second(), "r2")).isEqualTo(new Granted(found()));
        assertThat(append(second(), "r2", "b")).isEqualTo(Outcome.APPENDED);
        assertThat(texts()).containsExactly("a", "b");
    }

    @Test
    void abandonedTurnAppendsNothingAndIsFree() {
        create();
        begin(first(), "r1");
        await(first().abandon(TENANT, id, "r1"));

        assertThat(append(first(), "r1", "a")).isEqualTo(Outcome.SUPERSEDED);
        assertThat(begin(second(), "r2")).isEqualTo(new Granted(found()));
        assertThat(texts()).isEmpty();
    }

    @Test
    void turnThatNobodyKeepsGoesToAnotherAndItsOldHolderIsRefused() {
        create();
        begin(first(), "r1");
        now += Turn.PATIENCE_MILLIS - 1;
        await(first().keep(TENANT, id, "r1"));
        now += Turn.PATIENCE_MILLIS - 1;
        assertThat(begin(second(), "r2")).as("it was kept").isEqualTo(new Busy());

        now += 1;

        assertThat(begin(second(), "r2")).isInstanceOf(Granted.class);
        await(first().keep(TENANT, id, "r1"));
        assertThat(append(first(), "r1", "a")).isEqualTo(Outcome.SUPERSEDED);
        assertThat(append(second(), "r2", "b")).isEqualTo(Outcome.APPENDED);
        assertThat(texts()).containsExactly("b");
    }

    @Test
    void keepingDoesNotTakeATurn() {
        create();
        await(first().keep(TENANT, id, "r1"));

        assertThat(begin(second(), "r2")).isInstanceOf(Granted.class);
    }

    @Test
    void ofManyTurnsAtOnceEachIsWholeAndNoneIsLost() {
        create();
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Conversations member = i % 2 == 0 ? first() : second();
            String request = "r" + i;
            all.add(member.begin(TENANT, id, request)
                    .thenCompose(beginning -> beginning instanceof Granted
                            ? member.append(TENANT, id, request, items(request, request + "?", request + "!"))
                            : CompletableFuture.completedFuture(Outcome.SUPERSEDED))
                    .toCompletableFuture());
        }
        long appended = all.stream()
                .map(ConversationsContract::await)
                .filter(Outcome.APPENDED::equals)
                .count();

        List<String> texts = texts();
        assertThat(appended).isPositive();
        assertThat(texts).hasSize((int) (2 * appended)).doesNotHaveDuplicates();
        for (int i = 0; i < texts.size(); i += 2) {
            assertThat(texts.get(i + 1)).isEqualTo(texts.get(i).replace('?', '!'));
        }
    }

    @Test
    void deletedConversationIsUnknownToEveryMember() {
        create();
        begin(first(), "r1");

        assertThat(await(second().delete("other", id))).isFalse();
        assertThat(await(second().delete(TENANT, id))).isTrue();

        assertThat(await(second().delete(TENANT, id))).isFalse();
        assertThat(await(first().find(TENANT, id))).isEmpty();
        assertThat(append(first(), "r1", "a")).isEqualTo(Outcome.GONE);
        assertThat(begin(first(), "r2")).isEqualTo(new Unknown());
    }

    @Test
    void anotherTenantLearnsNothingFromABusyConversation() {
        create();
        begin(first(), "r1");

        assertThat(await(second().begin("other", id, "r2"))).isEqualTo(new Unknown());
        assertThat(append(first(), "r1", "a")).isEqualTo(Outcome.APPENDED);
    }

    void create() {
        await(first().create(new Conversation(id, TENANT, 1_741_900_000, Map.of(), 0, List.of())));
    }

    Conversation found() {
        return await(second().find(TENANT, id)).orElseThrow();
    }

    String id() {
        return id;
    }

    private List<String> texts() {
        return found().items().stream().map(Item::text).toList();
    }

    Beginning begin(Conversations member, String request) {
        return await(member.begin(TENANT, id, request));
    }

    Outcome append(Conversations member, String request, String... texts) {
        return await(member.append(TENANT, id, request, items(request, texts)));
    }

    private static List<Item> items(String request, String... texts) {
        return Arrays.stream(texts).map(text -> item(request, "user", text)).toList();
    }

    private static Item item(String request, String role, String text) {
        return new Item(
                "msg_" + UUID.randomUUID(),
                request,
                role,
                text,
                Optional.of("Ann"),
                Optional.of(new Spoken("fingerprint", TokenIds.of(1, 300, 49151))));
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
