package dev.troupe.cache.journal;

import java.util.List;
import java.util.Set;

/**
 * What came of a {@link JournalCommand}.
 *
 * @param lost of {@code Append} and {@code Close}: requests that are not the owner's any more, or over
 * @param missing of {@code Append}: requests of which there is nothing here
 * @param streams of {@code TakeOver}: what has changed hands; of {@code Read} and {@code Cancel}: the request, if it is there
 * @param owners of {@code Owners}
 */
public record JournalReply(Set<String> lost, Set<String> missing, List<JournaledStream> streams, Set<String> owners) {
    static final JournalReply NOTHING = new JournalReply(Set.of(), Set.of(), List.of(), Set.of());

    public JournalReply {
        lost = Set.copyOf(lost);
        missing = Set.copyOf(missing);
        streams = List.copyOf(streams);
        owners = Set.copyOf(owners);
    }

    /** Whether there is nothing to tell. */
    public boolean isNothing() {
        return lost.isEmpty() && missing.isEmpty() && streams.isEmpty() && owners.isEmpty();
    }

    static JournalReply appended(Set<String> lost, Set<String> missing) {
        return lost.isEmpty() && missing.isEmpty() ? NOTHING : new JournalReply(lost, missing, List.of(), Set.of());
    }

    static JournalReply of(List<JournaledStream> streams) {
        return new JournalReply(Set.of(), Set.of(), streams, Set.of());
    }
}
