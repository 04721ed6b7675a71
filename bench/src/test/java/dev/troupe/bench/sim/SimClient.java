package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.models.tokenizer.IncrementalDetokenizer;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.stream.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who asked, and what it was told: by its first router, and when that was gone, by the journal. */
final class SimClient {
    private final GenerationSpec spec;
    private final String stop;
    private final List<StringBuilder> texts = new ArrayList<>();
    private int ends;
    private Optional<ApiError> error = Optional.empty();
    private boolean accepted;
    private boolean admitted;
    private boolean left;
    private boolean disconnected;

    /** @param stop the one stop string of the request; empty for none */
    SimClient(GenerationSpec spec, String stop) {
        this.spec = spec;
        this.stop = stop;
        for (int i = 0; i < spec.choices(); i++) {
            texts.add(new StringBuilder());
        }
    }

    GenerationSpec spec() {
        return spec;
    }

    /** It is in the journal. */
    void accepted() {
        accepted = true;
    }

    void admitted() {
        admitted = true;
    }

    void text(int choice, Delta delta) {
        if (left) {
            throw new AssertionError(spec.requestId() + " was told something after it had gone");
        }
        texts.get(choice).append(delta.text());
    }

    void ended() {
        ends++;
    }

    void failed(ApiError failure) {
        ends++;
        error = Optional.of(failure);
    }

    /** The client goes away. @return false when it is too late for that */
    boolean leave() {
        left |= ends == 0;
        return left;
    }

    /** Its router is no more; the client comes back to another. */
    void disconnected() {
        disconnected = true;
    }

    boolean wasServed() {
        return !left && ends == 1 && error.isEmpty();
    }

    /**
     * Throws unless the request ended once, well, with what the model says, and what was told on the way was a beginning of that.
     *
     * @param written what the journal has of it
     * @param deaths of replicas while it may have been running
     */
    void check(Optional<JournaledStream> written, int contextLength, int vocabSize, int deaths) {
        String expected = expected(contextLength, vocabSize);
        for (StringBuilder text : texts) {
            if (!expected.startsWith(text.toString())) {
                throw new AssertionError(spec.requestId() + " was told \"" + text + "\" of \"" + expected + "\"");
            }
        }
        if (left || !accepted) {
            return;
        }
        if (ends != 1) {
            throw new AssertionError(spec.requestId() + " ended " + ends + " times; "
                    + (disconnected ? "its router was gone; " : "") + "it is written down as "
                    + written.map(
                            it -> it.owner() + ", term " + it.term() + ", " + it.outcome() + ", " + it.choices()));
        }
        if (error.isPresent()) {
            checkError(deaths);
            return;
        }
        checkWritten(written.orElseThrow(), expected);
        if (!disconnected && texts.stream().anyMatch(text -> !expected.contentEquals(text))) {
            throw new AssertionError(spec.requestId() + " ended with " + texts + " instead of \"" + expected + "\"");
        }
    }

    /** Before a replica has it, a request may be refused; afterwards only when too many died under it. */
    private void checkError(int deaths) {
        String code = error.get().code().orElse("");
        boolean suspected = code.equals("worker_killed") && deaths >= 3;
        if (admitted && !suspected) {
            throw new AssertionError(spec.requestId() + " failed: " + error.get());
        }
    }

    private void checkWritten(JournaledStream stream, String expected) {
        if (!stream.outcome().equals(Optional.of(Outcome.DONE))) {
            throw new AssertionError(spec.requestId() + " is written down as " + stream.outcome());
        }
        stream.choices().forEach(log -> {
            String text = text(log.tokens());
            if (!text.equals(expected)) {
                throw new AssertionError(
                        spec.requestId() + " is written down as \"" + text + "\" instead of \"" + expected + "\"");
            }
        });
    }

    private String expected(int contextLength, int vocabSize) {
        return text(FakeModel.continuation(spec.prompt(), 0, spec.sampling(), contextLength, vocabSize)
                .tokens());
    }

    private String text(TokenIds tokens) {
        IncrementalDetokenizer detokenizer =
                new IncrementalDetokenizer(spec.model().tokenizer());
        StringBuilder text = new StringBuilder();
        for (int token : tokens.toArray()) {
            text.append(detokenizer.accept(token));
        }
        text.append(detokenizer.finish());
        int cut = stop.isEmpty() ? -1 : text.indexOf(stop);
        return cut < 0 ? text.toString() : text.substring(0, cut);
    }
}
