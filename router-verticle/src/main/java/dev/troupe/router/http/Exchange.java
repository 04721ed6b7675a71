package dev.troupe.router.http;

import dev.troupe.cache.journal.JournalCommand.Addition;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.RouterMetrics;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.generate.Generation;
import dev.troupe.router.generate.GenerationListener;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.generate.Inheritance;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.stream.Delta;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to generate, from its headers to the last byte of its answer: several prompts, several choices each, one ending. It may go on
 * without its client, or begin without one when another router has died.
 */
final class Exchange {
    private static final Logger access = LoggerFactory.getLogger("dev.troupe.access");
    private static final String UNKNOWN_MODEL = "unknown";

    private final String id;
    private final String path;
    private final Optional<HttpServerResponse> response;
    private final RouterMetrics metrics;
    private final StreamBook book;
    private final LongSupplier clock;
    private final Consumer<Exchange> onOver;
    private final long begun;
    private final List<Generation> generations = new ArrayList<>();

    private String model = UNKNOWN_MODEL;
    private Optional<Answer> answer = Optional.empty();
    private boolean written;
    private boolean kept;
    private Runnable onUnanswered = () -> {};
    private AfterAnswer after = AfterAnswer.NOTHING;
    private boolean over;
    private int term = 1;
    private int toAdmit;
    private int toEnd;
    private int promptTokens;
    private int cachedTokens;
    private int completionTokens;

    /** @param response empty when nobody waits for it */
    Exchange(
            String id,
            String path,
            Optional<HttpServerResponse> response,
            RouterMetrics metrics,
            StreamBook book,
            LongSupplier clock,
            Consumer<Exchange> onOver) {
        this.id = id;
        this.path = path;
        this.response = response;
        this.metrics = metrics;
        this.book = book;
        this.clock = clock;
        this.onOver = onOver;
        this.begun = clock.getAsLong();
        response.ifPresent(client -> {
            client.closeHandler(closed -> clientGone());
            client.exceptionHandler(failure -> clientGone());
        });
    }

    String id() {
        return id;
    }

    HttpServerResponse response() {
        return response.orElseThrow();
    }

    boolean isOver() {
        return over;
    }

    /** @param served id of a model of the pool, from now on the label of this request's metrics */
    void model(String served) {
        model = served;
    }

    /**
     * From now on the journal has it, and is told how it ends.
     *
     * @param toKeep whether it goes on without its client
     */
    void written(boolean toKeep) {
        written = true;
        kept = toKeep;
    }

    /** @param action done when the request ends without an answer that is worth keeping */
    void onUnanswered(Runnable action) {
        onUnanswered = action;
    }

    /** @param then what is to be done once the answer has ended; of one that never does it hears too */
    void after(AfterAnswer then) {
        after = then;
        if (over) {
            then.abandoned();
        }
    }

    /** Whether another router could take it over now. */
    boolean canMove() {
        return written && answer.isPresent() && (kept || answer.get() instanceof StreamAnswer);
    }

    /** All prompts go to the pool, side by side. */
    void begin(Answer to, List<GenerationSpec> specs, Generations pool) {
        begin(to, specs, specs.stream().map(spec -> Inheritance.NONE).toList(), pool);
    }

    /** @param inheritances of each prompt, what another router has made of it */
    void begin(Answer to, List<GenerationSpec> specs, List<Inheritance> inheritances, Generations pool) {
        answer = Optional.of(to);
        to.onRoom(() -> generations.forEach(Generation::resume));
        toAdmit = specs.size();
        toEnd = specs.size();
        for (int i = 0; i < specs.size() && !over; i++) {
            GenerationSpec spec = specs.get(i);
            term = inheritances.get(i).term();
            promptTokens += spec.prompt().size();
            generations.add(pool.start(spec, new Part(spec), inheritances.get(i)));
        }
    }

    void tick(long now) {
        answer.ifPresent(it -> it.tick(now));
    }

    void fail(ApiError error) {
        if (!over) {
            end(Outcome.failed(StreamBook.text(error)), RouterMetrics.Outcome.of(error.status()), error.status());
            answer.ifPresentOrElse(
                    it -> it.fail(error), () -> response.ifPresent(client -> Responses.error(client, error)));
        }
    }

    /** The client has another answer than this exchange's. */
    void dismiss() {
        over = true;
        response.ifPresent(client -> {
            client.closeHandler(null);
            client.exceptionHandler(null);
        });
        onOver.accept(this);
    }

    /** Nobody wants it any more, as somebody said to the pool; the journal knows. */
    void stop(ApiError why) {
        written = false;
        fail(why);
    }

    /**
     * It is left to another router, if it can be: the journal has it, and this router says nothing more of it.
     *
     * @param error for a client that cannot be sent elsewhere by the end of its connection
     */
    void cut(ApiError error) {
        if (!over) {
            written = false;
            onUnanswered = () -> {};
            end(Outcome.CANCELLED, RouterMetrics.Outcome.MOVED, error.status());
            answer.ifPresentOrElse(
                    it -> it.cut(error), () -> response.ifPresent(client -> Responses.error(client, error)));
        }
    }

    private void clientGone() {
        if (over) {
            return;
        }
        if (kept && written) {
            answer = Optional.of(Unheard.ANSWER);
            generations.forEach(Generation::resume);
        } else {
            end(Outcome.CANCELLED, RouterMetrics.Outcome.CANCELLED, 499);
        }
    }

    private void succeed(Answer to) {
        after.ended()
                .onSuccess(done -> {
                    if (!over) {
                        end(Outcome.DONE, RouterMetrics.Outcome.SUCCESS, 200);
                        to.finish(new Usage(promptTokens, cachedTokens, completionTokens));
                    }
                })
                .onFailure(failure -> fail(CompletionRoute.error(this, failure)));
    }

    private void end(Outcome outcome, RouterMetrics.Outcome counted, int status) {
        over = true;
        List<Addition> rest = generations.stream()
                .flatMap(generation -> generation.unwritten().stream())
                .toList();
        generations.forEach(Generation::cancel);
        if (written) {
            book.close(id, term, rest, outcome);
        }
        if (outcome.kind() != Outcome.Kind.DONE) {
            onUnanswered.run();
            after.abandoned();
        }
        double seconds = (clock.getAsLong() - begun) / 1000.0;
        metrics.ended(model, counted, seconds);
        access.info(
                "POST {} {} {}s id={} model={} prompt_tokens={} completion_tokens={}",
                path,
                status,
                seconds,
                id,
                model,
                promptTokens,
                completionTokens);
        onOver.accept(this);
    }

    /** One prompt's share of the answer. */
    private final class Part implements GenerationListener {
        private final int firstIndex;
        private final int choices;
        private long lastTokens = -1;
        private int fresh;

        Part(GenerationSpec spec) {
            this.firstIndex = spec.place().firstChoice();
            this.choices = spec.choices();
        }

        @Override
        public void admitted() {
            if (--toAdmit == 0) {
                metrics.accepted(model, promptTokens);
                answer.ifPresent(Answer::start);
            }
        }

        @Override
        public void moved(int tokens) {
            metrics.moved(model, tokens);
        }

        @Override
        public void received(int tokens) {
            fresh += tokens;
        }

        @Override
        public void text(int choice, Delta delta) {
            after.text(firstIndex + choice, delta);
            answer.ifPresent(it -> it.text(firstIndex + choice, delta));
        }

        @Override
        public void spoken(int choice, TokenIds tokens) {
            after.spoken(firstIndex + choice, tokens);
        }

        @Override
        public void flush() {
            observe();
            answer.ifPresent(Answer::flush);
        }

        private void observe() {
            if (fresh == 0) {
                return;
            }
            long now = clock.getAsLong();
            metrics.generated(model, fresh);
            if (lastTokens < 0) {
                metrics.firstToken(model, (now - begun) / 1000.0);
            } else {
                metrics.nextToken(model, (now - lastTokens) / 1000.0 * choices / fresh);
            }
            lastTokens = now;
            fresh = 0;
        }

        @Override
        public boolean full() {
            return answer.isPresent() && answer.get().full();
        }

        @Override
        public void ended(int cached, int completion) {
            cachedTokens += cached;
            completionTokens += completion;
            if (--toEnd == 0 && !over) {
                answer.ifPresent(Exchange.this::succeed);
            }
        }

        @Override
        public void failed(ApiError error) {
            fail(error);
        }

        @Override
        public void taken() {
            cut(Refusals.moved());
        }
    }
}
