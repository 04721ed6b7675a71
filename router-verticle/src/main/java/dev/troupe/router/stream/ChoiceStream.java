package dev.troupe.router.stream;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.models.tokenizer.IncrementalDetokenizer;
import dev.troupe.models.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One choice's text as it goes out: whole characters, cut before the first stop string. The cut here defines the text and the usage; what
 * the worker makes beyond it does not count. What is ready after some tokens does not depend on how they came in pieces.
 */
public final class ChoiceStream {
    private final Tokenizer tokenizer;
    private final IncrementalDetokenizer detokenizer;
    private final StopCutter cutter;
    private final TokenIds stopTokens;

    private final SpokenTokens spoken = new SpokenTokens();
    private final StringBuilder ready = new StringBuilder();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private int received;
    private int counted;
    private long decoded;
    private int codePoints;
    private long released;
    private Optional<FinishReason> finish = Optional.empty();
    private boolean finishTold;

    public ChoiceStream(Tokenizer tokenizer, StopStrings stops, TokenIds stopTokens) {
        this.tokenizer = tokenizer;
        this.detokenizer = new IncrementalDetokenizer(tokenizer);
        this.cutter = new StopCutter(stops);
        this.stopTokens = stopTokens;
    }

    /** A token whose text is not all out yet: where in the text it begins. */
    private record Pending(long start, ScoredToken token) {}

    /**
     * The tokens that follow those before.
     *
     * @param logprobs one a token when asked for, else empty
     * @param last why the worker ended the choice with them, if it did
     */
    public void feed(TokenIds tokens, List<TokenLogprobs> logprobs, Optional<FinishReason> last) {
        for (int i = 0; i < tokens.size(); i++) {
            take(tokens.get(i), logprobs.isEmpty() ? Optional.empty() : Optional.of(logprobs.get(i)));
        }
        last.ifPresent(this::end);
    }

    private void take(int token, Optional<TokenLogprobs> logprobs) {
        received++;
        if (finish.isPresent()) {
            return;
        }
        counted++;
        if (!stopTokens.contains(token)) {
            spoken.add(token);
        }
        // The token that ends a text is no part of it, and OpenAI does not list it.
        if (logprobs.isPresent() && !stopTokens.contains(token)) {
            pending.add(new Pending(decoded, new ScoredToken(token, codePoints, logprobs.get())));
        }
        // The embedding may have more rows than the tokenizer has words, and nothing forbids to sample one of them.
        String text = token < tokenizer.vocabSize() ? detokenizer.accept(token) : "";
        decoded += text.length();
        codePoints += text.codePointCount(0, text.length());
        release(cutter.feed(text));
        if (cutter.isCut()) {
            finish = Optional.of(FinishReason.STOP);
        }
    }

    private void end(FinishReason reason) {
        if (finish.isPresent()) {
            return;
        }
        String rest = detokenizer.finish();
        release(cutter.feed(rest));
        release(cutter.finish());
        finish = Optional.of(cutter.isCut() ? FinishReason.STOP : reason);
    }

    private void release(String text) {
        ready.append(text);
        released += text.length();
    }

    /** @return what has become ready; its tokens' scores go out with the text that they begin */
    public Delta take() {
        String text = ready.toString();
        ready.setLength(0);
        Optional<FinishReason> told = finishTold ? Optional.empty() : finish;
        finishTold = finish.isPresent();
        return new Delta(text, text.isEmpty() && told.isEmpty() ? List.of() : scores(), told, received);
    }

    private List<ScoredToken> scores() {
        List<ScoredToken> scores = new ArrayList<>();
        // A token that ends without text of its own, at the very end, still belongs to a text that was not cut.
        long limit = finish.isPresent() && !cutter.isCut() ? Long.MAX_VALUE : released;
        while (!pending.isEmpty() && pending.peek().start() < limit) {
            scores.add(pending.poll().token());
        }
        if (finish.isPresent()) {
            pending.clear();
        }
        return scores;
    }

    /** @return tokens fed, also those beyond the cut */
    public int received() {
        return received;
    }

    /** @return tokens that make up the text, with the one that completed a stop string or ended it */
    public int counted() {
        return counted;
    }

    /** @return the tokens of the whole text, the one that ended it left out; nothing when the text was cut within them */
    Optional<TokenIds> spoken() {
        return cutter.isCut() ? Optional.empty() : Optional.of(spoken.toIds());
    }

    public Optional<FinishReason> finish() {
        return finish;
    }
}
