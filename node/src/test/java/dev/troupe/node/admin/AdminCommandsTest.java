package dev.troupe.node.admin;

import static dev.troupe.node.admin.FakeAdminServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.node.TestCommandLine;
import dev.troupe.node.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdminCommandsTest {
    private static final String TENANT =
            """
            {"object":"tenant","name":"acme","weight":3,"priority":"batch","limits":{"requests_per_minute":60,
            "storage_bytes":1073741824},"models":["tiny"],"logging":"off","created_at":1700000000}""";
    private static final String KEY =
            """
            {"object":"key","id":"abcdefghijkl","tenant":"acme","key":"sk-troupe-abcdefghijkl-SECRET","scopes":["inference"],
            "limits":{},"created_at":1700000000,"expires_at":null}""";

    @TempDir
    private Path data;

    private final KeySecret admin = KeySecret.make(new SecureRandom());
    private final TestCommandLine troupe = new TestCommandLine();
    private FakeAdminServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new FakeAdminServer();
        Files.writeString(data.resolve("admin.key"), admin.text() + "\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tenantIsMadeOfWhatIsNamedAndShown() throws Exception {
        server.answer("POST /admin/v1/tenants", 201, TENANT);

        assertThat(run(
                        "tenants",
                        "create",
                        "acme",
                        "--weight",
                        "3",
                        "--priority",
                        "batch",
                        "--rpm",
                        "60",
                        "--storage",
                        "1g",
                        "--models",
                        "tiny",
                        "--logging",
                        "off"))
                .isZero();

        FakeAdminServer.Asked asked = server.asked.take();
        assertThat(asked.authorization()).contains("Bearer " + admin.text());
        assertThat(asked.body())
                .isEqualTo(
                        json(
                                """
                {"name":"acme","weight":3,"priority":"batch","limits":{"requests_per_minute":60,"storage_bytes":1073741824},
                "models":["tiny"],"logging":"off"}"""));
        assertThat(troupe.out().lines())
                .containsExactly(
                        "NAME  WEIGHT  PRIORITY  LIMITS                 MODELS  LOGGING  CREATED (UTC)",
                        "acme  3       batch     60 rpm, 1.0 GB stored  tiny    off      2023-11-14 22:13");
    }

    @Test
    void tenantOfNothingButItsNameIsMadeAsTheServerLikes() throws Exception {
        server.answer("POST /admin/v1/tenants", 201, TENANT);

        assertThat(run("tenants", "create", "acme")).isZero();

        assertThat(server.asked.take().body()).isEqualTo(json("{\"name\":\"acme\"}"));
    }

    @Test
    void updateSendsWhatChangesAndNullWhereALimitEnds() throws Exception {
        server.answer("PATCH /admin/v1/tenants/acme", 200, TENANT);

        assertThat(run("tenants", "update", "acme", "--tpm", "none", "--concurrent", "0", "--models", "all"))
                .isZero();

        assertThat(server.asked.take().body())
                .isEqualTo(json("{\"limits\":{\"tokens_per_minute\":null,\"concurrent_requests\":0},\"models\":[]}"));
        assertThat(run("tenants", "update", "acme")).isEqualTo(1);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void tenantsAreListedAlignedAndAsJson() throws Exception {
        String list = "{\"object\":\"list\",\"data\":[" + TENANT
                + ",{\"name\":\"a-much-longer-name\",\"weight\":1,\"priority\":\"standard\",\"limits\":{},\"models\":[],"
                + "\"logging\":\"metadata\",\"created_at\":1700000000}]}";
        server.answer("GET /admin/v1/tenants", 200, list);

        assertThat(run("tenants", "list")).isZero();
        List<String> lines = troupe.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2)).startsWith("a-much-longer-name  1 ").contains("  -  ", "  all  ");
        assertThat(lines.stream()
                        .map(line -> line.indexOf("20") + line.indexOf("CREATED"))
                        .distinct())
                .hasSize(1);

        assertThat(run("tenants", "list", "--json")).isZero();
        assertThat(json(troupe.out())).isEqualTo(json(list));
    }

    @Test
    void tenantIsShownAndDeleted() {
        server.answer("GET /admin/v1/tenants/acme", 200, TENANT);
        server.answer("DELETE /admin/v1/tenants/acme", 204, "");

        assertThat(run("tenants", "show", "acme", "--json")).isZero();
        assertThat(json(troupe.out())).isEqualTo(json(TENANT));
        assertThat(run("tenants", "delete", "acme")).isZero();
        assertThat(troupe.out()).contains("acme");
    }

    @Test
    void keyIsPrintedAloneAndTheWordBesideItSaysThatItIsNotShownAgain() throws Exception {
        server.answer("POST /admin/v1/keys", 201, KEY);

        assertThat(run(
                        "keys",
                        "create",
                        "--tenant",
                        "acme",
                        "--scopes",
                        "inference,usage",
                        "--expires",
                        "2999-01-01",
                        "--rpm",
                        "5"))
                .isZero();

        assertThat(server.asked.take().body())
                .isEqualTo(
                        json(
                                """
                {"tenant":"acme","scopes":["inference","usage"],"limits":{"requests_per_minute":5},"expires_at":32472144000}"""));
        assertThat(troupe.out().lines()).containsExactly("sk-troupe-abcdefghijkl-SECRET");
        assertThat(troupe.err().lines()).singleElement().asString().contains("abcdefghijkl", "acme", "not shown again");
        assertThat(troupe.err()).doesNotContain("SECRET");
    }

    @Test
    void keyWithoutScopesOpensWhatATenantNeeds() throws Exception {
        server.answer("POST /admin/v1/keys", 201, KEY);

        assertThat(run("keys", "create", "--tenant", "acme", "--json")).isZero();

        assertThat(server.asked.take().body())
                .isEqualTo(json("{\"tenant\":\"acme\",\"scopes\":[\"inference\",\"usage\",\"files\",\"training\"]}"));
        assertThat(json(troupe.out())).isEqualTo(json(KEY));
    }

    @Test
    void keysAreListedWithoutWhatIsSecret() throws Exception {
        server.answer(
                "GET /admin/v1/keys?tenant=acme",
                200,
                """
                {"object":"list","data":[{"id":"abcdefghijkl","tenant":"acme","scopes":["inference","usage"],"limits":
                {"tokens_per_day":9},"created_at":1700000000,"expires_at":null,"revoked_at":1700000060}]}""");

        assertThat(run("keys", "list", "--tenant", "acme")).isZero();

        assertThat(troupe.out().lines().toList().get(1))
                .isEqualTo(
                        "abcdefghijkl  acme    inference,usage  9 tokens/day  2023-11-14 22:13  -        2023-11-14 22:14");
    }

    @Test
    void keyIsRevokedAndRotated() throws Exception {
        server.answer("POST /admin/v1/keys/abcdefghijkl/revoke", 200, KEY);
        server.answer("POST /admin/v1/keys/abcdefghijkl/rotate", 201, KEY);

        assertThat(run("keys", "revoke", "abcdefghijkl")).isZero();
        assertThat(server.asked.take().line()).endsWith("/revoke");
        assertThat(run("keys", "rotate", "abcdefghijkl")).isZero();
        assertThat(server.asked.take().body()).isEqualTo(json("{\"grace_seconds\":3600}"));
        assertThat(run("keys", "rotate", "abcdefghijkl", "--grace", "2d")).isZero();
        assertThat(server.asked.take().body()).isEqualTo(json("{\"grace_seconds\":172800}"));
    }

    @Test
    void namesCannotLeaveTheirPlaceInThePath() throws Exception {
        for (String name : List.of("a/b", "../keys", "a?b=c", "a b", "ä", "%2e", "a#b")) {
            run("tenants", "show", name);

            assertThat(server.asked.take().line()).as(name).matches("GET /admin/v1/tenants/[^/?#]+");
        }
    }

    @Test
    void whatTheServerRefusesIsItsOneLine() {
        server.answer(
                "GET /admin/v1/tenants/nobody", 404, "{\"error\":{\"message\":\"There is no tenant `nobody`.\"}}");

        assertThat(run("tenants", "show", "nobody")).isEqualTo(1);

        assertThat(troupe.err().lines()).containsExactly("troupe: There is no tenant `nobody`.");
    }

    @Test
    void keyThatIsNotKnownIsToldByItsIdOnly() {
        server.answer("GET /admin/v1/tenants", 401, "{\"error\":{\"message\":\"Incorrect API key provided.\"}}");

        assertThat(run("tenants", "list")).isEqualTo(1);

        assertThat(troupe.err().lines()).singleElement().asString().contains(server.url(), admin.id());
        assertThat(troupe.err()).doesNotContain(admin.text());
    }

    @Test
    void otherServersAndNoServerAreToldApart() throws Exception {
        server.answer("GET /admin/v1/tenants", 200, "<html>");
        assertThat(run("tenants", "list")).isEqualTo(1);
        assertThat(troupe.err()).contains("as no router of Troupe does");

        server.answer("GET /admin/v1/tenants", 502, "");
        assertThat(run("tenants", "list")).isEqualTo(1);
        assertThat(troupe.err().lines()).singleElement().asString().contains("502");

        FakeAdminServer gone = new FakeAdminServer();
        String nobody = gone.url();
        gone.close();
        assertThat(troupe.run("keys", "list", "--data", data.toString(), "--url", nobody))
                .isEqualTo(1);
        assertThat(troupe.err().lines()).singleElement().asString().contains("nobody listens at");

        assertThat(troupe.run("keys", "list", "--data", data.toString(), "--url", "nowhere"))
                .isEqualTo(1);
        assertThat(troupe.err().lines()).singleElement().asString().contains("--url");
    }

    @Test
    void missingOrBrokenAdminKeyIsOneLineThatSaysWhereItWasLookedFor() throws Exception {
        Files.writeString(data.resolve("admin.key"), "hunter2");
        assertThat(run("tenants", "list")).isEqualTo(1);
        assertThat(troupe.err()).contains("admin.key").doesNotContain("hunter2");

        Files.delete(data.resolve("admin.key"));
        assertThat(run("tenants", "list")).isEqualTo(1);
        assertThat(troupe.err().lines())
                .singleElement()
                .asString()
                .contains("admin.key", "--admin-key-file", AdminOptions.KEY);

        assertThat(run("tenants", "list", "--admin-key-file", "/nowhere")).isEqualTo(1);
        assertThat(troupe.err()).contains("/nowhere");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void keyOfTheEnvironmentCountsUnlessAFileIsNamed() throws Exception {
        KeySecret other = KeySecret.make(new SecureRandom());
        AdminOptions named =
                options("--admin-key-file", data.resolve("admin.key").toString());
        AdminOptions unnamed = options();

        assertThat(unnamed.key(Map.of(AdminOptions.KEY, other.text())).id()).isEqualTo(other.id());
        assertThat(named.key(Map.of(AdminOptions.KEY, other.text())).id()).isEqualTo(admin.id());
        assertThatThrownBy(() -> unnamed.key(Map.of(AdminOptions.KEY, "hunter2\r\nX: y")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(AdminOptions.KEY)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void wrongOptionsAreNotUnderstood() {
        for (List<String> wrong : List.of(
                List.of("tenants"),
                List.of("keys"),
                List.of("tenants", "create"),
                List.of("tenants", "create", "a", "--rpm", "-1"),
                List.of("tenants", "create", "a", "--rpm", "many"),
                List.of("tenants", "create", "a", "--priority", "urgent"),
                List.of("tenants", "create", "a", "--storage", "5"),
                List.of("keys", "create"),
                List.of("keys", "create", "--tenant", "a", "--scopes", "everything"),
                List.of("keys", "create", "--tenant", "a", "--expires", "yesterday"))) {
            assertThat(run(wrong.toArray(String[]::new))).as("%s", wrong).isEqualTo(2);
            assertThat(troupe.err()).as("%s", wrong).contains("--help");
        }
        assertThat(server.asked).isEmpty();
    }

    private static AdminOptions options(String... arguments) {
        AdminOptions options = new AdminOptions();
        new picocli.CommandLine(options).parseArgs(arguments);
        return options;
    }

    private int run(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        if (arguments.length > 1) {
            line.addAll(List.of("--url", server.url(), "--data", data.toString()));
        }
        return troupe.run(line.toArray(String[]::new));
    }
}
