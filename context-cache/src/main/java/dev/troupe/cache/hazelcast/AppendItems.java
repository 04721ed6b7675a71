package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import java.util.List;
import java.util.Map;

/** Appends to the one version of a conversation, once a request. */
record AppendItems(String requestId, long version, List<Item> items)
        implements EntryProcessor<String, Conversation, Outcome> {
    private static final long serialVersionUID = 1L;

    @Override
    public Outcome process(Map.Entry<String, Conversation> entry) {
        Conversation conversation = entry.getValue();
        if (conversation == null) {
            return Outcome.GONE;
        }
        if (conversation.holds(requestId)) {
            return Outcome.REPEATED;
        }
        if (conversation.version() != version) {
            return Outcome.SUPERSEDED;
        }
        ((ExtendedMapEntry<String, Conversation>) entry).setValueWithoutChangingExpiryTime(conversation.append(items));
        return Outcome.APPENDED;
    }
}
