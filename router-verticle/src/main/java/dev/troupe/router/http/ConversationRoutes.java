package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cache.conversation.Item;
import dev.troupe.router.api.ConversationFields;
import dev.troupe.router.api.ItemPage;
import dev.troupe.router.conversation.ConversationAccess;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** {@code /v1/conversations}. */
final class ConversationRoutes {
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
        router.post(ALL).handler(context -> Answers.send(context, 200, () -> create(context)));
        router.get(ONE)
                .handler(context -> Answers.send(context, 200, () -> conversations
                        .find(tenant(context), id(context))
                        .map(ConversationJson::conversation)));
        router.delete(ONE)
                .handler(context -> Answers.send(context, 200, () -> conversations
                        .delete(tenant(context), id(context))
                        .map(deleted -> ConversationJson.deleted(id(context)))));
        router.get(ITEMS).handler(context -> Answers.send(context, 200, () -> page(context)));
        router.post(ITEMS).handler(context -> Answers.send(context, 200, () -> add(context)));
    }

    private Future<ObjectNode> create(RoutingContext context) {
        return bodies.read(context.request(), ConversationFields::create)
                .compose(wanted -> conversations.create(tenant(context), wanted))
                .map(ConversationJson::conversation);
    }

    private Future<ObjectNode> add(RoutingContext context) {
        return bodies.read(context.request(), ConversationFields::items)
                .compose(wanted -> conversations.add(tenant(context), id(context), wanted))
                .map(items -> ConversationJson.list(items, false));
    }

    private Future<ObjectNode> page(RoutingContext context) {
        return conversations
                .find(tenant(context), id(context))
                .map(conversation -> page(
                        conversation.items(),
                        ConversationFields.page(
                                Answers.query(context, "limit"),
                                Answers.query(context, "order"),
                                Answers.query(context, "after"))));
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

    private static String tenant(RoutingContext context) {
        return HttpRoutes.caller(context).name();
    }

    private static String id(RoutingContext context) {
        return context.pathParam("id");
    }
}
