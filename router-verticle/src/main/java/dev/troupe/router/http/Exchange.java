package dev.troupe.router.http;

import dev.troupe.cache.journal.JournalCommand.Addition;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.router.RouterMetrics;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.generate.Generation;
import dev.troupe.router.generate.GenerationListener;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.generate.Inheritance;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.stream.Delta;
import dev.troupe.router.tenant.Caller;
import dev.troupe.router.tenant.Metering;
import dev.troupe.store.LoggedRequest;
import dev.troupe.store.UsageRow;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to generate, from its headers to the last byte of its answer: several prompts, several choices each, one ending. It may go on
 * without its client, or begin without one when another router has died.
 */
final class Exchange {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    private static final Logger access = LoggerFactory.getLogger("dev.troupe.access");
    private static final String UNKNOWN_MODEL = "unknown";

    private final String id;
    private final String path;
    private final Caller caller;
    private final Optional<HttpServerResponse> response;
    private final Desk desk;
    private final Consumer<Exchange> onOver;
    private final long begun;
    private final long begunAtMillis = System.currentTimeMillis();
    private final List<Generation> generations = new ArrayList<>();

    private Share share;
    private String model = UNKNOWN_MODEL;
    private Optional<Answer> answer = Optional.empty();
    private Optional<StreamHead> head = Optional.empty();
    private Optional<Demand> reserved = Optional.empty();
    private Optional<StringBuilder> transcript = Optional.empty();
    private boolean written;
    private boolean kept;
    private boolean writingAgain;
    private Runnable onUnanswered = () -> {};
    private AfterAnswer after = AfterAnswer.NOTHING;
    private boolean over;
    private int term = 1;
    private int toAdmit;
    private int toEnd;
    private int promptTokens;

    /**
     * What all exchanges of a router are served with.
     *
     * @param clock milliseconds that only grow
     */
    record Desk(RouterMetrics metrics, StreamBook book, Metering metering, LongSupplier clock) {}

    /** @param response empty when nobody waits for it */
    Exchange(
            String id,
            String path,
            Caller caller,
            Optional<HttpServerResponse> response,
            Desk desk,
            Consumer<Exchange> onOver) {
        this.id = id;
        this.path = path;
        this.caller = caller;
        this.share = new Share(caller.tenant().weight(), caller.tenant().priority(), OptionalLong.empty());
        this.response = response;
        this.desk = desk;
        this.onOver = onOver;
        this.begun = desk.clock().getAsLong();
        response.ifPresent(client -> {
            client.closeHandler(closed -> clientGone());
            client.exceptionHandler(failure -> clientGone());
        });
    }

    String id() {
        return id;
    }

    Caller caller() {
        return caller;
    }

    Share share() {
        return share;
    }

    /** @param asked for by the request itself */
    void share(Share asked) {
        share = asked;
    }

    /** @return what it has reserved of its limits, while it has */
    Optional<Demand> reserved() {
        return reserved;
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

    /** @throws ApiException when the limits of its tenant and key are known to refuse whatever it asks for */
    void checkLimits() {
        desk.metering().recentRefusal(demand(0)).ifPresent(this::check);
    }

    private void check(Verdict verdict) {
        response.ifPresent(client -> LimitHeaders.put(client, verdict));
        if (!verdict.admitted()) {
            throw new ApiException(LimitHeaders.refusal(verdict));
        }
    }

    /** @return completes when the limits of its tenant and key let it begin; fails with {@link ApiException} when they do not */
    Future<Void> reserve(StreamHead toBegin) {
        Demand demand = demand(toBegin);
        return desk.metering().reserve(demand).map(verdict -> {
            check(verdict);
            reserved = Optional.of(demand);
            if (over) {
                settle();
            }
            return null;
        });
    }

    private Demand demand(StreamHead toBegin) {
        long tokens = toBegin.prompts().stream()
                .mapToLong(prompt -> prompt.tokens().size()
                        + (long) prompt.choices() * prompt.sampling().maxTokens())
                .sum();
        return demand(tokens);
    }

    private Demand demand(long tokens) {
        return new Demand(id, caller.name(), caller.tenant().limits(), caller.keyId(), caller.keyLimits(), tokens, 0);
    }

    private void settle() {
        reserved.ifPresent(demand -> desk.metering().settle(demand, promptTokens() + completionTokens()));
        reserved = Optional.empty();
    }

    /**
     * From now on the journal has it, and is told how it ends.
     *
     * @param toKeep whether it goes on without its client
     */
    void written(StreamHead journaled, boolean toKeep) {
        head = Optional.of(journaled);
        written = true;
        kept = toKeep;
        if (caller.tenant().logging() == Tenant.Logging.FULL) {
            transcript = Optional.of(new StringBuilder());
        }
    }

    /** One that another router has begun, and what that has reserved for it. */
    void adopted(StreamHead journaled) {
        reserved = Optional.of(demand(journaled));
        // Nobody holds its client's connection, so there is none whose end could end it.
        written(journaled, true);
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
        if (answer.isPresent() && answer.get().isStalled(now)) {
            log.info("The client of {} takes nothing any more and is let go", id);
            // Closed once what was sent is taken, which may be never; nothing more is made for it.
            answer.get().cut(Refusals.moved());
            clientGone();
        } else {
            answer.ifPresent(it -> it.tick(now));
        }
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
            // Whoever goes on with it settles and charges it.
            head = Optional.empty();
            reserved = Optional.empty();
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
                .compose(done -> over ? Future.succeededFuture() : charge(RouterMetrics.Outcome.SUCCESS, 200))
                .onSuccess(done -> {
                    if (!over) {
                        end(Outcome.DONE, RouterMetrics.Outcome.SUCCESS, 200);
                        to.finish(new Usage(promptTokens(), cachedTokens(), completionTokens()));
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
        // The journal last: should this router die between the two, another goes on and charges it, under the same id.
        Future<Void> charged = outcome.kind() == Outcome.Kind.DONE ? Future.succeededFuture() : charge(counted, status);
        if (written) {
            charged.onComplete(done -> desk.book().close(id, term, rest, outcome));
        }
        settle();
        if (outcome.kind() != Outcome.Kind.DONE) {
            onUnanswered.run();
            after.abandoned();
        }
        double seconds = (desk.clock().getAsLong() - begun) / 1000.0;
        desk.metrics().ended(model, counted, seconds);
        access.info(
                "POST {} {} {}s id={} tenant={} model={} prompt_tokens={} completion_tokens={}",
                path,
                status,
                seconds,
                id,
                caller.name(),
                model,
                promptTokens(),
                completionTokens());
        onOver.accept(this);
    }

    /** The pool has lost it with the processes that had it, but not this router. */
    private void writeAgain() {
        if (over || writingAgain || head.isEmpty()) {
            return;
        }
        writingAgain = true;
        log.warn("The journal has lost {}, which is written again", id);
        desk.book().open(head.get(), term).onComplete(done -> writingAgain = false);
    }

    /** @return completes when the ledger has it; at once for what was never begun */
    private Future<Void> charge(RouterMetrics.Outcome outcome, int status) {
        if (head.isEmpty()) {
            return Future.succeededFuture();
        }
        long now = System.currentTimeMillis();
        desk.metering()
                .log(
                        caller.tenant().logging(),
                        () -> new LoggedRequest(
                                id,
                                caller.name(),
                                caller.keyId(),
                                path,
                                model,
                                now,
                                status,
                                outcome.label(),
                                transcript.map(
                                        text -> new String(head.get().body().toArray(), StandardCharsets.UTF_8)),
                                transcript.map(StringBuilder::toString)));
        return desk.metering()
                .record(new UsageRow(
                        id,
                        caller.name(),
                        caller.keyId(),
                        model,
                        path,
                        Math.min(begunAtMillis, head.get().created() * 1000),
                        now,
                        promptTokens(),
                        Math.min(cachedTokens(), promptTokens()),
                        completionTokens(),
                        0,
                        outcome.label()));
    }

    /** @return of what the pool has taken */
    private int promptTokens() {
        return toAdmit == 0 ? promptTokens : 0;
    }

    private int cachedTokens() {
        return generations.stream().mapToInt(Generation::cachedTokens).sum();
    }

    private int completionTokens() {
        return generations.stream().mapToInt(Generation::completionTokens).sum();
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
                desk.metrics().accepted(model, promptTokens);
                answer.ifPresent(Answer::start);
            }
        }

        @Override
        public void missing() {
            writeAgain();
        }

        @Override
        public void moved(int tokens) {
            desk.metrics().moved(model, tokens);
        }

        @Override
        public void received(int tokens) {
            fresh += tokens;
        }

        @Override
        public void text(int choice, Delta delta) {
            after.text(firstIndex + choice, delta);
            transcript.ifPresent(text -> text.append(delta.text()));
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
            long now = desk.clock().getAsLong();
            desk.metrics().generated(model, fresh);
            if (lastTokens < 0) {
                desk.metrics().firstToken(model, (now - begun) / 1000.0);
            } else {
                desk.metrics().nextToken(model, (now - lastTokens) / 1000.0 * choices / fresh);
            }
            lastTokens = now;
            fresh = 0;
        }

        @Override
        public boolean full() {
            return answer.isPresent() && answer.get().full();
        }

        @Override
        public void ended() {
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
