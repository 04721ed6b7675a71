package dev.troupe.cluster.tenant;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeySecretTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void madeKeyHasTheFormThatParseReads() {
        for (int i = 0; i < 1000; i++) {
            KeySecret made = KeySecret.make(RANDOM);

            KeySecret read = KeySecret.parse(made.text()).orElseThrow();

            assertThat(read.text()).isEqualTo(made.text()).startsWith("sk-troupe-" + made.id() + "-");
            assertThat(read.id()).isEqualTo(made.id()).matches("[a-z2-7]{12}");
            assertThat(read.hash()).isEqualTo(made.hash());
        }
    }

    @Test
    void noTwoMadeKeysShareAnything() {
        List<KeySecret> made =
                IntStream.range(0, 1000).mapToObj(i -> KeySecret.make(RANDOM)).toList();

        assertThat(made.stream().map(KeySecret::id).collect(Collectors.toSet())).hasSize(1000);
        assertThat(made.stream().map(key -> secret(key.text())).collect(Collectors.toSet()))
                .hasSize(1000);
    }

    @Test
    void whatIsNoKeyIsNotRead() {
        String good = KeySecret.make(RANDOM).text();
        for (String wrong : List.of(
                "",
                "sk-troupe-",
                good + "A",
                good.substring(0, good.length() - 1),
                " " + good,
                good + "\n",
                good.toUpperCase(Locale.ROOT),
                good.replace("sk-troupe-", "sk-proj-"),
                good.substring(0, good.length() - 1) + "=",
                good.substring(0, good.length() - 1) + "ä",
                "sk-troupe-aaaaaaaaaaa1-" + secret(good))) {
            assertThat(KeySecret.parse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void hashIsSha256OfTheWholeText() throws Exception {
        KeySecret made = KeySecret.make(RANDOM);

        byte[] digest = MessageDigest.getInstance("SHA-256").digest(made.text().getBytes(US_ASCII));

        assertThat(made.hash()).isEqualTo(HexFormat.of().formatHex(digest));
    }

    @Test
    void onlyItsOwnKeyMatches() {
        KeySecret made = KeySecret.make(RANDOM);
        ApiKey kept = key(made.id(), made.hash());

        assertThat(made.matches(kept)).isTrue();
        assertThat(KeySecret.make(RANDOM).matches(kept)).isFalse();
        assertThat(made.matches(key(made.id(), ""))).isFalse();
        // 43 characters hold two bits more than 32 bytes: another spelling of the same bytes is another key.
        for (char last : "ABCD".toCharArray()) {
            String respelt = made.text().substring(0, made.text().length() - 1) + last;
            assertThat(KeySecret.parse(respelt).orElseThrow().matches(kept))
                    .as(respelt)
                    .isEqualTo(respelt.equals(made.text()));
        }
    }

    @Test
    void neitherTheKeyNorItsRecordShowsTheSecretAsText() {
        KeySecret made = KeySecret.make(RANDOM);

        assertThat(made.toString()).contains(made.id()).doesNotContain(secret(made.text()));
        assertThat(key(made.id(), made.hash()).toString()).doesNotContain(made.hash());
    }

    private static String secret(String text) {
        return text.substring("sk-troupe-".length() + 13);
    }

    private static ApiKey key(String id, String hash) {
        return new ApiKey(
                id,
                Tenant.LOCAL,
                hash,
                Set.of(Scope.ADMIN),
                Limits.NONE,
                0,
                OptionalLong.empty(),
                OptionalLong.empty());
    }
}
