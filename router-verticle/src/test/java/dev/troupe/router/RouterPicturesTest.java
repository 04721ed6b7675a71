package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.cluster.picture.PictureOutput.Background;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import dev.troupe.router.picture.PictureConfig;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureStatus.State;
import dev.troupe.router.picture.PictureUrls;
import dev.troupe.router.tenant.Stores;
import dev.troupe.store.AuditEntry;
import dev.troupe.store.Database;
import dev.troupe.store.DatabaseConfig;
import dev.troupe.store.UsageWriter;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures over HTTP, kept in a real database, made by a pool that is not there. */
@Timeout(60)
class RouterPicturesTest {
    private static final String GENERATIONS = "/v1/images/generations";
    private static final String TURN = "/v1/generate-image";
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static Database database;
    private static UsageWriter writer;
    private static RouterFixture pool;
    private static volatile FakePictures pictures;

    private final String key = key(Limits.NONE);

    @BeforeAll
    static void start() throws Exception {
        database = Database.open(DatabaseConfig.file(folder.resolve("troupe")));
        writer = new UsageWriter(database.usage(), 1_000);
        key(Limits.NONE);
        pool = new RouterFixture(
                16640,
                new Access(AuthRule.UNTIL_FIRST_KEY, Optional.empty(), TrustedProxies.parse(List.of("127.0.0.1/32"))),
                Optional.of(Stores.of(database, writer)),
                PictureConfig.DEFAULT,
                library -> {
                    pictures = new FakePictures(library);
                    return pictures;
                });
    }

    @AfterAll
    static void stop() {
        pool.close();
        writer.close();
        database.close();
    }

    @BeforeEach
    void makeAtOnce() {
        pictures.atOnce = true;
        pictures.orders.clear();
        pictures.models = List.of(FakePictures.model(FakePictures.MODEL));
        pictures.refusal = Optional.empty();
        pictures.warnings = List.of();
        RouterFixture.until("the key is known", () -> get("/v1/images", key).statusCode() == 200);
    }

    @Test
    void theCaseStudysRouteAnswersAddressIdAndPrompt() {
        JsonNode answer = json(post(TURN, key, "{\"prompt\":\"a red boat\"}"), 200);

        PictureOrder order = take();
        assertThat(answer.path("image_id").asText()).isEqualTo(order.id());
        assertThat(answer.path("revised_prompt").asText()).isEqualTo("a red boat");
        assertThat(bytes(answer.path("image_url").asText())).isEqualTo("picture " + order.id());
    }

    @Test
    void whatIsNotSaidIsTheModels() {
        json(generate(""), 200);

        PictureOrder order = take();
        assertThat(order.fingerprint()).isEqualTo("weights-of-painter");
        assertThat(order.spec().width()).isEqualTo(64);
        assertThat(order.spec().steps()).isEqualTo(20);
        assertThat(order.spec().guidance()).isEqualTo(7.5);
        assertThat(order.spec().sampler()).isEqualTo("euler");
        assertThat(order.spec().output().type()).isEqualTo(PictureType.PNG);
        assertThat(order.spec().seed()).isBetween(0L, 0xffffffffL);
        assertThat(order.spec().source()).isEmpty();
    }

    @Test
    void everyFieldReachesThePool() {
        pictures.models = List.of(FakePictures.model("glass"));
        JsonNode answer = json(
                generate(
                        ",\"model\":\"glass\",\"n\":3,\"size\":\"96x64\",\"seed\":41,\"negative_prompt\":\"rain\",\"num_inference_steps\":7,"
                                + "\"guidance_scale\":1.5,\"sampler\":\"ddim\",\"output_format\":\"webp\",\"output_compression\":60,"
                                + "\"background\":\"transparent\",\"quality\":\"high\",\"moderation\":\"low\",\"user\":\"u\",\"response_format\":\"url\""),
                200);

        for (int i = 0; i < 3; i++) {
            PictureOrder order = take();
            assertThat(order.spec().seed()).isEqualTo(41 + i);
            assertThat(order.spec().negativePrompt()).isEqualTo("rain");
            assertThat(order.spec().width()).isEqualTo(96);
            assertThat(order.spec().steps()).isEqualTo(7);
            assertThat(order.spec().guidance()).isEqualTo(1.5);
            assertThat(order.spec().sampler()).isEqualTo("ddim");
            assertThat(order.spec().output().type()).isEqualTo(PictureType.WEBP);
            assertThat(order.spec().output().quality()).isEqualTo(60);
            assertThat(order.spec().output().background()).isEqualTo(Background.TRANSPARENT);
            JsonNode told = answer.path("data").path(i);
            assertThat(told.path("id").asText()).isEqualTo(order.id());
            assertThat(told.has("b64_json")).isFalse();
            assertThat(bytes(told.path("url").asText())).isEqualTo("picture " + order.id());
        }
        assertThat(answer.path("output_format").asText()).isEqualTo("webp");
        assertThat(answer.path("size").asText()).isEqualTo("96x64");
    }

    @Test
    void pictureComesInTheAnswerUnlessOnlyItsAddressIsWanted() {
        JsonNode told = json(generate(""), 200).at("/data/0");

        assertThat(new String(Base64.getDecoder().decode(told.path("b64_json").asText()), StandardCharsets.UTF_8))
                .isEqualTo("picture " + take().id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"prompt\":\"x\",\"size\":\"63x64\"}; size; 'auto', '64x64', '96x64'",
                "{\"prompt\":\"x\",\"size\":64}; size; a string",
                "{\"prompt\":\"x\",\"num_inference_steps\":10000}; num_inference_steps; <= 1000",
                "{\"prompt\":\"x\",\"num_inference_steps\":0}; num_inference_steps; >= 1",
                "{\"prompt\":\"x\",\"sampler\":\"magic\"}; sampler; 'euler', 'ddim'",
                "{\"prompt\":\"x\",\"model\":\"nobody\"}; model; 'painter'",
                "{}; prompt; Missing",
                "{\"prompt\":\" \"}; prompt; empty",
                "{\"prompt\":7}; prompt; a string",
                "{\"prompt\":\"x\",\"n\":0}; n; >= 1",
                "{\"prompt\":\"x\",\"n\":11}; n; <= 10",
                "{\"prompt\":\"x\",\"guidance_scale\":101}; guidance_scale; <= 100",
                "{\"prompt\":\"x\",\"guidance_scale\":-1}; guidance_scale; >= 0",
                "{\"prompt\":\"x\",\"seed\":1.5}; seed; an integer",
                "{\"prompt\":\"x\",\"seed\":9223372036854775808}; seed; maximum",
                "{\"prompt\":\"x\",\"strength\":0.5}; strength; /v1/images/edits",
                "{\"prompt\":\"x\",\"style\":\"vivid\"}; style; in the prompt",
                "{\"prompt\":\"x\",\"input_fidelity\":\"high\"}; input_fidelity; strength",
                "{\"prompt\":\"x\",\"quality\":\"best\"}; quality; 'auto'",
                "{\"prompt\":\"x\",\"moderation\":\"none\"}; moderation; 'auto'",
                "{\"prompt\":\"x\",\"output_format\":\"gif\"}; output_format; 'png', 'jpeg', 'webp'",
                "{\"prompt\":\"x\",\"output_compression\":50}; output_compression; PNG",
                "{\"prompt\":\"x\",\"output_compression\":101}; output_compression; <= 100",
                "{\"prompt\":\"x\",\"background\":\"blue\"}; background; 'transparent'",
                "{\"prompt\":\"x\",\"background\":\"transparent\",\"output_format\":\"jpeg\"}; background; JPEG",
                "{\"prompt\":\"x\",\"background\":\"transparent\"}; background; painter",
                "{\"prompt\":\"x\",\"partial_images\":2}; partial_images; stream",
                "{\"prompt\":\"x\",\"stream\":true,\"partial_images\":4}; partial_images; <= 3",
                "{\"prompt\":\"x\",\"stream\":true,\"wait\":false}; stream; wait",
                "{\"prompt\":\"x\",\"stream\":\"yes\"}; stream; a boolean",
                "{\"prompt\":\"x\",\"response_format\":\"jpg\"}; response_format; 'b64_json'",
                "{\"prompt\":\"a nude child\"}; prompt; policy"
            })
    void whatCannotBeDoneIsRefusedByTheNameOfItsField(String body, String field, String words) {
        JsonNode error = json(post(GENERATIONS, key, body), 400).path("error");

        assertThat(error.path("param").asText()).isEqualTo(field);
        assertThat(error.path("message").asText()).contains(words);
        assertThat(error.path("code").asText()).isNotBlank();
        assertThat(pictures.orders).isEmpty();
    }

    @Test
    void promptMayBeLongButNotLonger() {
        String most = "x".repeat(32_000);
        json(post(GENERATIONS, key, "{\"prompt\":\"" + most + "\"}"), 200);
        JsonNode error = json(post(GENERATIONS, key, "{\"prompt\":\"" + most + "x\"}"), 400);

        assertThat(error.at("/error/code").asText()).isEqualTo("string_above_max_length");
    }

    @Test
    void policyIsSaidInOpenAisWord() {
        JsonNode error = json(post(TURN, key, "{\"prompt\":\"a n4ked k1d\"}"), 400);

        assertThat(error.at("/error/code").asText()).isEqualTo("content_policy_violation");
    }

    @Test
    void withoutAModelPeopleAreToldToComeBack() {
        pictures.models = List.of();

        HttpResponse<String> answer = generate("");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
        assertThat(answer.body()).contains("no_image_model");
    }

    @Test
    void poolsRefusalIsTheAnswer() {
        pictures.refusal = Optional.of(ApiError.rateLimited("The queue is full.", 4));

        HttpResponse<String> answer = generate("");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).contains("4");
    }

    @Test
    void failureOfOneIsTheAnswer() {
        pictures.atOnce = false;
        CompletableFuture<HttpResponse<String>> answer = later(() -> generate(",\"n\":2"));
        PictureOrder first = take();
        PictureOrder second = take();
        onLoop(() -> pictures.finish(first.id()));
        onLoop(() -> pictures.fail(second.id(), ApiError.internal("worker_lost", "It was lost.")));

        assertThat(json(done(answer), 500).at("/error/code").asText()).isEqualTo("worker_lost");
    }

    @Test
    void warningsAreTold() {
        pictures.warnings = List.of("The prompt was cut.");

        assertThat(json(generate(""), 200).at("/notes/0").asText()).isEqualTo("The prompt was cut.");
        String id = take().id();
        assertThat(json(get("/v1/images/" + id, key), 200).at("/warnings/0").asText())
                .isEqualTo("The prompt was cut.");
    }

    @Test
    void jobTellsItsPlaceItsProgressAndItsEnd() {
        pictures.atOnce = false;
        HttpResponse<String> taken = generate(",\"wait\":false,\"n\":2");
        JsonNode jobs = json(taken, 202).path("data");
        String id = jobs.at("/0/id").asText();
        String other = jobs.at("/1/id").asText();
        String path = taken.headers().firstValue("location").orElseThrow();
        assertThat(path).isEqualTo("/v1/images/" + id);

        JsonNode waiting = json(get(path, key), 200);
        assertThat(waiting.path("status").asText()).isEqualTo("queued");
        assertThat(waiting.path("place").asInt()).isEqualTo(3);
        pictures.run(id);
        JsonNode running = json(get(path, key), 200);
        assertThat(running.path("status").asText()).isEqualTo("running");
        assertThat(running.at("/progress/done").asInt()).isEqualTo(5);
        assertThat(running.at("/progress/of").asInt()).isEqualTo(20);

        onLoop(() -> pictures.finish(id));
        RouterFixture.until(
                "made", () -> json(get(path, key), 200).path("status").asText().equals("completed"));
        JsonNode made = json(get(path, key), 200);
        assertThat(bytes(made.path("url").asText())).isEqualTo("picture " + id);
        assertThat(made.path("prompt").asText()).isEqualTo("a red boat");
        assertThat(made.path("fingerprint").asText()).isEqualTo("weights-of-painter");
        assertThat(made.path("seed").asLong()).isEqualTo(take().spec().seed());

        assertThat(json(request("DELETE", "/v1/images/" + other, key, ""), 200)
                        .path("status")
                        .asText())
                .isEqualTo("cancelled");
        assertThat(json(get("/v1/images/" + other, key), 200).path("status").asText())
                .isEqualTo("cancelled");
    }

    @Test
    void whatWasAskedIsLoggedWithConsentOnly() {
        json(post(TURN, key, "{\"prompt\":\"a boat\"}"), 200);
        String tenant = take().tenant();

        RouterFixture.until(
                "logged", () -> database.requests().latest(tenant, 1).size() == 1);
        assertThat(database.requests().latest(tenant, 1).get(0).request()).isEmpty();
        assertThat(database.requests().latest(tenant, 1).get(0).path()).isEqualTo(TURN);
    }

    @Test
    void turnThatDoesNotWaitIsOneJob() {
        pictures.atOnce = false;
        HttpResponse<String> taken = send(builder(TURN, key)
                .header("content-type", "application/json")
                .header("prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\"}"))
                .build());

        assertThat(json(taken, 202).path("id").asText()).isEqualTo(take().id());
    }

    @Test
    void failedJobSaysWhy() {
        pictures.atOnce = false;
        String id = json(generate(",\"wait\":false"), 202).at("/data/0/id").asText();
        onLoop(() -> pictures.fail(id, ApiError.internal("worker_lost", "It was lost.")));

        // The fake does not remember the reason; the state it does.
        assertThat(json(get("/v1/images/" + id, key), 200).path("status").asText())
                .isEqualTo("failed");
    }

    @Test
    void clientThatGoesAwayTakesItsPictureWithIt() throws Exception {
        pictures.atOnce = false;
        PictureOrder order = askAndHangUp("");

        RouterFixture.until("cancelled", () -> pictures.states.get(order.id()) == State.CANCELLED);
    }

    @Test
    void namedPictureIsMadeWithoutItsClientAndToldToWhoComesBack() throws Exception {
        pictures.atOnce = false;
        String name = "name-" + NUMBERS.incrementAndGet();
        PictureOrder order = askAndHangUp("Idempotency-Key: " + name + "\r\n");
        CompletableFuture<HttpResponse<String>> again = later(() -> named(name, "a red boat"));

        onLoop(() -> pictures.finish(order.id()));

        assertThat(json(done(again), 200).at("/data/0/id").asText()).isEqualTo(order.id());
        assertThat(json(named(name, "a red boat"), 200).at("/data/0/id").asText())
                .isEqualTo(order.id());
        assertThat(pictures.orders).as("others than the first").isEmpty();
        assertThat(json(named(name, "another"), 400).at("/error/code").asText()).isEqualTo("idempotency_key_reused");
        String other = key(Limits.NONE);
        RouterFixture.until("the key is known", () -> get("/v1/images", other).statusCode() == 200);
        pictures.atOnce = true;
        HttpResponse<String> others = send(builder(GENERATIONS, other)
                .header("content-type", "application/json")
                .header("Idempotency-Key", name)
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"a red boat\"}"))
                .build());
        assertThat(json(others, 200).at("/data/0/id").asText()).isNotEqualTo(order.id());
    }

    @Test
    void streamTellsThePicturesOfTheWayAndTheLast() {
        pictures.atOnce = false;
        CompletableFuture<HttpResponse<String>> answer = later(() -> generate(",\"stream\":true,\"partial_images\":2"));
        PictureOrder order = take();
        assertThat(order.spec().previews()).isEqualTo(2);
        onLoop(() -> pictures.preview(order.id(), 0));
        onLoop(() -> pictures.preview(order.id(), 1));
        onLoop(() -> pictures.finish(order.id()));

        List<JsonNode> events = events(done(answer).body());
        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly(
                        "image_generation.partial_image",
                        "image_generation.partial_image",
                        "image_generation.completed");
        assertThat(events.get(1).path("partial_image_index").asInt()).isEqualTo(1);
        assertThat(Base64.getDecoder().decode(events.get(1).path("b64_json").asText()))
                .containsExactly(1, 1);
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(events.get(2).path("b64_json").asText()),
                        StandardCharsets.UTF_8))
                .isEqualTo("picture " + order.id());
        assertThat(events.get(2).path("size").asText()).isEqualTo("64x64");
    }

    @Test
    void failureInAStreamIsAnEvent() {
        pictures.atOnce = false;
        CompletableFuture<HttpResponse<String>> answer = later(() -> generate(",\"stream\":true"));
        PictureOrder order = take();
        onLoop(() -> pictures.fail(order.id(), ApiError.internal("worker_lost", "It was lost.")));

        assertThat(events(done(answer).body()))
                .singleElement()
                .satisfies(event -> assertThat(event.at("/error/code").asText()).isEqualTo("worker_lost"));
    }

    @Test
    void editBringsItsPictureItsMaskAndHowFarToGo() {
        byte[] image = image("rgb.png");
        byte[] mask = image("rgba.png");
        JsonNode answer = json(
                form(
                        "/v1/images/edits",
                        Map.of("prompt", "42", "strength", "0.5", "n", "2", "size", "96x64", "stream", "false"),
                        Map.of("image", image, "mask", mask)),
                200);

        PictureOrder order = take();
        assertThat(order.spec().prompt()).as("digits are words too").isEqualTo("42");
        assertThat(order.spec().source().orElseThrow().picture().bytes()).isEqualTo(image);
        assertThat(order.spec().source().orElseThrow().mask().orElseThrow().bytes())
                .isEqualTo(mask);
        assertThat(order.spec().source().orElseThrow().strength()).isEqualTo(0.5);
        assertThat(answer.path("data")).hasSize(2);
    }

    @Test
    void editWithoutStrengthGoesAllTheWayUnderAMaskOnly() {
        json(form("/v1/images/edits", Map.of("prompt", "x"), Map.of("image[]", image("rgb.png"))), 200);
        assertThat(take().spec().source().orElseThrow().strength()).isEqualTo(0.75);
        json(
                form(
                        "/v1/images/edits",
                        Map.of("prompt", "x"),
                        Map.of("image", image("rgb.png"), "mask", image("rgba.png"))),
                200);
        assertThat(take().spec().source().orElseThrow().strength()).isEqualTo(1);
    }

    @Test
    void variationNeedsNoWords() {
        json(form("/v1/images/variations", Map.of("n", "1"), Map.of("image", image("rgb.png"))), 200);

        PictureOrder order = take();
        assertThat(order.spec().prompt()).isEmpty();
        assertThat(order.spec().source()).isPresent();
    }

    @Test
    void streamOfAnEditHasEventsOfItsOwn() {
        HttpResponse<String> answer =
                form("/v1/images/edits", Map.of("prompt", "x", "stream", "true"), Map.of("image", image("rgb.png")));

        assertThat(events(answer.body()))
                .extracting(event -> event.path("type").asText())
                .containsExactly("image_edit.completed");
    }

    @Test
    void fileThatIsNoPictureIsRefusedByName() {
        byte[] cut = java.util.Arrays.copyOf(image("rgb.png"), 20);
        Map<String, byte[]> bad = Map.of(
                "neither PNG", "no picture".getBytes(StandardCharsets.UTF_8),
                "50000 x 50000", image("bomb.png"),
                "CMYK", image("cmyk.jpg"),
                "it moves", image("moving.webp"),
                "cut off", cut);
        bad.forEach((words, file) -> {
            JsonNode error = json(form("/v1/images/edits", Map.of("prompt", "x"), Map.of("image", file)), 400);
            assertThat(error.at("/error/param").asText()).isEqualTo("image");
            assertThat(error.at("/error/message").asText()).contains(words);
        });
        assertThat(json(form("/v1/images/edits", Map.of("prompt", "x"), Map.of()), 400)
                        .at("/error/param")
                        .asText())
                .isEqualTo("image");
        assertThat(json(
                                form(
                                        "/v1/images/variations",
                                        Map.of(),
                                        Map.of("image", image("rgb.png"), "mask", image("rgba.png"))),
                                400)
                        .at("/error/param")
                        .asText())
                .isEqualTo("mask");
        assertThat(pictures.orders).isEmpty();
    }

    @Test
    void formThatIsNoneOrTooLargeIsRefused() {
        assertThat(post("/v1/images/edits", key, "{\"prompt\":\"x\"}").statusCode())
                .isEqualTo(415);
        HttpResponse<String> broken = send(builder("/v1/images/edits", key)
                .header("content-type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString("--b\r\nnonsense"))
                .build());
        assertThat(broken.statusCode()).isEqualTo(400);
        HttpResponse<String> boundless = send(builder("/v1/images/edits", key)
                .header("content-type", "multipart/form-data")
                .POST(HttpRequest.BodyPublishers.ofString("--b--"))
                .build());
        assertThat(boundless.statusCode()).isEqualTo(400);
        HttpResponse<String> large =
                form("/v1/images/edits", Map.of("prompt", "x"), Map.of("image", new byte[2 << 20]));
        assertThat(large.statusCode()).isEqualTo(413);
        HttpResponse<String> wordy =
                form("/v1/images/edits", Map.of("prompt", "x".repeat(200_000)), Map.of("image", image("rgb.png")));
        assertThat(wordy.statusCode()).isEqualTo(400);
    }

    @Test
    void turnGoesOnFromThePictureBefore() {
        String first = json(post(TURN, key, "{\"prompt\":\"a red boat\",\"size\":\"96x64\",\"seed\":9}"), 200)
                .path("image_id")
                .asText();
        JsonNode second =
                json(post(TURN, key, "{\"prompt\":\"make it blue\",\"previous_image_id\":\"" + first + "\"}"), 200);

        take();
        PictureOrder order = take();
        assertThat(second.path("revised_prompt").asText()).isEqualTo("a blue boat");
        assertThat(order.spec().seed()).isEqualTo(9);
        assertThat(order.spec().width()).as("as before").isEqualTo(96);
        assertThat(order.lineage().asked()).isEqualTo("make it blue");
        JsonNode kept = json(get("/v1/images/" + order.id(), key), 200);
        assertThat(kept.path("parent").asText()).isEqualTo(first);
        assertThat(kept.path("prompt").asText()).isEqualTo("make it blue");
    }

    @Test
    void turnsOfAConversationKnowEachOther() {
        String conversation =
                json(post("/v1/conversations", key, "{}"), 200).path("id").asText();
        String of = ",\"conversation\":\"" + conversation + "\"}";
        json(post(TURN, key, "{\"prompt\":\"a boat\"" + of), 200);
        json(post(TURN, key, "{\"prompt\":\"at night\"" + of), 200);
        JsonNode third = json(post(TURN, key, "{\"prompt\":\"in snow\"" + of), 200);

        assertThat(third.path("revised_prompt").asText()).isEqualTo("a boat at night in snow");
        assertThat(third.path("conversation").asText()).isEqualTo(conversation);
        assertThat(json(post(TURN, key, "{\"prompt\":\"x\",\"conversation\":\"conv_none\"}"), 404)
                        .at("/error/code")
                        .asText())
                .isEqualTo("conversation_not_found");
    }

    @Test
    void rewrittenPromptHasToPassThePolicyToo() {
        String first = json(post(TURN, key, "{\"prompt\":\"a child\"}"), 200)
                .path("image_id")
                .asText();

        JsonNode error = json(post(TURN, key, "{\"prompt\":\"naked\",\"previous_image_id\":\"" + first + "\"}"), 400);

        assertThat(error.at("/error/code").asText()).isEqualTo("content_policy_violation");
    }

    @Test
    void nothingOfOneTenantIsReachedByAnother() {
        JsonNode mine = json(post(TURN, key, "{\"prompt\":\"a boat\"}"), 200);
        String id = mine.path("image_id").asText();
        String other = key(Limits.NONE);
        RouterFixture.until("the key is known", () -> get("/v1/images", other).statusCode() == 200);
        String path = "/v1/images/" + id;
        String unknown = "/v1/images/img_" + "0".repeat(48);

        for (String method : List.of("GET", "DELETE")) {
            HttpResponse<String> answer = request(method, path, other, "");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body().replace(id, "img_" + "0".repeat(48)))
                    .isEqualTo(request(method, unknown, other, "").body());
        }
        assertThat(get(path + "/content", other).statusCode()).isEqualTo(404);
        assertThat(json(get("/v1/images", other), 200).path("data")).isEmpty();
        assertThat(post(TURN, other, "{\"prompt\":\"x\",\"previous_image_id\":\"" + id + "\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(get(path, key).statusCode()).isEqualTo(200);
        assertThat(get(path + "/content", key).body()).isEqualTo("picture " + id);
        assertThat(get(path + "/content", "").statusCode()).as("without a key").isEqualTo(401);
        pictures.atOnce = false;
        String job = json(generate(",\"wait\":false"), 202).at("/data/0/id").asText();
        assertThat(get("/v1/images/" + job, other).statusCode()).isEqualTo(404);
        assertThat(request("DELETE", "/v1/images/" + job, other, "").statusCode())
                .isEqualTo(404);
        assertThat(pictures.states.get(job)).isEqualTo(State.QUEUED);
    }

    @Test
    void signedAddressShowsThatPictureUntilItExpires() {
        JsonNode made = json(post(TURN, key, "{\"prompt\":\"a boat\"}"), 200);
        String id = made.path("image_id").asText();
        String tenant = take().tenant();
        URI url = URI.create(made.path("image_url").asText());
        HttpResponse<String> shown = send(HttpRequest.newBuilder(url).build());
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.headers().firstValue("content-type")).contains("image/png");
        assertThat(shown.headers().firstValue("cache-control").orElseThrow()).startsWith("private");
        assertThat(shown.headers().firstValue("x-content-type-options")).contains("nosniff");

        byte[] secret = database.secrets().secret("picture-urls");
        String expired = new PictureUrls(secret, Duration.ofSeconds(1))
                .path(tenant, id, System.currentTimeMillis() / 1000 - 100);
        HttpResponse<String> late = pool.get(expired);
        assertThat(late.statusCode()).isEqualTo(403);
        assertThat(late.body()).contains("url_expired", "GET /v1/images/" + id);

        String path = url.getRawPath() + "?" + url.getRawQuery();
        List<String> wrong = List.of(
                path.replaceFirst("expires=\\d+", "expires=9999999999"),
                path.replaceFirst("signature=.", "signature=" + (path.contains("signature=-") ? "_" : "-")),
                path.replaceFirst("signature=.*", "signature="),
                path.replaceFirst("expires=\\d+", "expires=never"),
                path.replace(id, "img_" + "0".repeat(48)),
                new PictureUrls(secret, Duration.ofHours(1)).path("other", id, System.currentTimeMillis() / 1000),
                new PictureUrls(new byte[32], Duration.ofHours(1)).path(tenant, id, System.currentTimeMillis() / 1000));
        assertThat(wrong).allSatisfy(address -> {
            HttpResponse<String> answer = pool.get(address);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).doesNotContain("expired", "signature");
        });
    }

    @Test
    void addressIsOfTheHostThatTheClientKnows() {
        HttpResponse<String> answer = send(builder(TURN, key)
                .header("content-type", "application/json")
                .header("x-forwarded-host", "pictures.example")
                .header("x-forwarded-proto", "https")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\"}"))
                .build());
        assertThat(json(answer, 200).path("image_url").asText()).startsWith("https://pictures.example/v1/images/img_");

        HttpResponse<String> hostile = send(builder(TURN, key)
                .header("content-type", "application/json")
                .header("x-forwarded-host", "evil\"/<x>")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\"}"))
                .build());
        assertThat(json(hostile, 200).path("image_url").asText()).startsWith("/v1/images/img_");
    }

    @Test
    void listGoesPageByPageFromTheNewest() {
        List<String> made = new java.util.ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(json(generate(""), 200).at("/data/0/id").asText());
        }
        List<String> seen = new java.util.ArrayList<>();
        JsonNode page = json(get("/v1/images?limit=2", key), 200);
        while (true) {
            page.path("data").forEach(entry -> seen.add(entry.path("id").asText()));
            if (!page.path("has_more").asBoolean()) {
                break;
            }
            page = json(get("/v1/images?limit=2&after=" + page.path("last_id").asText(), key), 200);
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
        assertThat(get("/v1/images?limit=0", key).statusCode()).isEqualTo(400);
    }

    @Test
    void deletedPictureIsGone() {
        JsonNode made = json(post(TURN, key, "{\"prompt\":\"x\"}"), 200);
        String path = "/v1/images/" + made.path("image_id").asText();

        assertThat(json(request("DELETE", path, key, ""), 200).path("deleted").asBoolean())
                .isTrue();

        assertThat(get(path, key).statusCode()).isEqualTo(404);
        assertThat(request("DELETE", path, key, "").statusCode()).isEqualTo(404);
        assertThat(send(HttpRequest.newBuilder(URI.create(made.path("image_url").asText()))
                                .build())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void imagesPerMinuteHold() {
        String limited = key(Limits.NONE.with(Kind.IMAGES_PER_MINUTE, 3));
        RouterFixture.until("the key is known", () -> get("/v1/images", limited).statusCode() == 200);
        json(post(GENERATIONS, limited, "{\"prompt\":\"x\",\"n\":2}"), 200);

        HttpResponse<String> refused = post(GENERATIONS, limited, "{\"prompt\":\"x\",\"n\":2}");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("images per minute");
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        assertThat(post(GENERATIONS, limited, "{\"prompt\":\"x\",\"n\":4}").body())
                .contains("too large");
        json(post(GENERATIONS, limited, "{\"prompt\":\"x\"}"), 200);
    }

    @Test
    void storageHoldsAndIsGivenBack() {
        // A picture of the fake takes 8 + 52 bytes.
        String limited = key(Limits.NONE.with(Kind.STORAGE_BYTES, 100));
        RouterFixture.until("the key is known", () -> get("/v1/images", limited).statusCode() == 200);
        String first = json(post(TURN, limited, "{\"prompt\":\"x\"}"), 200)
                .path("image_id")
                .asText();

        HttpResponse<String> second = post(TURN, limited, "{\"prompt\":\"x\"}");
        assertThat(json(second, 429).at("/error/code").asText()).isEqualTo("storage_limit_exceeded");

        json(request("DELETE", "/v1/images/" + first, limited, ""), 200);
        json(post(TURN, limited, "{\"prompt\":\"x\"}"), 200);
    }

    @Test
    void whoHasNoRoomAtAllIsRefusedBeforeAnythingIsMade() {
        String limited = key(Limits.NONE.with(Kind.STORAGE_BYTES, 0));
        RouterFixture.until("the key is known", () -> get("/v1/images", limited).statusCode() == 200);

        assertThat(post(TURN, limited, "{\"prompt\":\"x\"}").statusCode()).isEqualTo(429);

        assertThat(pictures.orders).isEmpty();
    }

    @Test
    void usageCountsPicturesAndNotAsTexts() {
        json(generate(",\"n\":3"), 200);

        assertThat(json(get("/v1/usage", key), 200).at("/total/images").asInt()).isEqualTo(3);
        String query = "?start_time=" + (System.currentTimeMillis() / 1000 - 3600) + "&bucket_width=1d&limit=2";
        JsonNode images = json(get("/v1/organization/usage/images" + query, key), 200);
        assertThat(images.findValuesAsText("images")).containsExactly("3");
        assertThat(images.findValuesAsText("object")).contains("organization.usage.images.result");
        assertThat(json(get("/v1/organization/usage/completions" + query, key), 200)
                        .findValuesAsText("num_model_requests"))
                .isEmpty();
    }

    @Test
    void priorityOfTheTenantTravelsAlong() {
        HttpResponse<String> answer = send(builder(GENERATIONS, key)
                .header("content-type", "application/json")
                .header("x-troupe-priority", "batch")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\"}"))
                .build());
        json(answer, 200);

        assertThat(take().share().priority()).isEqualTo(Priority.BATCH);
    }

    private PictureOrder askAndHangUp(String header) throws Exception {
        String body = "{\"prompt\":\"a red boat\"}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), pool.router.port())) {
            socket.getOutputStream()
                    .write(("POST " + GENERATIONS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
                                    + "\r\nContent-Type: application/json\r\n" + header + "Content-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return take();
        }
    }

    private HttpResponse<String> named(String name, String prompt) {
        return send(builder(GENERATIONS, key)
                .header("content-type", "application/json")
                .header("Idempotency-Key", name)
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"" + prompt + "\"}"))
                .build());
    }

    private HttpResponse<String> generate(String more) {
        return post(GENERATIONS, key, "{\"prompt\":\"a red boat\"" + more + "}");
    }

    private HttpResponse<String> form(String path, Map<String, String> texts, Map<String, byte[]> files) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        texts.forEach((name, value) -> body.writeBytes(
                ("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                        .getBytes(StandardCharsets.UTF_8)));
        files.forEach((name, content) -> {
            body.writeBytes(("--b\r\nContent-Disposition: form-data; name=\"" + name
                            + "\"; filename=\"x.png\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(content);
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        });
        body.writeBytes("--b--\r\n".getBytes(StandardCharsets.UTF_8));
        return send(builder(path, key)
                .header("content-type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build());
    }

    private static byte[] image(String name) {
        try (var in = RouterPicturesTest.class.getResourceAsStream("pictures/" + name)) {
            return in.readAllBytes();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static PictureOrder take() {
        try {
            PictureOrder order = pictures.orders.poll(20, TimeUnit.SECONDS);
            assertThat(order).as("an order").isNotNull();
            return order;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void onLoop(Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        pool.onRouter(() -> {
            work.run();
            done.complete(null);
        });
        done.join();
    }

    private static CompletableFuture<HttpResponse<String>> later(
            java.util.function.Supplier<HttpResponse<String>> call) {
        return CompletableFuture.supplyAsync(call);
    }

    private static HttpResponse<String> done(CompletableFuture<HttpResponse<String>> answer) {
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static List<JsonNode> events(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Json.parse(line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8)))
                .map(node -> (JsonNode) node)
                .toList();
    }

    private static String bytes(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).build()).body();
    }

    private static String key(Limits limits) {
        String tenant = "tenant-" + NUMBERS.incrementAndGet();
        KeySecret secret = KeySecret.make(new SecureRandom());
        AuditEntry made = new AuditEntry(1, "local", "key.create", secret.id(), "{}");
        Tenant plain = Tenant.named(tenant, 1);
        database.tenancy()
                .create(
                        new Tenant(
                                plain.name(),
                                plain.weight(),
                                plain.priority(),
                                limits,
                                plain.models(),
                                plain.logging(),
                                plain.createdAt()),
                        made);
        database.tenancy()
                .create(
                        new ApiKey(
                                secret.id(),
                                tenant,
                                secret.hash(),
                                Set.of(Scope.INFERENCE, Scope.USAGE),
                                Limits.NONE,
                                1,
                                OptionalLong.empty(),
                                OptionalLong.empty()),
                        made);
        return secret.text();
    }

    private static HttpResponse<String> get(String path, String key) {
        return request("GET", path, key, "");
    }

    private static HttpResponse<String> post(String path, String key, String body) {
        return request("POST", path, key, body);
    }

    private static HttpResponse<String> request(String method, String path, String key, String body) {
        return send(builder(path, key)
                .header("content-type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpRequest.Builder builder(String path, String key) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(pool.uri(path)).timeout(Duration.ofSeconds(30));
        return key.isEmpty() ? builder : builder.header("authorization", "Bearer " + key);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return pool.send(request);
    }

    private static JsonNode json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }
}
