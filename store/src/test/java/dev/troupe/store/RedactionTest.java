package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In every text the secret has "QQQQ" in it, and nothing else has. */
class RedactionTest {
    private static final String OURS = "sk-troupe-k1b2c3-QQQQabcdefghijklmnopqrstuvwxyzABCDEFG";

    @ParameterizedTest
    @ValueSource(
            strings = {
                OURS,
                "my key is " + OURS + ", keep it",
                "{\"content\":\"first\\n" + OURS + "\"}",
                "{\"content\":\"first\\u0020" + OURS + "\"}",
                "\"" + OURS + "\"",
                "x=" + OURS,
                "sk-proj-QQQQ_abcdefghij-klmnop",
                "sk-QQQQabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr",
                "AKIAQQQQ234567ABCDEF",
                "{\"content\":\"\\nASIAQQQQ234567ABCDEF\"}",
                "aws_secret_access_key = abc/QQQQ+def",
                "Authorization: Bearer QQQQ.abc-def~ghi+/==",
                "authorization: bearer\tQQQQabcdef",
                "{\"content\":\"Bearer\\nQQQQabcdef\"}",
                "-----BEGIN PRIVATE KEY-----\nQQQQ\nabc\n-----END PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\\nQQQQ\\nabc\\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PGP PRIVATE KEY BLOCK-----\nQQQQ\n-----END PGP PRIVATE KEY BLOCK-----",
                "cut off: -----BEGIN OPENSSH PRIVATE KEY-----\nQQQQ\nabc",
                "password=QQQQ",
                "PASSWORD: QQQQ",
                "db_password_2=QQQQ",
                "MyPassword = 'QQQQ with QQQQ spaces'",
                "{\"password\":\"QQQQ with \\\"QQQQ\\\" quotes\"}",
                "{\"password\" : \"back\\\\QQQQ\"}",
                "{\"password\": 12QQQQ}",
                "{\"content\":\"{\\\"password\\\":\\\"two words QQQQ\\\"}\"}",
                "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"secret\\\\\\\":\\\\\\\"QQQQ\\\\\\\"}\\\"}\"}",
                "password=[QQQQ",
                "password=ab}QQQQ",
                "password=ab\\\\QQQQ",
                "postgres://host/db?user=me&password=QQQQ&ssl=true",
                "api_key=QQQQ apiKey: QQQQ api-key=\"QQQQ\"",
                "client_secret=QQQQ;access_token=QQQQ",
            })
    void secretIsBlackedOut(String text) {
        assertThat(Redaction.of(text)).contains(Redaction.MARK).doesNotContain("QQQQ");
        assertThat(Redaction.of(Redaction.of(text))).isEqualTo(Redaction.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Tell me about the sea.",
                "{\"model\":\"smollm2-135m-instruct\",\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"日本 🎭\"}]}",
                "task-oriented-dialogue-management and risk-adjusted-returns",
                "the bearer of bad news",
                "sk-short",
                "I forgot my password. What now?",
                "token: 17, max_tokens: 16, total_tokens=3",
                "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
                "AKIA is a prefix",
            })
    void whatIsNoSecretStays(String text) {
        assertThat(Redaction.of(text)).isEqualTo(text);
    }

    @Test
    void longSecretIsBlackedOutWhole() {
        assertThat(Redaction.of("{\"password\":\"" + "long ".repeat(100_000) + "\"}"))
                .isEqualTo("{\"password\":\"[redacted]\"}");
        assertThat(Redaction.of("Bearer " + "long".repeat(100_000))).isEqualTo("Bearer [redacted]");
    }

    @Test
    void whatStandsAroundASecretStays() {
        assertThat(Redaction.of("use " + OURS + ", please")).isEqualTo("use [redacted], please");
        assertThat(Redaction.of("{\"password\":\"a \\\" b\",\"user\":\"me\"}"))
                .isEqualTo("{\"password\":\"[redacted]\",\"user\":\"me\"}");
        assertThat(Redaction.of("{\"c\":\"{\\\"password\\\":\\\"a b\\\",\\\"user\\\":\\\"me\\\"}\"}"))
                .isEqualTo("{\"c\":\"{\\\"password\\\":\\\"[redacted]\\\",\\\"user\\\":\\\"me\\\"}\"}");
        assertThat(Redaction.of("url?password=a&user=me")).isEqualTo("url?password=[redacted]&user=me");
        assertThat(Redaction.of("Authorization: Bearer abcdefgh\nHost: x"))
                .isEqualTo("Authorization: Bearer [redacted]\nHost: x");
        assertThat(Redaction.of("-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY----- and then"))
                .isEqualTo("[redacted] and then");
    }

    /** Text made to be slow, or to need a deep stack: each would take hours if anything were tried again and again. */
    @Test
    void wickedTextIsReadInOnePass() {
        int length = 1 << 18;
        List<String> parts = List.of(
                "password",
                "password ",
                "password\"",
                "password=",
                "password=\"\\\"",
                "password=\\\"",
                "secret_",
                "bearer ",
                "bearer\\n",
                "sk-",
                "AKIA",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----",
                "-----END ",
                "-",
                "\\",
                "\\\\\"",
                "A ",
                " ");
        for (String part : parts) {
            assertThatCode(() -> Redaction.of(part.repeat(length / part.length())))
                    .as(part)
                    .doesNotThrowAnyException();
            assertThatCode(() -> Redaction.of("password=\"" + part.repeat(length / part.length())))
                    .as(part)
                    .doesNotThrowAnyException();
        }
    }
}
