package dev.troupe.cache.picture;

import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.PictureEntry.Result;
import dev.troupe.cache.picture.PictureEntry.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The journal in the memory of one process, for one thread: what tests and simulations share, and what outlives nobody. */
public final class MemoryPictureJournal implements PictureJournal {
    private final Map<String, JournaledPicture> entries = new LinkedHashMap<>();

    private Result apply(String id, PictureCommand command) {
        Optional<JournaledPicture> before = Optional.ofNullable(entries.get(id));
        Result result = PictureEntry.apply(before, command);
        if (result.verdict() == Verdict.DONE) {
            result.now().ifPresentOrElse(now -> entries.put(id, now), () -> entries.remove(id));
        }
        return result;
    }

    private CompletionStage<Verdict> verdict(String id, PictureCommand command) {
        return CompletableFuture.completedStage(apply(id, command).verdict());
    }

    @Override
    public CompletionStage<Verdict> open(PictureHead head, String owner, int term, Headway headway) {
        return verdict(head.id(), new PictureCommand.Open(head, owner, term, headway));
    }

    @Override
    public CompletionStage<Verdict> advance(String id, String owner, int term, Headway headway) {
        return verdict(id, new PictureCommand.Advance(owner, term, headway));
    }

    @Override
    public CompletionStage<Verdict> seal(String id, String owner, int term) {
        return verdict(id, new PictureCommand.Seal(owner, term));
    }

    @Override
    public CompletionStage<Verdict> close(String id, String owner, int term, Outcome outcome) {
        return verdict(id, new PictureCommand.Close(owner, term, outcome));
    }

    @Override
    public CompletionStage<Verdict> withdraw(String id, String owner, int term) {
        return verdict(id, new PictureCommand.Withdraw(owner, term));
    }

    @Override
    public CompletionStage<Optional<JournaledPicture>> cancel(String id, String tenant) {
        return CompletableFuture.completedStage(
                apply(id, new PictureCommand.Cancel(tenant)).now());
    }

    @Override
    public CompletionStage<Optional<JournaledPicture>> read(String id, String tenant) {
        return CompletableFuture.completedStage(Optional.ofNullable(entries.get(id))
                .filter(entry -> entry.head().tenant().equals(tenant)));
    }

    @Override
    public CompletionStage<Set<String>> owners() {
        Set<String> owners = new HashSet<>();
        entries.values().stream()
                .filter(entry -> entry.outcome().isEmpty())
                .forEach(entry -> owners.add(entry.owner()));
        return CompletableFuture.completedStage(owners);
    }

    @Override
    public CompletionStage<List<JournaledPicture>> takeOver(String from, String to) {
        List<JournaledPicture> taken = new ArrayList<>();
        for (String id : List.copyOf(entries.keySet())) {
            Result result = apply(id, new PictureCommand.TakeOver(from, to));
            if (result.verdict() == Verdict.DONE) {
                taken.add(result.now().orElseThrow());
            }
        }
        return CompletableFuture.completedStage(taken);
    }

    /** @return everything that is written down, for an examiner */
    public List<JournaledPicture> all() {
        return List.copyOf(entries.values());
    }
}
