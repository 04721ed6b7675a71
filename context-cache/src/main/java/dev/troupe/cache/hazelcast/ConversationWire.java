package dev.troupe.cache.hazelcast;

import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Spoken;
import dev.troupe.cluster.wire.WireReader;
import dev.troupe.cluster.wire.WireSerializer;
import dev.troupe.cluster.wire.WireWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The bytes of conversations and of what changes them. The numbers of types are never given to another. */
final class ConversationWire {
    private static final int CONVERSATION = 1101;
    private static final int TURN = 1102;
    private static final int APPEND_ITEMS = 1103;
    private static final int TAKE_TURN = 1104;
    private static final int KEEP_TURN = 1105;
    private static final int GIVE_TURN_BACK = 1106;

    private ConversationWire() {}

    static List<WireSerializer<?>> serializers() {
        return List.of(
                new WireSerializer<>(
                        CONVERSATION,
                        Conversation.class,
                        1,
                        ConversationWire::write,
                        ConversationWire::readConversation),
                new WireSerializer<>(
                        TURN,
                        Turn.class,
                        1,
                        (out, turn) -> out.text(turn.requestId())
                                .optional(turn.version(), WireWriter::count)
                                .count(turn.keptAt()),
                        in -> new Turn(in.text(), in.optional(WireReader::count), in.count())),
                new WireSerializer<>(
                        APPEND_ITEMS,
                        AppendItems.class,
                        1,
                        (out, append) -> out.text(append.requestId())
                                .count(append.version())
                                .list(append.items(), ConversationWire::write),
                        in -> new AppendItems(in.text(), in.count(), in.list(ConversationWire::readItem))),
                new WireSerializer<>(
                        TAKE_TURN,
                        TakeTurn.class,
                        1,
                        (out, take) -> out.text(take.requestId())
                                .optional(take.version(), WireWriter::count)
                                .count(take.now()),
                        in -> new TakeTurn(in.text(), in.optional(WireReader::count), in.count())),
                new WireSerializer<>(
                        KEEP_TURN,
                        KeepTurn.class,
                        1,
                        (out, keep) -> out.text(keep.requestId()).count(keep.now()),
                        in -> new KeepTurn(in.text(), in.count())),
                new WireSerializer<>(
                        GIVE_TURN_BACK,
                        GiveTurnBack.class,
                        1,
                        (out, give) -> out.text(give.requestId()),
                        in -> new GiveTurnBack(in.text())));
    }

    private static void write(WireWriter out, Conversation conversation) {
        out.text(conversation.id())
                .text(conversation.tenant())
                .count(conversation.createdAt())
                .list(conversation.metadata().entrySet(), (to, entry) -> to.text(entry.getKey())
                        .text(entry.getValue()))
                .count(conversation.version())
                .list(conversation.items(), ConversationWire::write);
    }

    private static Conversation readConversation(WireReader in) {
        return new Conversation(
                in.text(),
                in.text(),
                in.count(),
                in.list(entry -> Map.entry(entry.text(), entry.text())).stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                in.count(),
                in.list(ConversationWire::readItem));
    }

    private static void write(WireWriter out, Item item) {
        out.text(item.id())
                .text(item.requestId())
                .text(item.role())
                .text(item.text())
                .optional(item.name(), WireWriter::text)
                .optional(item.spoken(), (to, spoken) -> to.text(spoken.fingerprint())
                        .tokens(spoken.tokens()));
    }

    private static Item readItem(WireReader in) {
        return new Item(
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.optional(WireReader::text),
                in.optional(spoken -> new Spoken(spoken.text(), spoken.tokens())));
    }
}
