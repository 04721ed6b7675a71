package dev.troupe.node.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.tenant.Limits.Kind;
import picocli.CommandLine.Option;

/** What a tenant or a key may use at most, in the whole pool. What is not named stays as it is, or without a limit. */
final class LimitOptions {
    @Option(
            names = "--rpm",
            paramLabel = "N",
            converter = Amount.class,
            description = "Requests a minute, or none for no limit; so for the others.")
    private JsonNode requests;

    @Option(
            names = "--tpm",
            paramLabel = "N",
            converter = Amount.class,
            description = "Tokens a minute, of prompts and answers.")
    private JsonNode tokens;

    @Option(names = "--ipm", paramLabel = "N", converter = Amount.class, description = "Pictures a minute.")
    private JsonNode images;

    @Option(names = "--concurrent", paramLabel = "N", converter = Amount.class, description = "Requests at a time.")
    private JsonNode concurrent;

    @Option(names = "--tokens-per-day", paramLabel = "N", converter = Amount.class, description = "Tokens a day.")
    private JsonNode tokensPerDay;

    @Option(
            names = "--storage",
            paramLabel = "SIZE",
            converter = Amount.OfBytes.class,
            description = "What is kept for it, such as 10g.")
    private JsonNode storage;

    /** Writes {@code limits}, when any is named. */
    void into(ObjectNode body) {
        ObjectNode limits = JsonNodeFactory.instance.objectNode();
        put(limits, Kind.REQUESTS_PER_MINUTE, requests);
        put(limits, Kind.TOKENS_PER_MINUTE, tokens);
        put(limits, Kind.IMAGES_PER_MINUTE, images);
        put(limits, Kind.CONCURRENT_REQUESTS, concurrent);
        put(limits, Kind.TOKENS_PER_DAY, tokensPerDay);
        put(limits, Kind.STORAGE_BYTES, storage);
        if (!limits.isEmpty()) {
            body.set("limits", limits);
        }
    }

    private static void put(ObjectNode limits, Kind kind, JsonNode value) {
        if (value != null) {
            limits.set(kind.word(), value);
        }
    }
}
