package dev.troupe.cache.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Some requests that lie in one place, so that what one step makes of them is written at once. Each has one owner; whoever is not it changes
 * nothing. Mutable; for one thread at a time.
 */
public final class JournalSegment {
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        private final StreamHead head;
        private final TokenLog[] choices;
        private final int[] cachedTokens;
        private String owner;
        private String previousOwner = "";
        private int term;
        private int deaths;
        private Optional<Outcome> outcome = Optional.empty();
        private long forgetAtMillis = Long.MAX_VALUE;

        Entry(StreamHead head, String owner, int term) {
            this.head = head;
            this.owner = owner;
            this.term = term;
            this.choices = new TokenLog[head.choices()];
            Arrays.setAll(choices, i -> new TokenLog());
            this.cachedTokens = new int[head.prompts().size()];
        }

        boolean isHeldBy(String router, int itsTerm) {
            return owner.equals(router) && term == itsTerm && outcome.isEmpty();
        }

        boolean isEndedBy(JournalCommand.Close close) {
            return owner.equals(close.owner()) && term == close.term() && outcome.equals(Optional.of(close.outcome()));
        }

        void append(JournalCommand.Addition addition) {
            choices[addition.choice()].append(addition.log());
            cachedTokens[addition.prompt()] = Math.max(cachedTokens[addition.prompt()], addition.cachedTokens());
        }

        void end(Outcome how, long nowMillis) {
            outcome = Optional.of(how);
            forgetAtMillis = nowMillis + head.keepMillis();
        }

        JournaledStream from(List<Integer> indexes) {
            List<ChoiceLog> logs = new ArrayList<>();
            for (int i = 0; i < choices.length; i++) {
                int from = i < indexes.size() ? indexes.get(i) : 0;
                logs.add(choices[i].from(from > choices[i].size() ? 0 : from));
            }
            return new JournaledStream(
                    head,
                    owner,
                    term,
                    deaths,
                    Arrays.stream(cachedTokens).boxed().toList(),
                    logs,
                    outcome);
        }
    }

    /** Does what a command says. */
    public JournalReply apply(JournalCommand command) {
        if (command instanceof JournalCommand.Append append) {
            return append(append);
        }
        if (command instanceof JournalCommand.Open open) {
            entries.computeIfAbsent(
                    open.head().streamId(), absent -> new Entry(open.head(), open.owner(), open.term()));
            return JournalReply.NOTHING;
        }
        if (command instanceof JournalCommand.Close close) {
            return close(close);
        }
        if (command instanceof JournalCommand.Cancel cancel) {
            return cancel(cancel);
        }
        if (command instanceof JournalCommand.TakeOver takeOver) {
            return takeOver(takeOver);
        }
        if (command instanceof JournalCommand.Read read) {
            return read(read);
        }
        if (command instanceof JournalCommand.Prune prune) {
            entries.values().removeIf(entry -> entry.forgetAtMillis <= prune.nowMillis());
            return JournalReply.NOTHING;
        }
        return owners();
    }

    private JournalReply append(JournalCommand.Append append) {
        Set<String> lost = new HashSet<>();
        Set<String> missing = new HashSet<>();
        for (JournalCommand.Addition addition : append.additions()) {
            Entry entry = entries.get(addition.streamId());
            if (entry == null) {
                missing.add(addition.streamId());
            } else if (entry.isHeldBy(append.owner(), addition.term())) {
                entry.append(addition);
            } else {
                lost.add(addition.streamId());
            }
        }
        return JournalReply.appended(lost, missing);
    }

    private JournalReply close(JournalCommand.Close close) {
        Entry entry = entries.get(close.streamId());
        if (entry != null && entry.isEndedBy(close)) {
            return JournalReply.NOTHING;
        }
        if (entry == null || !entry.isHeldBy(close.owner(), close.term())) {
            return JournalReply.appended(Set.of(close.streamId()), Set.of());
        }
        close.rest().forEach(entry::append);
        entry.end(close.outcome(), close.nowMillis());
        return JournalReply.NOTHING;
    }

    private JournalReply cancel(JournalCommand.Cancel cancel) {
        Entry entry = entries.get(cancel.streamId());
        if (entry == null || !entry.head.tenant().equals(cancel.tenant())) {
            return JournalReply.NOTHING;
        }
        if (entry.outcome.isEmpty()) {
            entry.end(Outcome.CANCELLED, cancel.nowMillis());
        }
        return JournalReply.of(List.of(entry.from(List.of())));
    }

    private JournalReply takeOver(JournalCommand.TakeOver takeOver) {
        List<JournaledStream> taken = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.outcome.isPresent()) {
                continue;
            }
            if (entry.owner.equals(takeOver.from())) {
                entry.previousOwner = entry.owner;
                entry.owner = takeOver.to();
                entry.term++;
                entry.deaths++;
            }
            // Told again should the first answer have been lost.
            if (entry.owner.equals(takeOver.to()) && entry.previousOwner.equals(takeOver.from())) {
                taken.add(entry.from(List.of()));
            }
        }
        return JournalReply.of(taken);
    }

    private JournalReply read(JournalCommand.Read read) {
        Entry entry = entries.get(read.streamId());
        return entry == null || !entry.head.tenant().equals(read.tenant())
                ? JournalReply.NOTHING
                : JournalReply.of(List.of(entry.from(read.from())));
    }

    private JournalReply owners() {
        Set<String> owners = new HashSet<>();
        entries.values().stream().filter(entry -> entry.outcome.isEmpty()).forEach(entry -> owners.add(entry.owner));
        return new JournalReply(Set.of(), Set.of(), List.of(), owners);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Everything, for a copy: see {@link #restore}. */
    public List<Saved> save() {
        return entries.values().stream()
                .map(entry -> new Saved(entry.from(List.of()), entry.previousOwner, entry.forgetAtMillis))
                .toList();
    }

    /** A request with what only the segment knows of it. */
    public record Saved(JournaledStream stream, String previousOwner, long forgetAtMillis) {}

    /** @return what {@link #save} was told of */
    public static JournalSegment restore(List<Saved> saved) {
        JournalSegment segment = new JournalSegment();
        for (Saved one : saved) {
            JournaledStream stream = one.stream();
            Entry entry = new Entry(stream.head(), stream.owner(), stream.term());
            entry.previousOwner = one.previousOwner();
            entry.deaths = stream.deaths();
            entry.outcome = stream.outcome();
            entry.forgetAtMillis = one.forgetAtMillis();
            for (int i = 0; i < entry.choices.length; i++) {
                entry.choices[i].append(stream.choices().get(i));
            }
            Arrays.setAll(entry.cachedTokens, stream.cachedTokens()::get);
            segment.entries.put(stream.head().streamId(), entry);
        }
        return segment;
    }
}
