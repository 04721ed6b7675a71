package dev.troupe.router.stream;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All choices of one prompt: which attempt counts, what is missing, what is to be acknowledged, and how long it has been silent. */
public final class GenerationTracker {
    /** Tokens between two acknowledgements; far less than the window that a batcher grants. */
    private static final int ACK_EVERY = 32;

    private final List<ChoiceStream> choices;
    private final int[] acknowledged;
    private Attempt attempt;
    private long lastHeard;
    private int cachedTokens;

    public GenerationTracker(Attempt attempt, List<ChoiceStream> choices, long now) {
        this.attempt = attempt;
        this.choices = List.copyOf(choices);
        this.acknowledged = new int[choices.size()];
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

    public Attempt attempt() {
        return attempt;
    }

    /** The request goes to another replica; whoever still works on the old attempt is not listened to. */
    public void nextAttempt(long now) {
        attempt = new Attempt(attempt.requestId(), attempt.epoch() + 1);
        lastHeard = now;
    }

    public Arrival accept(TokenRun run, long now) {
        if (!run.attempt().equals(attempt) || run.choice() >= choices.size()) {
            return Arrival.STRANGE;
        }
        lastHeard = now;
        if (run.choice() == 0) {
            // The others find the first one's prompt in the cache, which saved the user nothing.
            cachedTokens = Math.max(cachedTokens, run.cachedTokens());
        }
        return choices.get(run.choice()).accept(run) ? Arrival.TAKEN : Arrival.GAP;
    }

    /** Something was heard that was no token: the stream is alive. */
    public void heard(long now) {
        lastHeard = now;
    }

    public Resend resend(int choice) {
        return new Resend(attempt, choice, choices.get(choice).received());
    }

    /** @return choices that the worker has not told the end of */
    public List<Integer> unfinished() {
        List<Integer> unfinished = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            if (!choices.get(i).workerEnded()) {
                unfinished.add(i);
            }
        }
        return unfinished;
    }

    public Delta take(int choice) {
        return choices.get(choice).take();
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
        for (int i = 0; i < acknowledged.length; i++) {
            if (isDue(i, all)) {
                acks = acks.isEmpty() ? new ArrayList<>() : acks;
                acknowledged[i] = choices.get(i).received();
                acks.add(new StreamAck(attempt, i, acknowledged[i]));
            }
        }
        return acks;
    }

    private boolean isDue(int index, boolean all) {
        ChoiceStream choice = choices.get(index);
        int fresh = choice.received() - acknowledged[index];
        boolean finished = choice.finish().isPresent();
        boolean worth = all ? choice.received() > 0 : fresh >= ACK_EVERY || (fresh > 0 && finished);
        // A choice that is cut here and still runs there is left to rest at the end of its window.
        return worth && !(finished && !choice.workerEnded() && !ended());
    }

    public boolean silent(long now, long millis) {
        return now - lastHeard >= millis;
    }

    /** @return whether a token has come, so that another attempt could not begin anew unseen */
    public boolean begun() {
        return choices.stream().anyMatch(choice -> choice.received() > 0);
    }

    /** @return whether every choice has its text */
    public boolean ended() {
        for (int i = 0; i < acknowledged.length; i++) {
            if (choices.get(i).finish().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** @return whether the pool has ended a choice for a reason that is no answer */
    public boolean broken() {
        for (int i = 0; i < acknowledged.length; i++) {
            Optional<FinishReason> finish = choices.get(i).finish();
            if (finish.isPresent() && isNoAnswer(finish.get())) {
                return true;
            }
        }
        return false;
    }

    /** @return whether that reason is a lack of memory, and so nobody's fault */
    public boolean outOfMemory() {
        return choices.stream()
                .flatMap(choice -> choice.finish().stream())
                .anyMatch(FinishReason.OUT_OF_MEMORY::equals);
    }

    private static boolean isNoAnswer(FinishReason reason) {
        return switch (reason) {
            case STOP, LENGTH -> false;
            case CANCELLED, FAILED, OUT_OF_MEMORY -> true;
        };
    }

    /** @return the tokens of a choice that has its text; nothing when the text ends within them */
    public Optional<TokenIds> spoken(int choice) {
        return choices.get(choice).spoken();
    }

    /** @return prompt tokens that came from the prefix cache */
    public int cachedTokens() {
        return cachedTokens;
    }

    /** @return tokens of all choices, up to the cut of each */
    public int completionTokens() {
        int tokens = 0;
        for (int i = 0; i < acknowledged.length; i++) {
            tokens += choices.get(i).counted();
        }
        return tokens;
    }
}
