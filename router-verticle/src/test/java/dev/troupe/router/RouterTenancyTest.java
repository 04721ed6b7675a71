package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.router.api.Json;
import dev.troupe.router.tenant.Stores;
import dev.troupe.store.AuditEntry;
import dev.troupe.store.Database;
import dev.troupe.store.DatabaseConfig;
import dev.troupe.store.LoggedRequest;
import dev.troupe.store.UsageWriter;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tenants, keys, limits and the ledger over HTTP, with a real database. */
@Timeout(60)
class RouterTenancyTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TENANTS = "/admin/v1/tenants";
    private static final String KEYS = "/admin/v1/keys";
    private static final KeySecret ADMIN = KeySecret.make(new SecureRandom());
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static Database database;
    private static UsageWriter writer;
    private static RouterFixture pool;

    @BeforeAll
    static void start() throws Exception {
        database = Database.open(DatabaseConfig.file(folder.resolve("troupe")));
        writer = new UsageWriter(database.usage(), 1_000);
        AuditEntry made = new AuditEntry(1, "local", "key.create", ADMIN.id(), "{}");
        database.tenancy().create(Tenant.named(Tenant.LOCAL, 1), made);
        database.tenancy()
                .create(
                        new ApiKey(
                                ADMIN.id(),
                                Tenant.LOCAL,
                                ADMIN.hash(),
                                Set.of(Scope.ADMIN),
                                Limits.NONE,
                                1,
                                OptionalLong.empty(),
                                OptionalLong.empty()),
                        made);
        pool = new RouterFixture(
                16560,
                new Access(AuthRule.UNTIL_FIRST_KEY, Optional.empty(), TrustedProxies.parse(List.of("127.0.0.1/32"))),
                Optional.of(Stores.of(database, writer)));
    }

    @AfterAll
    static void stop() {
        pool.close();
        writer.close();
        database.close();
    }

    @BeforeEach
    void answerHello() {
        pool.ready();
        pool.replica.cancelsAreForgotten();
        pool.replica.onGenerate(request -> {
            pool.replica.say(request, "Hello");
            return new Admitted(request.attempt());
        });
    }

    @Test
    void aKeyIsShownOnceOpensAndEndsWhenItIsRevoked() {
        String tenant = tenant("");
        JsonNode made = key(tenant, "");
        String secret = made.path("key").asText();

        assertThat(chat(secret, "").statusCode()).isEqualTo(200);
        assertThat(request("GET", KEYS + "?tenant=" + tenant, ADMIN.text(), "").body())
                .contains(made.path("id").asText())
                .doesNotContain(secret, KeySecret.parse(secret).orElseThrow().hash());

        JsonNode revoked =
                json(request("POST", KEYS + "/" + made.path("id").asText() + "/revoke", ADMIN.text(), ""), 200);
        assertThat(revoked.path("revoked_at").asLong()).isPositive();
        assertThat(chat(secret, "").statusCode()).isEqualTo(401);
    }

    @Test
    void whatAnotherRouterRevokesEndsHereSoon() {
        JsonNode made = key(tenant(""), "");
        assertThat(chat(made.path("key").asText(), "").statusCode()).isEqualTo(200);

        database.tenancy().revoke(made.path("id").asText(), 1, new AuditEntry(1, "x", "key.revoke", "y", "{}"));

        RouterFixture.until("refused", () -> chat(made.path("key").asText(), "").statusCode() == 401);
    }

    @Test
    void onceKeysAreMadeNobodyIsServedWithoutOne() {
        key(tenant(""), "");
        for (String path :
                List.of("/v1/models", "/v1/conversations/conv_x", "/v1/streams/x", "/v1/usage", "/v1/files")) {
            HttpResponse<String> refused = pool.get(path);
            assertThat(refused.statusCode()).as(path).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
            assertThat(json(refused.body()).at("/error/type").asText()).isEqualTo("invalid_request_error");
        }
        assertThat(pool.get("/admin/v1/nodes").statusCode()).isEqualTo(401);
        assertThat(request("GET", "/admin/v1/nodes", ADMIN.text(), "").statusCode())
                .isEqualTo(200);
        assertThat(pool.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aWrongKeyIsToldTheSameWhateverIsWrongWithIt() {
        String good = key(tenant(""), "").path("key").asText();
        String otherSecret = good.substring(0, good.length() - 3) + (good.endsWith("AAA") ? "BBB" : "AAA");
        String unknown = KeySecret.make(new SecureRandom()).text();

        assertThat(List.of(otherSecret, unknown, "sk-none", "", "\"quoted\"")).allSatisfy(wrong -> {
            HttpResponse<String> answer = from("10.0.0.1", wrong);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(from("10.0.0.1", unknown).body());
        });
    }

    @Test
    void whoGuessesIsHeldUpAndHisNeighboursAreNot() {
        String good = key(tenant(""), "").path("key").asText();
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            HttpResponse<String> answer =
                    from("10.0.0.2", KeySecret.make(new SecureRandom()).text());
            refused += answer.statusCode() == 429 ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(10);
        assertThat(from("10.0.0.2", good).statusCode())
                .as("a good key from there")
                .isEqualTo(200);
        assertThat(from("10.0.0.3", KeySecret.make(new SecureRandom()).text()).statusCode())
                .as("a wrong one from elsewhere")
                .isEqualTo(401);
    }

    @Test
    void aKeyOpensWhatItsScopesSay() {
        String tenant = tenant("");
        String usage = key(tenant, ",\"scopes\":[\"usage\"]").path("key").asText();

        assertThat(request("GET", "/v1/usage", usage, "").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = chat(usage, "");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Missing scopes: inference");
        for (String path : List.of(TENANTS, KEYS, "/admin/v1/audit", "/admin/v1/nodes")) {
            assertThat(request("GET", path, usage, "").statusCode()).as(path).isEqualTo(403);
        }
        assertThat(chat(ADMIN.text(), "").statusCode()).as("the operator's key").isEqualTo(403);
    }

    @Test
    void anExpiredKeyOpensNothing() {
        String tenant = tenant("");
        long soon = System.currentTimeMillis() / 1000 + 1;
        JsonNode made = json(
                request(
                        "POST",
                        KEYS,
                        ADMIN.text(),
                        "{\"tenant\":\"" + tenant + "\",\"expires_at\":" + (soon + 1) + "}"),
                201);

        RouterFixture.until(
                "expired", () -> chat(made.path("key").asText(), "").body().contains("has expired"));
    }

    @Test
    void aRotatedKeyIsReplacedAndEndsAfterItsGrace() {
        String tenant = tenant("");
        JsonNode old = key(tenant, ",\"scopes\":[\"inference\"]");
        String rotate = KEYS + "/" + old.path("id").asText() + "/rotate";

        JsonNode fresh = json(request("POST", rotate, ADMIN.text(), "{\"grace_seconds\":3600}"), 201);

        assertThat(fresh.path("scopes")).isEqualTo(old.path("scopes"));
        assertThat(chat(old.path("key").asText(), "").statusCode()).isEqualTo(200);
        assertThat(chat(fresh.path("key").asText(), "").statusCode()).isEqualTo(200);

        json(request("POST", KEYS + "/" + old.path("id").asText() + "/revoke", ADMIN.text(), ""), 200);
        assertThat(chat(old.path("key").asText(), "").statusCode()).isEqualTo(401);
        assertThat(json(request("POST", rotate, ADMIN.text(), "{}"), 400)
                        .at("/error/code")
                        .asText())
                .isEqualTo("key_revoked");
    }

    @Test
    void aTenantSeesItsModelsOnly() {
        String tenant = tenant(",\"models\":[\"another\"]");
        String secret = key(tenant, "").path("key").asText();

        assertThat(json(request("GET", "/v1/models", secret, ""), 200).path("data"))
                .isEmpty();
        assertThat(request("GET", "/v1/models/tiny", secret, "").statusCode()).isEqualTo(404);
        assertThat(chat(secret, "").statusCode()).isEqualTo(404);

        json(request("PATCH", TENANTS + "/" + tenant, ADMIN.text(), "{\"models\":[]}"), 200);
        assertThat(chat(secret, "").statusCode()).isEqualTo(200);
    }

    @Test
    void nothingOfOneTenantIsReachedByAnother() {
        String mine = key(tenant(""), "").path("key").asText();
        String others = key(tenant(""), "").path("key").asText();
        String conversation = json(request("POST", "/v1/conversations", mine, "{}"), 200)
                .path("id")
                .asText();
        HttpResponse<String> named = send(CHAT, mine, chatBody(""), "Idempotency-Key", "the-same");
        String stream = named.headers().firstValue("x-troupe-stream-id").orElseThrow();

        String path = "/v1/conversations/" + conversation;
        for (String method : List.of("GET", "DELETE")) {
            HttpResponse<String> answer = request(method, path, others, "");
            assertThat(answer.statusCode()).as(method).isEqualTo(404);
            assertThat(answer.body())
                    .isEqualTo(request(method, path.replace(conversation, "conv_" + "0".repeat(48)), others, "")
                            .body()
                            .replace("conv_" + "0".repeat(48), conversation));
        }
        assertThat(request("POST", path + "/items", others, "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(chat(others, ",\"conversation\":\"" + conversation + "\"").statusCode())
                .isEqualTo(404);
        assertThat(request("GET", "/v1/streams/" + stream, others, "").statusCode())
                .isEqualTo(404);
        assertThat(request("DELETE", "/v1/streams/" + stream, others, "").statusCode())
                .isEqualTo(404);
        assertThat(request("GET", "/v1/streams/" + stream, mine, "").statusCode())
                .isEqualTo(200);

        HttpResponse<String> othersNamed = send(CHAT, others, chatBody(""), "Idempotency-Key", "the-same");
        assertThat(othersNamed.headers().firstValue("x-troupe-stream-id"))
                .isPresent()
                .isNotEqualTo(Optional.of(stream));
        assertThat(request("GET", path, mine, "").statusCode())
                .as("it is still there")
                .isEqualTo(200);
    }

    @Test
    void theTenantTravelsWithItsRequestSoThatPrefixesAreItsOwn() throws Exception {
        String tenant = tenant("");
        String secret = key(tenant, "").path("key").asText();
        while (pool.replica.requests.poll() != null) {}

        assertThat(chat(secret, "").statusCode()).isEqualTo(200);

        GenerateRequest request = FakeReplica.take(pool.replica.requests);
        assertThat(request.tenant()).isEqualTo(tenant);
    }

    @Test
    void limitsAreKept() {
        String secret = key(tenant(",\"limits\":{\"requests_per_minute\":2}"), "")
                .path("key")
                .asText();
        assertThat(chat(secret, "").statusCode()).isEqualTo(200);
        assertThat(chat(secret, "").statusCode()).isEqualTo(200);

        HttpResponse<String> third = chat(secret, "");

        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(third.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 60);
        assertThat(json(third.body()).at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
        assertThat(json(third.body()).at("/error/message").asText()).contains("requests per minute");
    }

    /** Too many tokens are found out by counting them: who is told of his limit instead was refused before. */
    @Test
    void whoHasHadAllHisRequestsIsRefusedBeforeHisPromptIsRead() {
        String tenant = tenant(",\"limits\":{\"requests_per_minute\":1}");
        String secret = key(tenant, "").path("key").asText();
        String tooLong = ",\"max_tokens\":100000000";
        assertThat(chat(secret, tooLong).statusCode()).isEqualTo(400);
        assertThat(chat(secret, "").statusCode()).isEqualTo(200);
        assertThat(chat(secret, "").statusCode()).isEqualTo(429);

        HttpResponse<String> refused = chat(secret, tooLong);

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 60);
        json(request("PATCH", TENANTS + "/" + tenant, ADMIN.text(), "{\"limits\":{\"requests_per_minute\":100}}"), 200);
        RouterFixture.until("the new limit", () -> chat(secret, "").statusCode() == 200);
    }

    /** While the pool hesitates, a router decides by itself and does not know how all of it stands. */
    @Test
    void limitsAreTold() {
        String secret = key(tenant(",\"limits\":{\"requests_per_minute\":100,\"tokens_per_minute\":100000}"), "")
                .path("key")
                .asText();
        RouterFixture.until("told", () -> {
            HttpHeaders headers = chat(secret, "").headers();
            return headers.firstValue("x-ratelimit-limit-requests").equals(Optional.of("100"))
                    && headers.firstValueAsLong("x-ratelimit-remaining-requests")
                                    .orElse(100)
                            < 100
                    && headers.firstValue("x-ratelimit-reset-requests").isPresent()
                    && headers.firstValue("x-ratelimit-limit-tokens").equals(Optional.of("100000"));
        });
    }

    @Test
    void aRequestLargerThanItsLimitIsToldSo() {
        String secret = key(tenant(",\"limits\":{\"tokens_per_minute\":5}"), "")
                .path("key")
                .asText();

        HttpResponse<String> refused = chat(secret, ",\"max_tokens\":50");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).isEmpty();
        assertThat(json(refused.body()).at("/error/message").asText()).contains("too large");
    }

    @Test
    void aSumOfResponsesIsWhatTheLedgerSays() {
        String tenant = tenant("");
        JsonNode made = key(tenant, "");
        String secret = made.path("key").asText();
        long prompt = 0;
        long completion = 0;
        for (int i = 0; i < 5; i++) {
            JsonNode usage = json(chat(secret, ",\"n\":" + (i % 2 + 1)), 200).path("usage");
            prompt += usage.path("prompt_tokens").asLong();
            completion += usage.path("completion_tokens").asLong();
        }
        String streamed = chat(secret, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}")
                .body();
        JsonNode usage = json(streamed.lines()
                        .filter(line -> line.contains("\"usage\":{"))
                        .findFirst()
                        .orElseThrow()
                        .substring("data: ".length()))
                .path("usage");
        prompt += usage.path("prompt_tokens").asLong();
        completion += usage.path("completion_tokens").asLong();
        assertThat(chat(secret, ",\"temperature\":99").statusCode())
                .as("never begun")
                .isEqualTo(400);

        JsonNode told = json(request("GET", "/v1/usage?group_by=key", secret, ""), 200);
        assertThat(told.at("/total/requests").asLong()).isEqualTo(6);
        assertThat(told.at("/total/prompt_tokens").asLong()).isEqualTo(prompt);
        assertThat(told.at("/total/completion_tokens").asLong()).isEqualTo(completion);
        assertThat(told.at("/data/0/key").asText()).isEqualTo(made.path("id").asText());
        assertThat(told.at("/data/0/requests").asLong()).isEqualTo(6);

        JsonNode page = json(
                request(
                        "GET",
                        "/v1/organization/usage/completions?start_time=1700000000&limit=31&end_time="
                                + (System.currentTimeMillis() / 1000 + 60) + "&page="
                                + (System.currentTimeMillis() / 1000 - 3600),
                        secret,
                        ""),
                200);
        assertThat(StreamSupport.stream(page.path("data").spliterator(), false)
                        .mapToLong(
                                bucket -> bucket.at("/results/0/output_tokens").asLong())
                        .sum())
                .isEqualTo(completion);
    }

    @Test
    void usageQueriesThatMakeNoSenseAreToldSo() {
        String secret = key(tenant(""), "").path("key").asText();
        for (String query : List.of(
                "/v1/usage?from=yesterday",
                "/v1/usage?group_by=colour",
                "/v1/usage?from=2026-01-02&to=2026-01-01",
                "/v1/usage?from=-1",
                "/v1/usage?from=2026-13-01",
                "/v1/organization/usage/completions",
                "/v1/organization/usage/completions?start_time=1&bucket_width=2d",
                "/v1/organization/usage/completions?start_time=1&limit=0")) {
            assertThat(request("GET", query, secret, "").statusCode()).as(query).isEqualTo(400);
        }
    }

    @Test
    void textIsLoggedWithConsentOnly() {
        String open = tenant(",\"logging\":\"full\"");
        String closed = tenant(",\"logging\":\"off\"");
        String plain = tenant("");
        for (String tenant : List.of(open, closed, plain)) {
            assertThat(chat(key(tenant, "").path("key").asText(), "").statusCode())
                    .isEqualTo(200);
        }

        RouterFixture.until("logged", () -> database.requests().latest(open, 9).size() == 1);
        LoggedRequest full = database.requests().latest(open, 9).get(0);
        assertThat(full.request().orElseThrow()).contains("\"content\":\"hi\"");
        assertThat(full.response()).contains("Hello");
        RouterFixture.until("logged", () -> database.requests().latest(plain, 9).size() == 1);
        assertThat(database.requests().latest(plain, 9).get(0).request()).isEmpty();
        assertThat(database.requests().latest(closed, 9)).isEmpty();
    }

    @Test
    void whatOperatorsDoIsWrittenDown() {
        String tenant = tenant("");
        JsonNode made = key(tenant, "");

        String audit =
                request("GET", "/admin/v1/audit?limit=2", ADMIN.text(), "").body();

        assertThat(json(audit).at("/data/0/action").asText()).isEqualTo("key.create");
        assertThat(json(audit).at("/data/0/actor").asText()).isEqualTo(ADMIN.id());
        assertThat(json(audit).at("/data/1/subject").asText()).isEqualTo(tenant);
        assertThat(audit).doesNotContain(made.path("key").asText());
    }

    @Test
    void whoSentANodeAwayIsWrittenDown() {
        request("POST", "/admin/v1/nodes/nobody/drain", ADMIN.text(), "{}");

        JsonNode newest = json(request("GET", "/admin/v1/audit?limit=1", ADMIN.text(), "")
                        .body())
                .at("/data/0");

        assertThat(newest.path("action").asText()).isEqualTo("node.drain");
        assertThat(newest.path("subject").asText()).isEqualTo("nobody");
        assertThat(newest.path("actor").asText()).isEqualTo(ADMIN.id());
    }

    @Test
    void whatWasLoggedOfATenantGoesWhenItWantsItGoneAndItsUsageStays() {
        String tenant = tenant(",\"logging\":\"full\"");
        String other = tenant(",\"logging\":\"full\"");
        for (String one : List.of(tenant, other)) {
            chat(key(one, "").path("key").asText(), "");
            RouterFixture.until(
                    "logged", () -> database.requests().latest(one, 9).size() == 1);
        }

        String gone = request("DELETE", "/admin/v1/tenants/" + tenant + "/requests", ADMIN.text(), "")
                .body();

        assertThat(json(gone).path("deleted").asInt()).isEqualTo(1);
        assertThat(database.requests().latest(tenant, 9)).isEmpty();
        assertThat(database.requests().latest(other, 9)).hasSize(1);
        assertThat(database.usage().total(tenant, 0, Long.MAX_VALUE).requests()).isEqualTo(1);
    }

    @Test
    void wrongFieldsOfTenantsAndKeysAreNamed() {
        String tenant = tenant("");
        for (String body : List.of(
                "{}",
                "{\"name\":\"a b\"}",
                "{\"name\":7}",
                "{\"name\":\"ok\",\"weight\":0}",
                "{\"name\":\"ok\",\"priority\":\"urgent\"}",
                "{\"name\":\"ok\",\"limits\":{\"wishes\":3}}",
                "{\"name\":\"ok\",\"limits\":{\"requests_per_minute\":-1}}",
                "{\"name\":\"" + tenant + "\"}")) {
            assertThat(request("POST", TENANTS, ADMIN.text(), body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        for (String body : List.of(
                "{}",
                "{\"tenant\":\"nobody-knows\"}",
                "{\"tenant\":\"" + tenant + "\",\"scopes\":[\"everything\"]}",
                "{\"tenant\":\"" + tenant + "\",\"scopes\":[]}",
                "{\"tenant\":\"" + tenant + "\",\"expires_at\":1}")) {
            assertThat(request("POST", KEYS, ADMIN.text(), body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(request("GET", TENANTS + "/nobody-knows", ADMIN.text(), "").statusCode())
                .isEqualTo(404);
        assertThat(request("POST", KEYS + "/nokey/revoke", ADMIN.text(), "").statusCode())
                .isEqualTo(404);
        assertThat(request("DELETE", TENANTS + "/local", ADMIN.text(), "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aDeletedTenantsKeysOpenNothing() {
        String tenant = tenant("");
        String secret = key(tenant, "").path("key").asText();

        json(request("DELETE", TENANTS + "/" + tenant, ADMIN.text(), ""), 200);

        assertThat(chat(secret, "").statusCode()).isEqualTo(401);
        assertThat(request("GET", TENANTS + "/" + tenant, ADMIN.text(), "").statusCode())
                .isEqualTo(404);
    }

    /** @return its name */
    private static String tenant(String more) {
        String name = "tenant-" + NUMBERS.incrementAndGet();
        json(request("POST", TENANTS, ADMIN.text(), "{\"name\":\"" + name + "\"" + more + "}"), 201);
        return name;
    }

    private static JsonNode key(String tenant, String more) {
        return json(request("POST", KEYS, ADMIN.text(), "{\"tenant\":\"" + tenant + "\"" + more + "}"), 201);
    }

    private static String chatBody(String more) {
        return "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + more + "}";
    }

    private static HttpResponse<String> chat(String key, String more) {
        return request("POST", CHAT, key, chatBody(more));
    }

    /** Through a proxy that is trusted. */
    private static HttpResponse<String> from(String address, String key) {
        return send("/v1/models", key, "", "X-Forwarded-For", address);
    }

    private static HttpResponse<String> request(String method, String path, String key, String body) {
        return pool.send(builder(path, key)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpResponse<String> send(String path, String key, String body, String header, String value) {
        HttpRequest.Builder request = builder(path, key).header(header, value);
        return pool.send(
                (body.isEmpty() ? request.GET() : request.POST(HttpRequest.BodyPublishers.ofString(body))).build());
    }

    private static HttpRequest.Builder builder(String path, String key) {
        return HttpRequest.newBuilder(pool.uri(path))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json");
    }

    private static JsonNode json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json(response.body());
    }

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
