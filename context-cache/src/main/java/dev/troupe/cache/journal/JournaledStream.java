package dev.troupe.cache.journal;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A request as the journal has it.
 *
 * @param owner router that works on it
 * @param term how many routers have worked on it, this one included; from 1
 * @param deaths how many of its routers died
 * @param cachedTokens by prompt, of its tokens those that came from the prefix cache
 * @param choices by number, from where the reader asked
 * @param outcome empty while it runs
 */
public record JournaledStream(
        StreamHead head,
        String owner,
        int term,
        int deaths,
        List<Integer> cachedTokens,
        List<ChoiceLog> choices,
        Optional<Outcome> outcome) {
    public JournaledStream {
        requireNonNull(head);
        requireNonNull(owner);
        requireNonNull(outcome);
        cachedTokens = List.copyOf(cachedTokens);
        choices = List.copyOf(choices);
    }
}
