package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.Json;
import dev.troupe.router.api.UsageQuery;
import dev.troupe.router.tenant.Caller;
import dev.troupe.store.UsageLedger;
import dev.troupe.store.UsageLedger.Bucket;
import dev.troupe.store.UsageSum;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** {@code GET /v1/usage} and OpenAI's {@code GET /v1/organization/usage/completions} and {@code …/images}: what the caller's tenant has used. */
final class UsageRoutes {
    static final String USAGE = "/v1/usage";
    static final String IMAGES = "/v1/organization/usage/images";
    static final String COMPLETIONS = "/v1/organization/usage/completions";

    private final UsageLedger ledger;
    private final WorkerExecutor workers;
    private final LongSupplier seconds;

    /** @param seconds since 1970 */
    UsageRoutes(UsageLedger ledger, WorkerExecutor workers, LongSupplier seconds) {
        this.ledger = ledger;
        this.workers = workers;
        this.seconds = seconds;
    }

    void mount(Router router) {
        router.get(USAGE).handler(context -> Answers.send(context, 200, () -> usage(context)));
        router.get(COMPLETIONS)
                .handler(context -> Answers.send(context, 200, () -> buckets(context, UsageRoutes::completions)));
        router.get(IMAGES).handler(context -> Answers.send(context, 200, () -> buckets(context, UsageRoutes::images)));
    }

    private Future<ObjectNode> usage(RoutingContext context) {
        Caller caller = HttpRoutes.caller(context);
        UsageQuery query = UsageQuery.of(name -> Answers.query(context, name), seconds.getAsLong());
        return workers.executeBlocking(() -> usage(caller, query), false);
    }

    private ObjectNode usage(Caller caller, UsageQuery query) {
        ObjectNode json = Json.object().put("object", "usage");
        json.set("total", sum(ledger.total(caller.name(), query.fromMillis(), query.toMillis())));
        json.set("limits", TenancyJson.limits(caller.tenant().limits()));
        ArrayNode data = json.putArray("data");
        Map<String, UsageSum> groups =
                ledger.grouped(caller.name(), query.fromMillis(), query.toMillis(), query.groupBy());
        String name = query.groupBy().name().toLowerCase(Locale.ROOT);
        groups.forEach((group, sum) -> data.add(Json.object().put(name, group).setAll(sum(sum))));
        return json;
    }

    private static ObjectNode sum(UsageSum sum) {
        return Json.object()
                .put("requests", sum.requests())
                .put("prompt_tokens", sum.promptTokens())
                .put("cached_tokens", sum.cachedTokens())
                .put("completion_tokens", sum.completionTokens())
                .put("images", sum.images());
    }

    private Future<ObjectNode> buckets(RoutingContext context, Function<UsageSum, Optional<ObjectNode>> result) {
        String tenant = HttpRoutes.caller(context).name();
        UsageQuery.Buckets query = UsageQuery.buckets(name -> Answers.query(context, name), seconds.getAsLong());
        return workers.executeBlocking(
                        () -> ledger.buckets(tenant, query.fromMillis(), query.toMillis(), query.widthMillis()), false)
                .map(buckets -> page(buckets, query, result));
    }

    private static ObjectNode page(
            List<Bucket> buckets, UsageQuery.Buckets query, Function<UsageSum, Optional<ObjectNode>> result) {
        ObjectNode json = Json.object().put("object", "page");
        ArrayNode data = json.putArray("data");
        for (Bucket bucket : buckets) {
            long end = Math.min(bucket.fromMillis() + query.widthMillis(), query.toMillis());
            ObjectNode entry = data.addObject()
                    .put("object", "bucket")
                    .put("start_time", bucket.fromMillis() / 1000)
                    .put("end_time", end / 1000);
            ArrayNode results = entry.putArray("results");
            result.apply(bucket.sum()).ifPresent(results::add);
        }
        return json.put("has_more", query.nextPage().isPresent())
                .put("next_page", query.nextPage().orElse(null));
    }

    /** A picture is a row of the ledger with nothing else in it. */
    private static Optional<ObjectNode> completions(UsageSum sum) {
        long requests = sum.requests() - sum.images();
        return requests == 0
                ? Optional.empty()
                : Optional.of(ungrouped(Json.object()
                        .put("object", "organization.usage.completions.result")
                        .put("input_tokens", sum.promptTokens())
                        .put("output_tokens", sum.completionTokens())
                        .put("input_cached_tokens", sum.cachedTokens())
                        .put("input_audio_tokens", 0)
                        .put("output_audio_tokens", 0)
                        .put("num_model_requests", requests)
                        .putNull("batch")));
    }

    private static Optional<ObjectNode> images(UsageSum sum) {
        return sum.images() == 0
                ? Optional.empty()
                : Optional.of(ungrouped(Json.object()
                        .put("object", "organization.usage.images.result")
                        .put("images", sum.images())
                        .put("num_model_requests", sum.images())
                        .putNull("size")
                        .putNull("source")));
    }

    private static ObjectNode ungrouped(ObjectNode result) {
        return result.putNull("project_id")
                .putNull("user_id")
                .putNull("api_key_id")
                .putNull("model");
    }
}
