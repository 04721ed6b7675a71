package dev.troupe.batcher;

import dev.troupe.cache.PrefixMatch;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.cluster.tenant.Priority;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One choice of a request. Its text is the prompt and what was generated; the keys and values of the first {@link #computed} tokens lie in
 * its slot. The last token generated is always still to be fed.
 */
final class Sequence {
    private final long id;
    private final LiveRequest request;
    private final int choice;
    private final long queuedAtMillis;
    private final int promptLength;
    private int[] text;
    private int length;
    private int acknowledged;
    private int computed;
    private SlotRef slot;
    private PrefixMatch prefix;
    private int cachedTokens;
    private boolean everStarted;
    private boolean known;
    private boolean begun;
    private boolean promptRemembered;
    private boolean ended;
    private boolean turnEnded;
    private int failuresAlone;
    private long waitingSinceMillis;
    private Priority runsAs;

    Sequence(long id, LiveRequest request, int choice, long nowMillis) {
        this.id = id;
        this.request = request;
        this.choice = choice;
        this.queuedAtMillis = nowMillis;
        this.waitingSinceMillis = nowMillis;
        GenerateRequest.Begun begun = request.message().begun(choice);
        this.text = request.message().prompt().concat(begun.tokens()).toArray();
        this.promptLength = request.message().prompt().size();
        this.length = text.length;
        this.acknowledged = begun.tokens().size();
        this.ended = begun.ended();
    }

    long id() {
        return id;
    }

    LiveRequest request() {
        return request;
    }

    int choice() {
        return choice;
    }

    long queuedAtMillis() {
        return queuedAtMillis;
    }

    String tenant() {
        return request.message().tenant();
    }

    // --- its place among the others

    int weight() {
        return request.message().share().weight();
    }

    Priority priority() {
        return request.message().share().priority();
    }

    /** It has lost its slot and waits anew. */
    void waitsSince(long nowMillis) {
        waitingSinceMillis = nowMillis;
    }

    long waitingSinceMillis() {
        return waitingSinceMillis;
    }

    /** @param urgency the class that it had when it got its slot: who has waited long is not driven out again at once */
    void runsAs(Priority urgency) {
        runsAs = urgency;
    }

    Priority runsAs() {
        return runsAs;
    }

    // --- its text

    int length() {
        return length;
    }

    int promptLength() {
        return promptLength;
    }

    int generated() {
        return length - promptLength;
    }

    /** @return the most tokens that the text can come to */
    int limit() {
        return promptLength + request.sampling().maxTokens();
    }

    int computed() {
        return computed;
    }

    /** @return tokens still to be fed; 1 when it decodes */
    int remaining() {
        return length - computed;
    }

    boolean decodes() {
        return remaining() == 1 && generated() > 0;
    }

    /** @return how many tokens beyond its next one a step could add: its slot, its length and its router have room for them */
    int guessable(int creditWindow) {
        int room = Math.min(slot.capacity() - length, limit() - length - 1);
        return Math.max(0, Math.min(room, creditWindow - (generated() - acknowledged) - 1));
    }

    TokenIds firstTokens(int count) {
        return TokenIds.of(Arrays.copyOf(text, count));
    }

    /** Whether the router has room for another token. */
    boolean hasCredit(int window) {
        return generated() - acknowledged < window;
    }

    void acknowledge(int received) {
        acknowledged = Math.max(acknowledged, received);
    }

    // --- its place in memory

    SlotRef slot() {
        return slot;
    }

    boolean hasSlot() {
        return slot != null;
    }

    void place(SlotRef home, PrefixMatch match) {
        slot = home;
        prefix = match;
        computed = match.tokens();
        if (!everStarted) {
            cachedTokens = Math.min(match.tokens(), promptLength);
            everStarted = true;
        }
    }

    /** The cached prefix that it began with in its slot. */
    PrefixMatch prefix() {
        return prefix;
    }

    void move(SlotRef to) {
        slot = to;
    }

    /** Leaves its slot, which the caller frees. */
    void unplace() {
        prefix.release();
        prefix = null;
        slot = null;
        computed = 0;
        promptRemembered = false;
    }

    boolean everStarted() {
        return everStarted;
    }

    boolean wantsPromptRemembered() {
        return computed >= promptLength && !promptRemembered;
    }

    void promptRemembered() {
        promptRemembered = true;
    }

    // --- what a step does to it

    void fed(int tokens) {
        computed += tokens;
    }

    void append(int token) {
        if (length == text.length) {
            text = Arrays.copyOf(text, Math.max(length + 16, length + length / 2));
        }
        text[length++] = token;
    }

    // --- what the worker knows

    boolean known() {
        return known;
    }

    void forgotten() {
        known = false;
        begun = false;
    }

    /** @return whether this is the first time that the worker is to compute it, since it last forgot everything */
    boolean begins() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    /** What makes the worker know it. */
    SequenceStart introduce() {
        known = true;
        return new SequenceStart(
                id,
                request.attempt(),
                choice,
                request.message().routerId(),
                request.message().prompt(),
                TokenIds.of(Arrays.copyOfRange(text, promptLength, length)),
                cachedTokens,
                request.sampling());
    }

    // --- its end

    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Its answer came to its own end: what comes next in its conversation begins with it. */
    void turnEnded() {
        turnEnded = true;
    }

    boolean hasTurnEnded() {
        return turnEnded;
    }

    /** What its router is told by the batcher itself when the worker does not know the sequence. */
    TokenRun farewell(FinishReason reason) {
        return told(Optional.of(reason));
    }

    /** What its router is told before the worker gets it: whatever the worker dies of, it is nothing that has not begun. */
    TokenRun beginning() {
        return told(Optional.empty());
    }

    private TokenRun told(Optional<FinishReason> finish) {
        return new TokenRun(request.attempt(), choice, generated(), TokenIds.EMPTY, List.of(), cachedTokens, finish);
    }

    /** @return how many steps in a row have failed with nobody else in them */
    int failedAlone() {
        return ++failuresAlone;
    }

    void succeeded() {
        failuresAlone = 0;
    }
}
