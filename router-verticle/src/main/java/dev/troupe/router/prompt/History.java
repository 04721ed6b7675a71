package dev.troupe.router.prompt;

import dev.troupe.cache.conversation.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was said before, in whole turns: each begins with a user's message. What comes before the first one is a turn too, but for the system
 * prompt, which is always said.
 */
final class History {
    private final List<Item> items;
    private final Optional<Item> system;
    private final List<Integer> turns; // index of each one's first item

    History(List<Item> items) {
        this.items = List.copyOf(items);
        this.system = items.stream().filter(History::isSystem).findFirst();
        this.turns = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            boolean first =
                    turns.isEmpty() && system.filter(items.get(i)::equals).isEmpty();
            if (first || items.get(i).role().equals("user")) {
                turns.add(i);
            }
        }
    }

    private static boolean isSystem(Item item) {
        return item.role().equals("system") || item.role().equals("developer");
    }

    int turns() {
        return turns.size();
    }

    /** @return everything but the oldest turns; the system prompt comes first when its own is among them */
    List<Item> without(int oldest) {
        if (oldest == 0) {
            return items;
        }
        int from = oldest == turns.size() ? items.size() : turns.get(oldest);
        List<Item> rest = items.subList(from, items.size());
        return system.isEmpty() || rest.contains(system.get())
                ? rest
                : Stream.concat(system.stream(), rest.stream()).toList();
    }
}
