package dev.troupe.router.conversation;

import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Spoken;
import dev.troupe.router.api.ChatTurn;
import dev.troupe.router.api.NewItem;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Makes items, and names that nobody guesses. */
final class Items {
    private static final int NAME_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Items() {}

    static List<Item> of(String requestId, List<NewItem> items) {
        return items.stream()
                .map(item -> item(requestId, item.role(), item.text(), Optional.empty(), Optional.empty()))
                .toList();
    }

    static List<Item> turn(String requestId, List<ChatTurn> messages, String answer, Optional<Spoken> spoken) {
        List<Item> items = new ArrayList<>(messages.size() + 1);
        for (ChatTurn message : messages) {
            items.add(item(requestId, message.role(), message.content(), message.name(), Optional.empty()));
        }
        items.add(item(requestId, "assistant", answer, Optional.empty(), spoken));
        return items;
    }

    private static Item item(
            String requestId, String role, String text, Optional<String> name, Optional<Spoken> spoken) {
        return new Item(name("msg_"), requestId, role, wellFormed(text), name.map(Items::wellFormed), spoken);
    }

    static String name(String prefix) {
        byte[] bytes = new byte[NAME_BYTES];
        RANDOM.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }

    /** A lone surrogate is no character; what stands for it is what the tokenizer takes it for. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }
}
