package dev.troupe.router.http;

import dev.troupe.router.RouterMetrics;
import dev.troupe.router.RouterMetrics.Outcome;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.generate.Generation;
import dev.troupe.router.generate.GenerationListener;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.stream.Delta;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request to generate, from its headers to the last byte of its answer: several prompts, several choices each, one ending. */
final class Exchange {
    private static final Logger access = LoggerFactory.getLogger("dev.troupe.access");
    private static final String UNKNOWN_MODEL = "unknown";

    private final String id;
    private final String path;
    private final HttpServerResponse response;
    private final RouterMetrics metrics;
    private final LongSupplier clock;
    private final Consumer<Exchange> onOver;
    private final long begun;
    private final List<Generation> generations = new ArrayList<>();

    private String model = UNKNOWN_MODEL;
    private Optional<Answer> answer = Optional.empty();
    private boolean over;
    private int toAdmit;
    private int toEnd;
    private int promptTokens;
    private int cachedTokens;
    private int completionTokens;

    Exchange(
            String id,
            String path,
            HttpServerResponse response,
            RouterMetrics metrics,
            LongSupplier clock,
            Consumer<Exchange> onOver) {
        this.id = id;
        this.path = path;
        this.response = response;
        this.metrics = metrics;
        this.clock = clock;
        this.onOver = onOver;
        this.begun = clock.getAsLong();
        response.closeHandler(closed -> clientGone());
        response.exceptionHandler(failure -> clientGone());
        response.drainHandler(drained -> generations.forEach(Generation::resume));
    }

    String id() {
        return id;
    }

    HttpServerResponse response() {
        return response;
    }

    boolean isOver() {
        return over;
    }

    /** @param served id of a model of the pool, from now on the label of this request's metrics */
    void model(String served) {
        model = served;
    }

    /** All prompts go to the pool, side by side. */
    void begin(Answer to, List<GenerationSpec> specs, Generations pool) {
        answer = Optional.of(to);
        toAdmit = specs.size();
        toEnd = specs.size();
        for (int i = 0; i < specs.size() && !over; i++) {
            GenerationSpec spec = specs.get(i);
            promptTokens += spec.prompt().size();
            generations.add(pool.start(spec, new Part(i * spec.choices(), spec.choices())));
        }
    }

    void tick(long now) {
        answer.ifPresent(it -> it.tick(now));
    }

    void fail(ApiError error) {
        if (!over) {
            end(Outcome.of(error.status()), error.status());
            answer.ifPresentOrElse(it -> it.fail(error), () -> Responses.error(response, error));
        }
    }

    /** This side of a split may not go on with it. */
    void cut(ApiError error) {
        if (!over) {
            end(Outcome.of(error.status()), error.status());
            answer.ifPresentOrElse(it -> it.cut(error), () -> Responses.error(response, error));
        }
    }

    private void clientGone() {
        if (!over) {
            end(Outcome.CANCELLED, 499);
        }
    }

    private void succeed(Answer to) {
        end(Outcome.SUCCESS, 200);
        to.finish(new Usage(promptTokens, cachedTokens, completionTokens));
    }

    private void end(Outcome outcome, int status) {
        over = true;
        generations.forEach(Generation::cancel);
        double seconds = (clock.getAsLong() - begun) / 1000.0;
        metrics.ended(model, outcome, seconds);
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

        Part(int firstIndex, int choices) {
            this.firstIndex = firstIndex;
            this.choices = choices;
        }

        @Override
        public void admitted() {
            if (--toAdmit == 0) {
                metrics.accepted(model, promptTokens);
                answer.ifPresent(Answer::start);
            }
        }

        @Override
        public void received(int tokens) {
            fresh += tokens;
        }

        @Override
        public void text(int choice, Delta delta) {
            answer.ifPresent(it -> it.text(firstIndex + choice, delta));
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
    }
}
