package dev.troupe.bench.sim;

import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.models.tokenizer.IncrementalDetokenizer;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.generate.Generation;
import dev.troupe.router.generate.GenerationListener;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.stream.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who asked, and what it was told. */
final class SimClient implements GenerationListener {
    private final GenerationSpec spec;
    private final String stop;
    private final List<StringBuilder> texts = new ArrayList<>();
    private int ends;
    private Optional<ApiError> error = Optional.empty();
    private Optional<Generation> generation = Optional.empty();
    private boolean gone;

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

    void started(Generation started) {
        generation = Optional.of(started);
    }

    /** The client goes away; nothing must be told to it any more. */
    void leave() {
        if (!over()) {
            gone = true;
            generation.ifPresent(Generation::cancel);
        }
    }

    /** The router of this client died with all it knew. */
    void forgotten() {
        gone = true;
    }

    boolean over() {
        return gone || ends > 0;
    }

    void checkNotFailed() {
        error.ifPresent(failure -> {
            throw new AssertionError(spec.requestId() + " failed: " + failure);
        });
    }

    boolean wasServed() {
        return !gone && error.isEmpty();
    }

    @Override
    public void admitted() {}

    @Override
    public void received(int tokens) {}

    @Override
    public void text(int choice, Delta delta) {
        texts.get(choice).append(delta.text());
    }

    @Override
    public void flush() {}

    @Override
    public boolean full() {
        return false;
    }

    @Override
    public void ended(int cachedTokens, int completionTokens) {
        ends++;
    }

    @Override
    public void failed(ApiError failure) {
        ends++;
        error = Optional.of(failure);
    }

    /** Throws unless what was told is a beginning of what the model says, whole when the request ended well, and ended once. */
    void check(int contextLength, int vocabSize) {
        if (!gone && ends != 1) {
            throw new AssertionError(spec.requestId() + " ended " + ends + " times");
        }
        String expected = expected(contextLength, vocabSize);
        for (StringBuilder text : texts) {
            boolean right = wasServed() ? expected.contentEquals(text) : expected.startsWith(text.toString());
            if (!right) {
                throw new AssertionError(spec.requestId() + " was told \"" + text + "\" instead of \"" + expected
                        + "\"; error " + error);
            }
        }
    }

    private String expected(int contextLength, int vocabSize) {
        var tokens = FakeModel.continuation(spec.prompt(), 0, spec.sampling(), contextLength, vocabSize)
                .tokens();
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
