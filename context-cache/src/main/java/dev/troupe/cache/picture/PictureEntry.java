package dev.troupe.cache.picture;

import dev.troupe.cache.journal.Outcome;
import java.util.Optional;

/** What a {@link PictureCommand} does to an order. It has one owner; whoever is not it changes nothing. Pure. */
public final class PictureEntry {
    private PictureEntry() {}

    /**
     * What came of a command.
     *
     * @param now the order afterwards; empty: there is none
     * @param verdict whether it was done
     */
    public record Result(Optional<JournaledPicture> now, Verdict verdict) {}

    /** The order is part of the stored form: append only. */
    public enum Verdict {
        DONE,
        /** It belongs to another router or term, it is over, or it is too late for this. */
        TAKEN,
        /** There is none. */
        MISSING
    }

    /** @param before the order as it lies there, if it does */
    public static Result apply(Optional<JournaledPicture> before, PictureCommand command) {
        if (before.isEmpty()) {
            return command instanceof PictureCommand.Open open
                    ? done(new JournaledPicture(
                            open.head(), open.owner(), "", open.term(), open.headway(), false, Optional.empty()))
                    : new Result(before, Verdict.MISSING);
        }
        JournaledPicture entry = before.get();
        if (command instanceof PictureCommand.Open open) {
            return isHeld(entry, open.owner(), open.term()) ? done(entry) : taken(entry);
        }
        if (command instanceof PictureCommand.Advance advance) {
            return isHeld(entry, advance.owner(), advance.term())
                    ? done(with(entry, advance.headway(), entry.sealed()))
                    : taken(entry);
        }
        if (command instanceof PictureCommand.Seal seal) {
            return isHeld(entry, seal.owner(), seal.term()) ? done(with(entry, entry.headway(), true)) : taken(entry);
        }
        if (command instanceof PictureCommand.Close close) {
            return close(entry, close);
        }
        if (command instanceof PictureCommand.Cancel cancel) {
            return cancel(entry, cancel);
        }
        if (command instanceof PictureCommand.Withdraw withdraw) {
            return isHeld(entry, withdraw.owner(), withdraw.term())
                    ? new Result(Optional.empty(), Verdict.DONE)
                    : taken(entry);
        }
        return takeOver(entry, (PictureCommand.TakeOver) command);
    }

    private static Result close(JournaledPicture entry, PictureCommand.Close close) {
        boolean again = entry.owner().equals(close.owner())
                && entry.term() == close.term()
                && entry.outcome().equals(Optional.of(close.outcome()));
        if (again) {
            return done(entry);
        }
        return isHeld(entry, close.owner(), close.term()) ? done(ended(entry, close.outcome())) : taken(entry);
    }

    private static Result cancel(JournaledPicture entry, PictureCommand.Cancel cancel) {
        if (!entry.head().tenant().equals(cancel.tenant())) {
            return new Result(Optional.empty(), Verdict.MISSING);
        }
        if (entry.outcome().equals(Optional.of(Outcome.CANCELLED))) {
            return done(entry);
        }
        return entry.sealed() || entry.outcome().isPresent() ? taken(entry) : done(ended(entry, Outcome.CANCELLED));
    }

    private static Result takeOver(JournaledPicture entry, PictureCommand.TakeOver takeOver) {
        if (entry.outcome().isPresent()) {
            return taken(entry);
        }
        if (entry.owner().equals(takeOver.from())) {
            return done(new JournaledPicture(
                    entry.head(),
                    takeOver.to(),
                    takeOver.from(),
                    entry.term() + 1,
                    entry.headway(),
                    entry.sealed(),
                    entry.outcome()));
        }
        // Told again should the first answer have been lost.
        boolean again =
                entry.owner().equals(takeOver.to()) && entry.previousOwner().equals(takeOver.from());
        return again ? done(entry) : taken(entry);
    }

    private static boolean isHeld(JournaledPicture entry, String owner, int term) {
        return entry.outcome().isEmpty() && entry.owner().equals(owner) && entry.term() == term;
    }

    private static JournaledPicture with(JournaledPicture entry, Headway headway, boolean sealed) {
        return new JournaledPicture(
                entry.head(), entry.owner(), entry.previousOwner(), entry.term(), headway, sealed, entry.outcome());
    }

    /** Without what was only there to go on with. */
    private static JournaledPicture ended(JournaledPicture entry, Outcome outcome) {
        Headway last = entry.headway();
        return new JournaledPicture(
                entry.head().withoutSource(),
                entry.owner(),
                entry.previousOwner(),
                entry.term(),
                new Headway(last.replicaId(), last.done(), last.of(), last.deaths(), last.stood(), Optional.empty()),
                entry.sealed(),
                Optional.of(outcome));
    }

    private static Result done(JournaledPicture now) {
        return new Result(Optional.of(now), Verdict.DONE);
    }

    private static Result taken(JournaledPicture now) {
        return new Result(Optional.of(now), Verdict.TAKEN);
    }
}
