package dev.troupe.router.stream;

import dev.troupe.cache.journal.ChoiceLog;
import dev.troupe.cache.journal.TokenLog;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest.Begun;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All choices of one prompt: which attempt counts, what has come and what is missing, what is written down and may be told, what is to be
 * acknowledged, and how long it has been silent.
 *
 * <p>Tokens go three steps: {@link #accept} takes them off the bus, {@link #pending} is what must be written down, and {@link #release}
 * makes text of what was.
 */
public final class GenerationTracker {
    /** Tokens between two acknowledgements; far less than the window that a batcher grants. */
    private static final int ACK_EVERY = 32;

    private final List<Choice> choices;
    private Attempt attempt;
    private long lastHeard;
    private int cachedTokens;

    private static final class Choice {
        private final TokenLog log = new TokenLog();
        private final ChoiceStream stream;
        /** Tokens that are known to be written down. */
        private int written;

        private boolean finishReleased;
        private int acknowledged;

        Choice(ChoiceStream stream) {
            this.stream = stream;
        }

        boolean hasEnded() {
            return stream.finish().isPresent();
        }
    }

    /** What of a choice is still to be written down, or was not known to be when last asked. */
    public record Pending(int choice, ChoiceLog log) {}

    public GenerationTracker(Attempt attempt, List<ChoiceStream> choices, long now) {
        this.attempt = attempt;
        this.choices = choices.stream().map(Choice::new).toList();
        this.lastHeard = now;
    }

    /** What became of a run. */
    public enum Arrival {
        /** Of another attempt, or of a choice that does not exist. */
        STRANGE,
        TAKEN,
        /** Tokens before it are missing: ask with {@link #resend}. */
        GAP
    }

    /** Whether an end is one that an answer can have; otherwise the pool could not or would not go on. */
    public static boolean isAnswer(FinishReason reason) {
        return switch (reason) {
            case STOP, LENGTH -> true;
            case CANCELLED, FAILED, OUT_OF_MEMORY, LATE -> false;
        };
    }

    public Attempt attempt() {
        return attempt;
    }

    /** The request goes to another replica; whoever still works on the old attempt is not listened to. */
    public void nextAttempt(long now) {
        attempt = new Attempt(attempt.requestId(), attempt.epoch() + 1);
        choices.forEach(choice -> choice.acknowledged = choice.log.size());
        lastHeard = now;
    }

    public Arrival accept(TokenRun run, long now) {
        if (!run.attempt().equals(attempt) || run.choice() >= choices.size()) {
            return Arrival.STRANGE;
        }
        lastHeard = now;
        if (run.choice() == 0 && run.firstIndex() == 0) {
            // The others find the first one's prompt in the cache, and a later attempt what the first had computed,
            // which saved the user
            // nothing.
            cachedTokens = Math.max(cachedTokens, run.cachedTokens());
        }
        ChoiceLog arrived = new ChoiceLog(
                run.firstIndex(), run.tokens(), run.logprobs(), run.finish().filter(GenerationTracker::isAnswer));
        return choices.get(run.choice()).log.append(arrived) ? Arrival.TAKEN : Arrival.GAP;
    }

    /** What was written down before this tracker was made: nothing of it is told again. */
    public void restore(List<Pending> written, int cached) {
        for (Pending one : written) {
            Choice choice = choices.get(one.choice());
            choice.log.append(one.log());
            release(List.of(one));
            choice.written = choice.log.size();
            choice.acknowledged = choice.written;
            choice.stream.take();
        }
        cachedTokens = cached;
    }

    /** @return what of each choice is not known to be written down, and the end of those whose text is not told to it */
    public List<Pending> pending() {
        List<Pending> pending = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            Choice choice = choices.get(i);
            int end = choice.log.size();
            boolean ends = choice.log.finish().isPresent() && !choice.finishReleased;
            if (choice.written < end || ends) {
                pending.add(new Pending(i, choice.log.from(choice.written)));
            }
        }
        return pending;
    }

    /** What was written down is lost. */
    public void nothingIsWritten() {
        choices.forEach(choice -> choice.written = 0);
    }

    /** That much is written down. */
    public void written(List<Pending> pending) {
        for (Pending one : pending) {
            Choice choice = choices.get(one.choice());
            choice.written = Math.max(choice.written, one.log().end());
        }
    }

    /** Makes text of that much, for {@link #take}. @return how many more tokens of all choices count */
    public int release(List<Pending> pending) {
        int before = completionTokens();
        for (Pending one : pending) {
            Choice choice = choices.get(one.choice());
            int from = choice.stream.received();
            int to = Math.max(from, one.log().end());
            boolean ends = one.log().finish().isPresent() && !choice.finishReleased;
            if (from < to || ends) {
                ChoiceLog fresh = choice.log.slice(from, to);
                choice.stream.feed(
                        fresh.tokens(), fresh.logprobs(), ends ? one.log().finish() : Optional.empty());
                choice.finishReleased |= ends;
            }
        }
        return completionTokens() - before;
    }

    /** Something was heard that was no token: the stream is alive. */
    public void heard(long now) {
        lastHeard = now;
    }

    public Resend resend(int choice) {
        return new Resend(attempt, choice, choices.get(choice).log.size());
    }

    /** @return choices that the worker has not told the end of */
    public List<Integer> unfinished() {
        List<Integer> unfinished = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            if (choices.get(i).log.finish().isEmpty()) {
                unfinished.add(i);
            }
        }
        return unfinished;
    }

    /** @return whether nothing is left to generate, though not all of it may have been told */
    public boolean complete() {
        return choices.stream()
                .allMatch(choice -> choice.hasEnded() || choice.log.finish().isPresent());
    }

    /** @return all that has come, for another replica to go on from */
    public List<Begun> begunChoices() {
        return choices.stream()
                .map(choice -> new Begun(
                        choice.log.from(0).tokens(),
                        choice.hasEnded() || choice.log.finish().isPresent()))
                .toList();
    }

    public Delta take(int choice) {
        return choices.get(choice).stream.take();
    }

    /** @return acknowledgements worth a message: a good number of tokens, or the end */
    public List<StreamAck> acksDue() {
        return acks(false);
    }

    /** @return an acknowledgement of every choice that has tokens, for when one may have been lost */
    public List<StreamAck> allAcks() {
        return acks(true);
    }

    private List<StreamAck> acks(boolean all) {
        List<StreamAck> acks = List.of();
        for (int i = 0; i < choices.size(); i++) {
            Choice choice = choices.get(i);
            if (isDue(choice, all)) {
                acks = acks.isEmpty() ? new ArrayList<>() : acks;
                choice.acknowledged = choice.stream.received();
                acks.add(new StreamAck(attempt, i, choice.acknowledged));
            }
        }
        return acks;
    }

    private boolean isDue(Choice choice, boolean all) {
        int fresh = choice.stream.received() - choice.acknowledged;
        boolean worth = all ? choice.stream.received() > 0 : fresh >= ACK_EVERY || (fresh > 0 && choice.hasEnded());
        // A choice that is cut here and still runs there is left to rest at the end of its window.
        boolean rests = choice.hasEnded() && choice.log.finish().isEmpty() && !ended();
        return worth && !rests;
    }

    public boolean silent(long now, long millis) {
        return now - lastHeard >= millis;
    }

    /** @return whether a token has come */
    public boolean begun() {
        return choices.stream().anyMatch(choice -> choice.log.size() > 0);
    }

    /** @return tokens of all choices that have come */
    public int receivedTokens() {
        return choices.stream().mapToInt(choice -> choice.log.size()).sum();
    }

    /** @return whether every choice has its text */
    public boolean ended() {
        for (Choice choice : choices) {
            if (!choice.hasEnded()) {
                return false;
            }
        }
        return true;
    }

    /** @return the tokens of a choice that has its text; nothing when the text ends within them */
    public Optional<TokenIds> spoken(int choice) {
        return choices.get(choice).stream.spoken();
    }

    /** For tests and logs: of each choice, tokens that have come, are written, are told, and are acknowledged. */
    @Override
    public String toString() {
        return choices.stream()
                .map(choice -> choice.log.size() + "/" + choice.written + "/" + choice.stream.received() + "/"
                        + choice.acknowledged + choice.log.finish() + choice.stream.finish())
                .toList()
                .toString();
    }

    /** @return prompt tokens that came from the prefix cache */
    public int cachedTokens() {
        return cachedTokens;
    }

    /** @return tokens of all choices, up to the cut of each */
    public int completionTokens() {
        int tokens = 0;
        for (Choice choice : choices) {
            tokens += choice.stream.counted();
        }
        return tokens;
    }
}
