package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cache.conversation.Item;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.ConversationFields;
import dev.troupe.router.api.ItemPage;
import dev.troupe.router.conversation.ConversationAccess;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /v1/conversations}. */
final class ConversationRoutes {
    private static final Logger log = LoggerFactory.getLogger(ConversationRoutes.class);
    private static final String ALL = "/v1/conversations";
    private static final String ONE = ALL + "/:id";
    private static final String ITEMS = ONE + "/items";

    private final ConversationAccess conversations;
    private final JsonBodies bodies;

    ConversationRoutes(ConversationAccess conversations, JsonBodies bodies) {
        this.conversations = conversations;
        this.bodies = bodies;
    }

    void mount(Router router) {
        router.post(ALL).handler(context -> answer(context, create(context.request())));
        router.get(ONE)
                .handler(context -> answer(
                        context, conversations.find(tenant(), id(context)).map(ConversationJson::conversation)));
        router.delete(ONE)
                .handler(context -> answer(
                        context,
                        conversations
                                .delete(tenant(), id(context))
                                .map(deleted -> ConversationJson.deleted(id(context)))));
        router.get(ITEMS).handler(context -> answer(context, page(context)));
        router.post(ITEMS).handler(context -> answer(context, add(context)));
    }

    private Future<ObjectNode> create(HttpServerRequest request) {
        return bodies.read(request, ConversationFields::create)
                .compose(wanted -> conversations.create(tenant(), wanted))
                .map(ConversationJson::conversation);
    }

    private Future<ObjectNode> add(RoutingContext context) {
        return bodies.read(context.request(), ConversationFields::items)
                .compose(wanted -> conversations.add(tenant(), id(context), wanted))
                .map(items -> ConversationJson.list(items, false));
    }

    private Future<ObjectNode> page(RoutingContext context) {
        return conversations
                .find(tenant(), id(context))
                .map(conversation -> page(
                        conversation.items(),
                        ConversationFields.page(
                                query(context, "limit"), query(context, "order"), query(context, "after"))));
    }

    private static ObjectNode page(List<Item> items, ItemPage page) {
        List<Item> ordered = new ArrayList<>(items);
        if (!page.oldestFirst()) {
            Collections.reverse(ordered);
        }
        int from = page.after().map(after -> indexOf(ordered, after) + 1).orElse(0);
        int to = Math.min(ordered.size(), from + page.limit());
        return ConversationJson.list(ordered.subList(from, to), to < ordered.size());
    }

    private static int indexOf(List<Item> items, String id) {
        return IntStream.range(0, items.size())
                .filter(i -> items.get(i).id().equals(id))
                .findFirst()
                .orElseThrow(() -> ConversationFields.unknownItem(id));
    }

    private static Optional<String> query(RoutingContext context, String name) {
        return Optional.ofNullable(context.request().getParam(name));
    }

    private static String tenant() {
        return Caller.LOCAL.tenant();
    }

    private static String id(RoutingContext context) {
        return context.pathParam("id");
    }

    private static void answer(RoutingContext context, Future<ObjectNode> body) {
        body.onSuccess(json -> Responses.json(context.response(), 200, json))
                .onFailure(failure -> Responses.error(context.response(), error(context, failure)));
    }

    private static ApiError error(RoutingContext context, Throwable failure) {
        if (failure instanceof ApiException known) {
            return known.error();
        }
        if (!(failure instanceof HttpClosedException)) {
            log.error("{} failed in the router", context.request().path(), failure);
        }
        return ApiError.internal("internal_error", "The server made an error. Its log says which.");
    }
}
