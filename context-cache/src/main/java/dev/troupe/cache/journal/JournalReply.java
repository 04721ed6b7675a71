package dev.troupe.cache.journal;

import java.util.List;
import java.util.Set;

/**
 * What came of a {@link JournalCommand}.
 *
 * @param lost of {@code Append} and {@code Close}: requests that are not the owner's any more, or over
 * @param streams of {@code TakeOver}: what has changed hands; of {@code Read} and {@code Cancel}: the request, if it is there
 * @param owners of {@code Owners}
 */
public record JournalReply(Set<String> lost, List<JournaledStream> streams, Set<String> owners) {
    static final JournalReply NOTHING = new JournalReply(Set.of(), List.of(), Set.of());

    public JournalReply {
        lost = Set.copyOf(lost);
        streams = List.copyOf(streams);
        owners = Set.copyOf(owners);
    }

    /** Whether there is nothing to tell. */
    public boolean isNothing() {
        return lost.isEmpty() && streams.isEmpty() && owners.isEmpty();
    }

    static JournalReply lost(Set<String> lost) {
        return lost.isEmpty() ? NOTHING : new JournalReply(lost, List.of(), Set.of());
    }

    static JournalReply of(List<JournaledStream> streams) {
        return new JournalReply(Set.of(), streams, Set.of());
    }
}
