package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every engine owes to the request log. Other tests have written to the same database, so tenant and requests are new each time. */
abstract class RequestLogContract extends DatabaseContract {
    private static final long NOW = 1_741_900_000_000L;
    private static final String INJECTION = "x'); drop table request_log; --";

    private final String tenant = UUID.randomUUID().toString();

    @Test
    void whatIsWrittenIsFoundAsItWasTheNewestFirst() {
        LoggedRequest old = new LoggedRequest(
                id("a"),
                tenant,
                Optional.of("k"),
                "/v1/chat/completions",
                "m",
                NOW,
                200,
                "success",
                Optional.of("{\"messages\":[{\"role\":\"user\",\"content\":\"日本語 🎭\"}]}"),
                Optional.of("{}"));
        LoggedRequest recent = request("b", NOW + 1);
        log().write(List.of(old, recent));

        reopen();

        assertThat(log().latest(tenant, 10)).containsExactly(recent, old);
        assertThat(log().latest(tenant, 1)).containsExactly(recent);
        assertThat(log().latest("other", 10)).isEmpty();
        assertThat(log().latest(tenant + "\0", 10)).isEmpty();
        assertThat(log().latest("' or '1'='1", 10)).isEmpty();
    }

    @Test
    void requestIsWrittenOnce() {
        log().write(List.of(request("a", NOW), request("a", NOW)));
        log().write(List.of(request("a", NOW + 5), request("b", NOW - 1)));

        assertThat(log().latest(tenant, 10)).containsExactly(request("a", NOW), request("b", NOW - 1));
    }

    @Test
    void secretsAreBlackedOutEverywhere() {
        String key = "sk-troupe-abcdef-0123456789abcdefghijklmnop";
        log().write(List.of(new LoggedRequest(
                id("a"),
                tenant,
                Optional.empty(),
                "/v1/models?api_key=" + key,
                key,
                NOW,
                404,
                "failed",
                Optional.of("{\"content\":\"my key is\\n" + key + "\"}"),
                Optional.of("Do not show " + key + " to anybody"))));

        LoggedRequest found = log().latest(tenant, 1).get(0);
        assertThat(List.of(
                        found.path(),
                        found.model(),
                        found.request().orElseThrow(),
                        found.response().orElseThrow()))
                .allSatisfy(text -> assertThat(text).contains(Redaction.MARK).doesNotContain("0123456789"));
    }

    @Test
    void secretThatStandsWhereATextIsCutIsBlackedOutToo() {
        String key = "sk-troupe-abcdef-0123456789abcdefghijklmnop";
        String words = "word ".repeat(LoggedRequest.LONGEST_BODY / 5 + 1);
        String text = words.substring(0, LoggedRequest.LONGEST_BODY - 20) + " " + key + words;
        log().write(List.of(new LoggedRequest(
                id("a"),
                tenant,
                Optional.empty(),
                "/",
                "m",
                NOW,
                200,
                "success",
                Optional.of(text),
                Optional.empty())));

        String found = log().latest(tenant, 1).get(0).request().orElseThrow();
        assertThat(found).hasSize(LoggedRequest.LONGEST_BODY).doesNotContain("sk-troupe");
    }

    @Test
    void noClientsWordsKeepARequestFromBeingWritten() {
        List<String> hostile = List.of(
                INJECTION, "", "\0", "a\0b", "🎭", "\uD83C", "\uDFAD\uD83C", "x".repeat(3_000_000), "🎭".repeat(1_000));
        for (int i = 0; i < hostile.size(); i++) {
            String text = hostile.get(i);
            log().write(List.of(new LoggedRequest(
                    id("r" + i),
                    tenant,
                    Optional.empty(),
                    text,
                    text,
                    NOW,
                    400,
                    text,
                    Optional.of(text),
                    Optional.of(text))));
        }

        List<LoggedRequest> found = log().latest(tenant, 100);
        assertThat(found).hasSize(hostile.size());
        assertThat(found)
                .extracting(request -> request.request().orElseThrow())
                .contains(INJECTION, "", "\uFFFD", "a\uFFFDb", "🎭", "\uFFFD\uFFFD", "🎭".repeat(1_000));
    }

    @Test
    void whatIsTooOldGoesWhoeversItIs() {
        log().deleteBefore(Long.MAX_VALUE);
        LoggedRequest stays = request("c", 1_000);
        log().write(List.of(request("a", 998), request("b", 999), stays));

        assertThat(log().deleteBefore(1_000)).isEqualTo(2);
        assertThat(log().deleteBefore(1_000)).isZero();
        assertThat(log().latest(tenant, 10)).containsExactly(stays);
    }

    @Test
    void deletionTakesAllOfATenantAndNothingOfAnother() {
        String other = "other-" + tenant;
        log().write(List.of(request("a", NOW), request("b", NOW), requestOf(other, "c", NOW)));

        assertThat(log().deleteOf(INJECTION)).isZero();
        assertThat(log().deleteOf(tenant)).isEqualTo(2);
        assertThat(log().deleteOf(tenant)).isZero();
        assertThat(log().latest(tenant, 10)).isEmpty();
        assertThat(log().latest(other, 10)).hasSize(1);
    }

    @Test
    void ofManyWritersOfTheSameRequestsEachIsWrittenOnce() throws Exception {
        List<LoggedRequest> requests = new ArrayList<>(
                IntStream.range(0, 100).mapToObj(i -> request("r" + i, NOW + i)).toList());
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Collections.shuffle(requests, new Random(i));
            List<LoggedRequest> shuffled = List.copyOf(requests);
            writers.add(() -> {
                log().write(shuffled);
                return true;
            });
        }

        assertThat(atOnce(writers)).containsOnly(true);
        assertThat(log().latest(tenant, 1_000)).hasSize(100);
    }

    private RequestLog log() {
        return database().requests();
    }

    private String id(String name) {
        return name + "-" + tenant;
    }

    private LoggedRequest request(String name, long at) {
        return requestOf(tenant, name, at);
    }

    private LoggedRequest requestOf(String owner, String name, long at) {
        return new LoggedRequest(
                id(name),
                owner,
                Optional.empty(),
                "/v1/chat/completions",
                "m",
                at,
                200,
                "success",
                Optional.empty(),
                Optional.empty());
    }
}
