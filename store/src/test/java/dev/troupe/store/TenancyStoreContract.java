package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.cluster.tenant.Tenant.Logging;
import dev.troupe.store.TenancyStore.Tenancy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What every engine owes to tenants and keys. Other tests have written to the same database, so names are new each time. */
abstract class TenancyStoreContract extends DatabaseContract {
    private static final long CREATED = 1_741_900_000L;

    /** What an unlucky or a wicked administrator might type. */
    private static final String INJECTION = "x'); drop table api_key; --";

    private final String name = "t-" + UUID.randomUUID();
    private final String keyId = "k-" + UUID.randomUUID();

    @Test
    void whatIsCreatedIsFoundAsItWasAlsoAfterReopening() {
        Tenant tenant = fullTenant(name);
        ApiKey key = fullKey(keyId, name);
        assertThat(store().create(tenant, audit("tenant.create"))).isTrue();
        assertThat(store().create(key, audit("key.create"))).isTrue();

        reopen();

        assertThat(store().load().tenants()).contains(tenant);
        assertThat(store().load().keys()).contains(key);
    }

    @Test
    void whatHasNothingOptionalIsFoundAsItWas() {
        Tenant tenant = Tenant.named(name, CREATED);
        store().create(tenant, audit("tenant.create"));
        store().create(key(keyId, name), audit("key.create"));

        assertThat(store().load().tenants()).contains(tenant);
        assertThat(store().load().keys()).contains(key(keyId, name));
    }

    @Test
    void takenNameAndTakenIdChangeNothing() {
        create();
        long version = store().version();

        assertThat(store().create(fullTenant(name), audit("again"))).isFalse();
        assertThat(store().create(fullKey(keyId, name), audit("again"))).isFalse();

        assertThat(store().version()).isEqualTo(version);
        assertThat(store().load().tenants()).contains(Tenant.named(name, CREATED));
        assertThat(store().load().keys()).contains(key(keyId, name));
        assertThat(latestActions(1)).containsExactly("key.create");
    }

    @Test
    void updateChangesAllButTheTimeOfCreation() {
        create();
        Tenant changed = fullTenant(name);

        assertThat(store().update(changed, audit("tenant.update"))).isTrue();
        assertThat(store().load().tenants()).contains(changed);

        Tenant changedBack = Tenant.named(name, CREATED + 99);
        assertThat(store().update(changedBack, audit("tenant.update"))).isTrue();
        assertThat(store().load().tenants()).contains(Tenant.named(name, CREATED));
    }

    @Test
    void unknownOnesAreNeitherChangedNorNoted() {
        create();
        long version = store().version();

        assertThat(store().update(Tenant.named("other-" + name, 0), audit("no")))
                .isFalse();
        assertThat(store().delete("other-" + name, 1, audit("no"))).isFalse();
        assertThat(store().create(key("other-" + keyId, "other-" + name), audit("no")))
                .isFalse();
        assertThat(store().revoke("other-" + keyId, 1, audit("no"))).isEmpty();
        for (String hostile : List.of(INJECTION, keyId + "\0", "\0", "\uD83C", "", "x".repeat(100_000))) {
            assertThat(store().delete(hostile, 1, audit("no"))).isFalse();
            assertThat(store().revoke(hostile, 1, audit("no"))).isEmpty();
        }

        assertThat(store().version()).isEqualTo(version);
        assertThat(latestActions(1)).containsExactly("key.create");
        assertThat(store().load().keys()).contains(key(keyId, name));
    }

    @Test
    void deletedTenantIsGoneWithItsKeysAndItsNameIsNotFreeAgain() {
        create();
        store().create(revoked(key("early-" + keyId, name), 50), audit("key.create"));

        assertThat(store().delete(name, 100, audit("tenant.delete"))).isTrue();

        Tenancy left = store().load();
        assertThat(left.tenants()).extracting(Tenant::name).doesNotContain(name);
        assertThat(left.keys()).extracting(ApiKey::tenant).doesNotContain(name);
        assertThat(store().revoke(keyId, 200, audit("key.revoke")).orElseThrow().revokedAt())
                .hasValue(100);
        assertThat(store().revoke("early-" + keyId, 200, audit("key.revoke"))
                        .orElseThrow()
                        .revokedAt())
                .hasValue(50);
        assertThat(store().delete(name, 100, audit("tenant.delete"))).isFalse();
        assertThat(store().update(Tenant.named(name, CREATED), audit("tenant.update")))
                .isFalse();
        assertThat(store().create(key("late-" + keyId, name), audit("key.create")))
                .isFalse();
        assertThat(store().create(Tenant.named(name, CREATED), audit("tenant.create")))
                .isFalse();
    }

    @Test
    void ofTwoRevocationsTheEarlierHolds() {
        create();

        assertThat(store().revoke(keyId, 100, audit("key.revoke"))).contains(revoked(key(keyId, name), 100));
        assertThat(store().revoke(keyId, 200, audit("key.revoke"))).contains(revoked(key(keyId, name), 100));
        assertThat(store().revoke(keyId, 50, audit("key.revoke"))).contains(revoked(key(keyId, name), 50));
        assertThat(store().load().keys()).contains(revoked(key(keyId, name), 50));
    }

    @Test
    void ofManyRevocationsAtOnceTheEarliestHolds() throws Exception {
        create();
        List<Callable<OptionalLong>> revocations = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            long at = 100L + i * 7 % 12;
            revocations.add(() ->
                    store().revoke(keyId, at, audit("key.revoke")).orElseThrow().revokedAt());
        }

        assertThat(atOnce(revocations)).contains(OptionalLong.of(100));
        assertThat(store().load().keys()).contains(revoked(key(keyId, name), 100));
    }

    @Test
    void ofManyCreationsOfOneNameAtOnceOneIsTaken() throws Exception {
        List<Callable<Boolean>> creations = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int weight = i + 1;
            creations.add(() -> store().create(weighing(name, weight), audit("tenant.create")));
        }

        assertThat(atOnce(creations)).containsOnlyOnce(true);
        assertThat(store().load().tenants()).extracting(Tenant::name).containsOnlyOnce(name);
    }

    @Test
    void keyOfATenantThatIsBeingDeletedIsRefusedOrGone() throws Exception {
        create();
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String id = i + keyId;
            calls.add(
                    i == 6
                            ? () -> store().delete(name, 100, audit("tenant.delete"))
                            : () -> store().create(key(id, name), audit("key.create")));
        }
        List<Boolean> done = atOnce(calls);

        assertThat(done.get(6)).isTrue();
        assertThat(store().load().keys()).extracting(ApiKey::tenant).doesNotContain(name);
        for (int i = 0; i < 12; i++) {
            if (i != 6 && done.get(i)) {
                assertThat(store().revoke(i + keyId, 200, audit("key.revoke"))
                                .orElseThrow()
                                .revokedAt())
                        .hasValue(100);
            }
        }
    }

    @Test
    void versionGrowsWithEveryChangeAndIsOfTheMomentOfWhatIsLoaded() throws Exception {
        create();
        Tenancy before = store().load();
        long changes = 40;
        Callable<Boolean> writer = () -> {
            for (int i = 0; i < changes; i++) {
                store().create(Tenant.named("n" + i + name, CREATED), audit("tenant.create"));
                store().create(key("n" + i + keyId, "n" + i + name), audit("key.create"));
            }
            return true;
        };
        Callable<Boolean> reader = () -> {
            long last = 0;
            while (last < before.version() + 2 * changes) {
                Tenancy seen = store().load();
                assertThat(seen.version()).isGreaterThanOrEqualTo(last);
                assertThat(size(seen) - size(before)).isEqualTo(seen.version() - before.version());
                last = seen.version();
                assertThat(store().version()).isGreaterThanOrEqualTo(last);
            }
            return true;
        };

        assertThat(atOnce(List.of(writer, reader, reader))).containsOnly(true);
    }

    @Test
    void everyChangeIsNotedOnceAndInOrder() {
        create();
        store().update(weighing(name, 3), audit("tenant.update"));
        store().revoke(keyId, 1, audit("key.revoke"));
        store().delete(name, 2, audit("tenant.delete"));

        assertThat(latestActions(5))
                .containsExactly("tenant.delete", "key.revoke", "tenant.update", "key.create", "tenant.create");
    }

    @Test
    void changeWhoseNoteFailsIsNoChange() {
        create();
        long version = store().version();
        // The engine refuses an id that is too long, after the version has been locked and before the note.
        assertThatThrownBy(() -> store().create(key("x".repeat(1_000), name), audit("key.create")))
                .isInstanceOf(StoreException.class);

        assertThat(store().version()).isEqualTo(version);
        assertThat(store().create(key("next-" + keyId, name), audit("key.create")))
                .isTrue();
        assertThat(store().version()).isEqualTo(version + 1);
    }

    @Test
    void hostileTextsInNotesAndModelsAreOnlyTexts() {
        AuditEntry entry = new AuditEntry(
                CREATED, INJECTION + "\0", "a".repeat(10_000), "🎭\uD83C", "{\"x\":\"日本\0語\"}" + "y".repeat(1_500_000));
        Tenant tenant = new Tenant(
                name,
                1,
                Priority.STANDARD,
                Limits.NONE,
                Set.of(INJECTION, "a,b\nc", "日本語 🎭"),
                Logging.METADATA,
                CREATED);

        store().create(tenant, entry);

        assertThat(store().load().tenants()).contains(tenant);
        assertThat(database().audit().latest(1)).containsExactly(entry);
        assertThat(entry.actor()).isEqualTo(INJECTION + "\uFFFD");
        assertThat(entry.subject()).isEqualTo("🎭\uFFFD");
        assertThat(entry.action()).hasSize(64);
    }

    private TenancyStore store() {
        return database().tenancy();
    }

    private void create() {
        assertThat(store().create(Tenant.named(name, CREATED), audit("tenant.create")))
                .isTrue();
        assertThat(store().create(key(keyId, name), audit("key.create"))).isTrue();
    }

    private List<String> latestActions(int most) {
        return database().audit().latest(most).stream().map(AuditEntry::action).toList();
    }

    private static int size(Tenancy tenancy) {
        return tenancy.tenants().size() + tenancy.keys().size();
    }

    private static AuditEntry audit(String action) {
        return new AuditEntry(CREATED, "admin", action, "somebody", "{}");
    }

    private static Tenant weighing(String name, int weight) {
        return new Tenant(name, weight, Priority.STANDARD, Limits.NONE, Set.of(), Logging.METADATA, CREATED);
    }

    private static Tenant fullTenant(String name) {
        return new Tenant(
                name, 7, Priority.INTERACTIVE, everyLimit(100), Set.of("model-a", "model-b"), Logging.FULL, CREATED);
    }

    /** Each limit another, so that none can stand in the other's column. */
    private static Limits everyLimit(long first) {
        Limits limits = Limits.NONE;
        for (Kind kind : Kind.values()) {
            limits = limits.with(kind, first + limits.most().size());
        }
        return limits;
    }

    private static ApiKey key(String id, String tenant) {
        return new ApiKey(
                id,
                tenant,
                "ab".repeat(32),
                Set.of(Scope.INFERENCE),
                Limits.NONE,
                CREATED,
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    private static ApiKey fullKey(String id, String tenant) {
        return new ApiKey(
                id,
                tenant,
                "cd".repeat(32),
                Set.of(Scope.values()),
                everyLimit(1L << 40),
                CREATED,
                OptionalLong.of(CREATED + 5),
                OptionalLong.of(CREATED + 3));
    }

    private static ApiKey revoked(ApiKey key, long at) {
        return new ApiKey(
                key.id(),
                key.tenant(),
                key.hash(),
                key.scopes(),
                key.limits(),
                key.createdAt(),
                key.expiresAt(),
                OptionalLong.of(at));
    }
}
