package dev.troupe.node.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Tenant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a tenant is. What is not named stays as it is, or as the server makes it. */
final class TenantOptions {
    private static final String ALL_MODELS = "all";

    @Option(
            names = "--weight",
            paramLabel = "W",
            description = "Its share when the pool is full, as a ratio to the others' (at first: 1).")
    private Integer weight;

    @Option(
            names = "--priority",
            paramLabel = "interactive|standard|batch",
            description = "Whose work goes first (at first: standard).")
    private Priority priority;

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "ID",
            description = "Models that it may use, or " + ALL_MODELS + " (at first: " + ALL_MODELS + ").")
    private List<String> models;

    @Option(
            names = "--logging",
            paramLabel = "off|metadata|full",
            description =
                    "What is written down of its requests; full is prompts and answers, too (at first: metadata).")
    private Tenant.Logging logging;

    @Mixin
    private LimitOptions limits;

    /** @return what is named */
    ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (weight != null) {
            body.put("weight", weight);
        }
        if (priority != null) {
            body.put("priority", priority.word());
        }
        limits.into(body);
        if (models != null) {
            ArrayNode ids = body.putArray("models");
            if (!models.equals(List.of(ALL_MODELS))) {
                models.forEach(ids::add);
            }
        }
        if (logging != null) {
            body.put("logging", logging.name().toLowerCase(Locale.ROOT));
        }
        return body;
    }
}
