package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.store.PictureStore.Outcome;
import dev.troupe.store.PictureStore.Room;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What every engine owes to pictures. Other tests have written to the same database, so tenants and ids are new each time. */
abstract class PictureStoreContract extends DatabaseContract {
    private static final long NOW = 1_741_900_000L;
    private static final String INJECTION = "x'); drop table picture; --";

    private final String tenant = UUID.randomUUID().toString();

    @Test
    void whatIsKeptIsFoundAsItWas() {
        byte[] content = content(3 * JdbcBlobStore.PART_BYTES + 17);
        StoredPicture picture = new StoredPicture(
                id("a"),
                tenant,
                Optional.of("k"),
                NOW,
                "m",
                "f",
                Optional.of("img_parent"),
                Optional.of("conv_x"),
                "png",
                content.length,
                "{\"prompt\":\"日本語 🎭\"}");

        assertThat(keep(picture, content, Room.UNLIMITED)).isEqualTo(Outcome.KEPT);
        reopen();

        assertThat(pictures().find(tenant, picture.id())).contains(picture);
        assertThat(pictures().content(tenant, picture.id()).orElseThrow()).isEqualTo(content);
        assertThat(pictures().used(tenant)).isEqualTo(content.length);
        assertThat(pictures().usedOfKey(tenant, "k")).isEqualTo(content.length);
        assertThat(database().usage().total(tenant, 0, Long.MAX_VALUE).images()).isEqualTo(1);
    }

    @Test
    void keptTwiceIsKeptAndChargedOnce() {
        StoredPicture picture = picture("a", NOW, 10);
        keep(picture, content(10), Room.UNLIMITED);

        assertThat(keep(picture, content(10), Room.UNLIMITED)).isEqualTo(Outcome.REPEATED);

        assertThat(pictures().used(tenant)).isEqualTo(10);
        assertThat(database().usage().total(tenant, 0, Long.MAX_VALUE).requests())
                .isEqualTo(1);
    }

    @Test
    void ofManyWhoKeepTheSameOneDoes() throws Exception {
        StoredPicture picture = picture("a", NOW, 100);
        Callable<Outcome> writer = () -> keep(picture, content(100), Room.UNLIMITED);

        List<Outcome> outcomes = atOnce(Collections.nCopies(6, writer));

        assertThat(outcomes).containsOnlyOnce(Outcome.KEPT).contains(Outcome.REPEATED);
        assertThat(pictures().used(tenant)).isEqualTo(100);
        assertThat(pictures().content(tenant, picture.id()).orElseThrow()).hasSize(100);
    }

    @Test
    void limitHoldsHoweverManyKeepAtOnce() throws Exception {
        Room room = new Room(OptionalLong.of(250), OptionalLong.empty());
        List<Callable<Outcome>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            StoredPicture picture = picture("p" + i, NOW + i, 100);
            writers.add(() -> keep(picture, content(100), room));
        }

        List<Outcome> outcomes = atOnce(writers);

        assertThat(outcomes.stream().filter(Outcome.KEPT::equals)).hasSize(2);
        assertThat(outcomes.stream().filter(Outcome.NO_ROOM_FOR_TENANT::equals)).hasSize(6);
        assertThat(pictures().used(tenant)).isEqualTo(200);
        assertThat(pictures().page(tenant, Optional.empty(), 10)).hasSize(2);
        assertThat(database().usage().total(tenant, 0, Long.MAX_VALUE).images()).isEqualTo(2);
        for (int i = 0; i < 8; i++) {
            boolean kept = pictures().find(tenant, id("p" + i)).isPresent();
            assertThat(database().blobs().get(id("p" + i)).isPresent()).isEqualTo(kept);
        }
    }

    @Test
    void limitOfAKeyHoldsBesideItsTenants() {
        Room room = new Room(OptionalLong.of(1_000), OptionalLong.of(150));
        StoredPicture first = ofKey("a", "k");

        assertThat(keep(first, content(100), room)).isEqualTo(Outcome.KEPT);
        assertThat(keep(ofKey("b", "k"), content(100), room)).isEqualTo(Outcome.NO_ROOM_FOR_KEY);
        assertThat(keep(ofKey("c", "other"), content(100), room)).isEqualTo(Outcome.KEPT);

        assertThat(pictures().used(tenant)).isEqualTo(200);
        pictures().delete(tenant, first.id());
        assertThat(keep(ofKey("d", "k"), content(100), room)).isEqualTo(Outcome.KEPT);
        assertThat(pictures().usedOfKey(tenant, "k")).isEqualTo(100);
    }

    @Test
    void deletionGivesTheRoomBackAndWhoComesLateBringsNothingBack() {
        StoredPicture picture = picture("a", NOW, 10);
        keep(picture, content(10), Room.UNLIMITED);

        assertThat(pictures().delete(tenant, picture.id())).isTrue();
        assertThat(pictures().delete(tenant, picture.id())).isFalse();
        assertThat(keep(picture, content(10), Room.UNLIMITED)).isEqualTo(Outcome.REPEATED);

        assertThat(pictures().find(tenant, picture.id())).isEmpty();
        assertThat(database().blobs().get(picture.id())).isEmpty();
        assertThat(pictures().used(tenant)).isZero();
        assertThat(database().usage().total(tenant, 0, Long.MAX_VALUE).images()).isEqualTo(1);
    }

    @Test
    void nothingOfATenantIsReachedByAnother() {
        StoredPicture picture = picture("a", NOW, 10);
        keep(picture, content(10), Room.UNLIMITED);

        for (String other : List.of("other", "", tenant + "\0", "' or '1'='1", INJECTION)) {
            assertThat(pictures().find(other, picture.id())).isEmpty();
            assertThat(pictures().content(other, picture.id())).isEmpty();
            assertThat(pictures().page(other, Optional.empty(), 10)).isEmpty();
            assertThat(pictures().page(other, Optional.of(picture.id()), 10)).isEmpty();
            assertThat(pictures().conversation(other, "conv_x", 10)).isEmpty();
            assertThat(pictures().delete(other, picture.id())).isFalse();
            assertThat(pictures().used(other)).isZero();
        }
        assertThat(pictures().content(tenant, picture.id())).isPresent();
    }

    @Test
    void pagesGoFromTheNewestToTheOldestAndMissNone() {
        for (int i = 0; i < 7; i++) {
            keep(picture("p" + i, NOW + i / 3, 10), content(10), Room.UNLIMITED);
        }

        List<String> seen = new ArrayList<>();
        List<StoredPicture> page = pictures().page(tenant, Optional.empty(), 3);
        while (!page.isEmpty()) {
            page.forEach(picture -> seen.add(picture.id()));
            page = pictures().page(tenant, Optional.of(seen.get(seen.size() - 1)), 3);
        }

        assertThat(seen).containsExactly(id("p6"), id("p5"), id("p4"), id("p3"), id("p2"), id("p1"), id("p0"));
    }

    @Test
    void conversationIsTheNewestPicturesTheOldestFirst() {
        for (int i = 0; i < 4; i++) {
            keep(inConversation("p" + i, NOW + i), content(10), Room.UNLIMITED);
        }
        keep(picture("alone", NOW, 10), content(10), Room.UNLIMITED);

        assertThat(pictures().conversation(tenant, "conv_x", 3))
                .extracting(StoredPicture::id)
                .containsExactly(id("p1"), id("p2"), id("p3"));
    }

    @Test
    void whatIsTooOldGoesWithItsContent() {
        pictures().deleteBefore(Long.MAX_VALUE);
        keep(picture("old", 5, 10), content(10), Room.UNLIMITED);
        keep(picture("new", 6, 10), content(10), Room.UNLIMITED);

        assertThat(pictures().deleteBefore(6)).isEqualTo(1);

        assertThat(pictures().find(tenant, id("old"))).isEmpty();
        assertThat(database().blobs().get(id("old"))).isEmpty();
        assertThat(pictures().content(tenant, id("new"))).isPresent();
        assertThat(pictures().used(tenant)).isEqualTo(10);
    }

    @Test
    void contentWithoutAPictureIsSweptUp() {
        database().blobs().put(id("orphan"), content(10), 5);
        keep(picture("kept", 5, 10), content(10), Room.UNLIMITED);

        database().sweepBlobs(5);
        assertThat(database().blobs().get(id("orphan"))).as("not old enough").isPresent();
        assertThat(database().sweepBlobs(6)).isPositive();

        assertThat(database().blobs().get(id("orphan"))).isEmpty();
        assertThat(database().blobs().get(id("kept"))).isPresent();
    }

    @Test
    void partsThatDoNotBelongTogetherAreRefused() {
        StoredPicture picture = picture("a", NOW, 10);
        assertThatThrownBy(() -> pictures().keep(picture, content(11), Room.UNLIMITED, row(picture)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pictures().keep(picture, content(10), Room.UNLIMITED, row(picture("b", NOW, 10))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secretIsTheSameForAllAndDiffersByName() throws Exception {
        String name = "s-" + UUID.randomUUID().toString().substring(0, 20);
        List<byte[]> secrets =
                atOnce(Collections.nCopies(5, () -> database().secrets().secret(name)));

        reopen();

        byte[] again = database().secrets().secret(name);
        assertThat(again).hasSize(32);
        assertThat(secrets).allSatisfy(secret -> assertThat(secret).isEqualTo(again));
        assertThat(database().secrets().secret(name + "2")).isNotEqualTo(again);
    }

    private PictureStore pictures() {
        return database().pictures();
    }

    private Outcome keep(StoredPicture picture, byte[] content, Room room) {
        return pictures().keep(picture, content, room, row(picture));
    }

    private static UsageRow row(StoredPicture picture) {
        return new UsageRow(
                picture.id(),
                picture.tenant(),
                picture.keyId(),
                "m",
                "/v1/images/generations",
                picture.createdAt(),
                picture.createdAt() + 1,
                0,
                0,
                0,
                1,
                "success");
    }

    private String id(String name) {
        return "img_" + name + "-" + tenant;
    }

    private StoredPicture picture(String name, long at, int bytes) {
        return picture(name, Optional.empty(), Optional.empty(), at, bytes);
    }

    private StoredPicture ofKey(String name, String key) {
        return picture(name, Optional.of(key), Optional.empty(), NOW, 100);
    }

    private StoredPicture inConversation(String name, long at) {
        return picture(name, Optional.empty(), Optional.of("conv_x"), at, 10);
    }

    private StoredPicture picture(
            String name, Optional<String> key, Optional<String> conversation, long at, int bytes) {
        return new StoredPicture(
                id(name), tenant, key, at, "m", "f", Optional.empty(), conversation, "png", bytes, "{}");
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }
}
