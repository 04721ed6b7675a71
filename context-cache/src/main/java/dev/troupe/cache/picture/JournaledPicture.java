package dev.troupe.cache.picture;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.journal.Outcome;
import java.util.Optional;

/**
 * An order with what has become of it.
 *
 * @param owner router that works on it
 * @param previousOwner from whom the owner has taken it over; empty: from nobody
 * @param term how many routers have worked on it, this one included; from 1
 * @param sealed whether it is made and about to be kept: from then on nobody cancels it
 * @param outcome empty while it is under way
 */
public record JournaledPicture(
        PictureHead head,
        String owner,
        String previousOwner,
        int term,
        Headway headway,
        boolean sealed,
        Optional<Outcome> outcome) {
    public JournaledPicture {
        requireNonNull(head);
        requireNonNull(owner);
        requireNonNull(previousOwner);
        requireNonNull(headway);
        requireNonNull(outcome);
        if (term < 1) {
            throw new IllegalArgumentException("term must be at least 1, not " + term);
        }
    }
}
