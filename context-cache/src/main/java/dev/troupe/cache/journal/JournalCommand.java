package dev.troupe.cache.journal;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What can be done with a {@link JournalSegment}. Each may come twice and does then what it did before. */
public sealed interface JournalCommand {

    /**
     * A new request, or one that is not here any more.
     *
     * @param term of its owner, 1 at first
     */
    record Open(StreamHead head, String owner, int term) implements JournalCommand {
        public Open {
            requireNonNull(head);
            requireNonNull(owner);
        }
    }

    /** New tokens of requests that {@code owner} works on. */
    record Append(String owner, List<Addition> additions) implements JournalCommand {
        public Append {
            requireNonNull(owner);
            additions = List.copyOf(additions);
        }
    }

    /**
     * What has come of one choice.
     *
     * @param term that its router believes to have
     * @param choice among all of the request
     * @param prompt that it belongs to
     */
    record Addition(String streamId, int term, int choice, int prompt, int cachedTokens, ChoiceLog log) {
        public Addition {
            requireNonNull(streamId);
            requireNonNull(log);
        }
    }

    /**
     * A request has ended, as its owner says.
     *
     * @param rest of its tokens, as far as they may not be here yet
     */
    record Close(String streamId, String owner, int term, List<Addition> rest, Outcome outcome, long nowMillis)
            implements JournalCommand {
        public Close {
            requireNonNull(streamId);
            requireNonNull(owner);
            rest = List.copyOf(rest);
            requireNonNull(outcome);
        }
    }

    /** A request is not wanted any more, whoever works on it. */
    record Cancel(String streamId, String tenant, long nowMillis) implements JournalCommand {
        public Cancel {
            requireNonNull(streamId);
            requireNonNull(tenant);
        }
    }

    /** All that {@code from} works on is {@code to}'s now. */
    record TakeOver(String from, String to) implements JournalCommand {
        public TakeOver {
            requireNonNull(from);
            requireNonNull(to);
        }
    }

    /**
     * What is there of a request.
     *
     * @param from by choice, how many tokens the reader has already; a choice beyond them is told whole
     */
    record Read(String streamId, String tenant, List<Integer> from) implements JournalCommand {
        public Read {
            requireNonNull(streamId);
            requireNonNull(tenant);
            from = List.copyOf(from);
        }
    }

    /** Who works on anything. */
    record Owners() implements JournalCommand {}

    /** What may be forgotten is. */
    record Prune(long nowMillis) implements JournalCommand {}
}
