package dev.troupe.cache.picture;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.journal.Outcome;

/** What can be done with an order in the journal. Each may come twice and does then what it did before. */
public sealed interface PictureCommand {

    /** A new order, or one that is not here any more. */
    record Open(PictureHead head, String owner, int term, Headway headway) implements PictureCommand {
        public Open {
            requireNonNull(head);
            requireNonNull(owner);
            requireNonNull(headway);
        }
    }

    /** It has got on. */
    record Advance(String owner, int term, Headway headway) implements PictureCommand {
        public Advance {
            requireNonNull(owner);
            requireNonNull(headway);
        }
    }

    /** It is made, and its owner is about to keep it. */
    record Seal(String owner, int term) implements PictureCommand {
        public Seal {
            requireNonNull(owner);
        }
    }

    /** It is over, as its owner says. */
    record Close(String owner, int term, Outcome outcome) implements PictureCommand {
        public Close {
            requireNonNull(owner);
            requireNonNull(outcome);
        }
    }

    /** It is not wanted any more, whoever works on it; too late once it is sealed. */
    record Cancel(String tenant) implements PictureCommand {
        public Cancel {
            requireNonNull(tenant);
        }
    }

    /** If it is {@code from}'s it is {@code to}'s now. */
    record TakeOver(String from, String to) implements PictureCommand {
        public TakeOver {
            requireNonNull(from);
            requireNonNull(to);
        }
    }

    /** Forget it: its owner could not have it begun, and whoever asked knows. */
    record Withdraw(String owner, int term) implements PictureCommand {
        public Withdraw {
            requireNonNull(owner);
        }
    }
}
