package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.router.api.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations over HTTP, with a pool of two members behind them. */
@Timeout(60)
class RouterConversationTest {
    private static final String ALL = "/v1/conversations";
    private static final String CHAT = "/v1/chat/completions";

    private static RouterFixture pool;

    @BeforeAll
    static void start() throws Exception {
        pool = new RouterFixture(16500);
    }

    @AfterAll
    static void stop() {
        pool.close();
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
    void conversationIsMadeReadAndDeletedInOpenAisShape() {
        JsonNode made = json(pool.post(ALL, "{\"metadata\":{\"topic\":\"demo\"}}"));
        String id = made.path("id").asText();

        assertThat(id).matches("conv_[0-9a-f]{48}");
        assertThat(made.path("created_at").asLong()).isGreaterThan(1_700_000_000L);
        assertThat(made.path("object").asText()).isEqualTo("conversation");
        assertThat(made.path("metadata").toString()).isEqualTo("{\"topic\":\"demo\"}");
        assertThat(json(pool.get(ALL + "/" + id))).isEqualTo(made);

        assertThat(delete(id).body())
                .isEqualTo("{\"id\":\"" + id + "\",\"object\":\"conversation.deleted\",\"deleted\":true}");
        assertUnknown(pool.get(ALL + "/" + id), id);
        assertUnknown(delete(id), id);
        assertUnknown(pool.get(ALL + "/" + id + "/items"), id);
        assertUnknown(pool.post(ALL + "/" + id + "/items", "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}"), id);
        assertUnknown(chat(id, "x", ""), id);
    }

    @Test
    void itemsAreAddedAndListedInPages() {
        String id = create("[{\"role\":\"developer\",\"content\":\"Be brief.\"}]");
        JsonNode added = json(pool.post(
                ALL + "/" + id + "/items",
                "{\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"}]},"
                        + "{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"b\"}]}]}"));

        assertThat(added.path("object").asText()).isEqualTo("list");
        assertThat(added.path("has_more").asBoolean()).isFalse();
        String first = added.at("/data/0/id").asText();
        assertThat(first)
                .matches("msg_[0-9a-f]{48}")
                .isEqualTo(added.path("first_id").asText());
        assertThat(added.at("/data/0").toString())
                .isEqualTo("{\"type\":\"message\",\"id\":\"" + first + "\",\"status\":\"completed\",\"role\":\"user\","
                        + "\"content\":[{\"type\":\"input_text\",\"text\":\"a\"}]}");

        assertThat(texts(id, "?order=asc")).containsExactly("Be brief.", "a", "b");
        assertThat(texts(id, "")).containsExactly("b", "a", "Be brief.");
        JsonNode page = json(pool.get(ALL + "/" + id + "/items?limit=1&after=" + first));
        assertThat(page.at("/data/0/role").asText()).isEqualTo("developer");
        assertThat(page.path("has_more").asBoolean()).isFalse();
        assertThat(json(pool.get(ALL + "/" + id + "/items?limit=2"))
                        .path("has_more")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void turnGoesOnWithWhatWasSaidAndIsAppended() throws Exception {
        String id = create("[{\"role\":\"system\",\"content\":\"Be brief.\"}]");

        assertThat(chat(id, "one", "").statusCode()).isEqualTo(200);
        HttpResponse<String> second = chat("{\"id\":\"" + id + "\"}", "two", "");

        assertThat(prompt()).isEqualTo("<system\nBe brief.>\n<user\none>\n<assistant\n");
        assertThat(prompt())
                .isEqualTo("<system\nBe brief.>\n<user\none>\n<assistant\nHello>\n<user\ntwo>\n<assistant\n");
        assertThat(json(second).at("/usage/prompt_tokens").asInt()).isEqualTo(70);
        assertThat(texts(id, "?order=asc")).containsExactly("Be brief.", "one", "Hello", "two", "Hello");
    }

    @Test
    void streamIsAppendedBeforeItsEndIsTold() {
        String id = create("[]");
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> streamed = chat(id, "turn " + i, ",\"max_tokens\":5,\"stream\":true");

            assertThat(streamed.body()).as("turn %d", i).endsWith("data: [DONE]\n\n");
        }
        assertThat(texts(id, "?order=asc&limit=100")).hasSize(40).startsWith("turn 0", "Hello", "turn 1");
    }

    @Test
    void failedAnswerAppendsNothingAndLeavesTheConversationFree() {
        String id = create("[]");
        pool.replica.onGenerate(request -> new Refused(request.attempt(), ErrorCode.INVALID_REQUEST, "no", 0));

        assertThat(chat(id, "one", "").statusCode()).isEqualTo(400);
        answerHello();

        assertThat(texts(id, "")).isEmpty();
        assertThat(chat(id, "two", "").statusCode()).isEqualTo(200);
    }

    @Test
    void cancelledAnswerAppendsNothingAndLeavesTheConversationFree() throws Exception {
        String id = create("[]");
        pool.replica.onGenerate(request -> {
            pool.replica.send(request, 0, 0, TinyModel.tokens("Hel"), Optional.empty());
            return new Admitted(request.attempt());
        });
        try (Sse client = new Sse(pool, CHAT, body("\"" + id + "\"", "one", ",\"stream\":true"), true)) {
            assertThat(client.next("data: ")).isNotNull();
        }
        FakeReplica.take(pool.replica.cancels);
        answerHello();

        RouterFixture.until("a free conversation", () -> chat(id, "two", "").statusCode() == 200);
        assertThat(texts(id, "?order=asc")).containsExactly("two", "Hello");
    }

    @Test
    void secondTurnAtTheSameTimeIsTurnedAway() throws Exception {
        String id = create("[]");
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        try (Sse client = new Sse(pool, CHAT, body("\"" + id + "\"", "one", ",\"stream\":true"), true)) {
            GenerateRequest running = FakeReplica.take(pool.replica.requests);

            HttpResponse<String> second = chat(id, "two", "");
            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(second.headers().firstValue("retry-after")).isPresent();
            assertThat(json(second).at("/error/code").asText()).isEqualTo("conversation_busy");
            assertThat(pool.post(ALL + "/" + id + "/items", "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                            .statusCode())
                    .isEqualTo(409);

            pool.replica.send(running, 0, 0, TinyModel.tokens("first"), Optional.of(FinishReason.LENGTH));
            assertThat(Sse.text(client.events(), 0)).isEqualTo("first");
        }
        answerHello();
        assertThat(chat(id, "two", "").statusCode()).isEqualTo(200);
        assertThat(texts(id, "?order=asc")).containsExactly("one", "first", "two", "Hello");
    }

    @Test
    void conversationOfAnotherTenantDoesNotExist() throws Exception {
        String id = "conv_" + "a".repeat(48);
        pool.conversations
                .create(new Conversation(id, "other", 0, Map.of(), 0, List.of()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertUnknown(pool.get(ALL + "/" + id), id);
        assertUnknown(pool.get(ALL + "/" + id + "/items"), id);
        assertUnknown(delete(id), id);
        assertUnknown(pool.post(ALL + "/" + id + "/items", "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}"), id);
        assertUnknown(chat(id, "x", ""), id);
        assertThat(pool.conversations.find("other", id).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isPresent();
    }

    @Test
    void oldestTurnsGiveWayAndTheSystemPromptStays() throws Exception {
        String id = create("[{\"role\":\"system\",\"content\":\"Be brief.\"}]");
        for (int i = 0; i < 12; i++) {
            assertThat(chat(id, "turn " + i + " " + "x".repeat(50), ",\"max_tokens\":8")
                            .statusCode())
                    .isEqualTo(200);
        }
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            prompts.add(prompt());
        }

        String last = prompts.get(11);
        assertThat(last.length()).isBetween(TinyModel.CONTEXT - 8 - 100, TinyModel.CONTEXT - 8);
        assertThat(last).startsWith("<system\nBe brief.>\n<user\nturn 7 ").contains("<user\nturn 11 ");
        assertThat(last.split("<user", -1)).hasSize(6);
        assertThat(texts(id, "?limit=100")).hasSize(25);
    }

    @Test
    void roomIsLeftForAnAnswerThatNamesNoLength() throws Exception {
        String id = create("[]");
        for (int i = 0; i < 8; i++) {
            chat(id, "turn " + i + " " + "x".repeat(50), "");
        }
        for (int i = 0; i < 8; i++) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            assertThat(request.sampling().maxTokens()).isGreaterThanOrEqualTo(TinyModel.CONTEXT / 4);
        }
    }

    @Test
    void turnThatDoesNotFitAloneIsRefusedAndAppendsNothing() {
        String id = create("[]");
        assertThat(chat(id, "one", "").statusCode()).isEqualTo(200);

        HttpResponse<String> response = chat(id, "x".repeat(600), "");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/code").asText()).isEqualTo("context_length_exceeded");
        assertThat(texts(id, "")).hasSize(2);
        assertThat(chat(id, "two", "").statusCode()).isEqualTo(200);
    }

    @Test
    void conversationHoldsNoMoreThanItMay() {
        String id = create("[]");
        String half =
                "{\"items\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(Conversation.MAX_BYTES / 2) + "\"}]}";
        assertThat(pool.post(ALL + "/" + id + "/items", half).statusCode()).isEqualTo(200);
        assertThat(pool.post(ALL + "/" + id + "/items", half).statusCode()).isEqualTo(200);

        for (HttpResponse<String> response : List.of(pool.post(ALL + "/" + id + "/items", half), chat(id, "x", ""))) {
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).at("/error/code").asText()).isEqualTo("conversation_too_long");
        }
        assertThat(texts(id, "")).hasSize(2);
    }

    @Test
    void textThatIsNoUnicodeAndTextThatIsNothingAreKept() {
        String id =
                create("[{\"role\":\"user\",\"content\":\"\\ud800 \\u0000\"},{\"role\":\"user\",\"content\":\"\"}]");

        assertThat(texts(id, "?order=asc")).containsExactly("\ufffd \0", "");
        assertThat(chat(id, "two", "").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"items\":{}}|items",
                "{\"items\":[1]}|items[0]",
                "{\"items\":[{}]}|items[0].role",
                "{\"items\":[{\"role\":\"tool\",\"content\":\"x\"}]}|items[0].role",
                "{\"items\":[{\"role\":\"user\"}]}|items[0].content",
                "{\"items\":[{\"role\":\"user\",\"content\":7}]}|items[0].content",
                "{\"items\":[{\"role\":\"user\",\"content\":[]}]}|items[0].content",
                "{\"items\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]}|items[0].content[0].type",
                "{\"items\":[{\"type\":\"reasoning\"}]}|items[0].type",
                "{\"metadata\":[]}|metadata",
                "{\"metadata\":{\"a\":1}}|metadata.a",
            })
    void wrongFieldIsNamed(String body, String param) {
        HttpResponse<String> response = pool.post(ALL, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").asText()).isEqualTo(param);
    }

    @Test
    void hostileRequestsAreTurnedAwayAndTheServerServesOn() {
        String id = create("[]");
        for (String wrong : List.of("", "[]", "nonsense", "\u0000")) {
            assertThat(pool.post(ALL, wrong).statusCode()).as(wrong).isEqualTo(400);
            assertThat(pool.post(ALL + "/" + id + "/items", wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(pool.post(ALL + "/" + id + "/items", "{}").statusCode()).isEqualTo(400);
        for (String query : List.of("limit=0", "limit=101", "limit=-1", "limit=x", "order=up", "after=msg_no")) {
            assertThat(pool.get(ALL + "/" + id + "/items?" + query).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        for (String name : List.of("x", "conv_", "conv_%2e%2e", "conv_" + "g".repeat(48), "%00", "a".repeat(3000))) {
            assertThat(pool.get(ALL + "/" + name).statusCode()).as(name).isEqualTo(404);
        }
        for (String conversation : List.of("7", "[]", "{}", "true", "{\"id\":7}")) {
            HttpResponse<String> response = pool.post(CHAT, body(conversation, "x", ""));
            assertThat(response.statusCode()).as(conversation).isEqualTo(400);
            assertThat(json(response).at("/error/param").asText()).startsWith("conversation");
        }
        assertThat(json(chat(id, "x", ",\"n\":2")).at("/error/param").asText()).isEqualTo("n");
        assertThat(pool.send(HttpRequest.newBuilder(pool.uri(ALL))
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build())
                        .statusCode())
                .isEqualTo(415);
        assertThat(chat(id, "x", "").statusCode()).isEqualTo(200);
    }

    private static String create(String items) {
        HttpResponse<String> made = pool.post(ALL, "{\"items\":" + items + "}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        return json(made).path("id").asText();
    }

    private static HttpResponse<String> delete(String id) {
        return pool.send(
                HttpRequest.newBuilder(pool.uri(ALL + "/" + id)).DELETE().build());
    }

    private static HttpResponse<String> chat(String conversation, String text, String more) {
        return pool.post(
                CHAT, body(conversation.startsWith("{") ? conversation : "\"" + conversation + "\"", text, more));
    }

    private static String body(String conversation, String text, String more) {
        return "{\"model\":\"tiny\",\"conversation\":" + conversation
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" + more + "}";
    }

    /** What the next request to the replica asks, with the tokens around a message as brackets. */
    private static String prompt() throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (int token : FakeReplica.take(pool.replica.requests).prompt().toArray()) {
            text.append(token == TinyModel.START ? '<' : token == TinyModel.END ? '>' : (char) token);
        }
        return text.toString();
    }

    private static List<String> texts(String id, String query) {
        JsonNode page = json(pool.get(ALL + "/" + id + "/items" + query));
        return StreamSupport.stream(page.path("data").spliterator(), false)
                .map(item -> item.at("/content/0/text").asText())
                .toList();
    }

    private static void assertUnknown(HttpResponse<String> response, String id) {
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).at("/error/code").asText()).isEqualTo("conversation_not_found");
        assertThat(json(response).at("/error/message").asText()).contains(id);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }
}
