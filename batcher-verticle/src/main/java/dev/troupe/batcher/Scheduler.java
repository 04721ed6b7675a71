package dev.troupe.batcher;

import dev.troupe.cache.service.ServiceReport;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepAnswer.OutOfMemory;
import dev.troupe.cluster.message.StepAnswer.ResyncNeeded;
import dev.troupe.cluster.message.StepAnswer.StepFailed;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides, step by step, what the worker computes. Messages and the time go in; after each call the caller takes {@link #takeOutbox} and,
 * when {@link #planDue} has one, sends a plan. Times are milliseconds of any clock that does not go back.
 *
 * <p>Every admitted sequence ends once: by the worker's finish, by {@link Cancel}, by its router's silence, because its deadline passes before
 * its first token, because steps fail with it, or because the device's memory does not hold even one row of it.
 * At most one plan is under way; a plan without answer is sent again as it was.
 */
public final class Scheduler {
    /** Between two looks at everybody for those that no router asks about; ten thousand may wait. */
    private static final long LOOK_MILLIS = 1_000;
    /** A split ends when somebody mends it. */
    private static final long CUT_OFF_RETRY_MILLIS = 5_000;

    /** Another replica may be there already. */
    private static final long LEAVING_RETRY_MILLIS = 1_000;

    private static final int LEAST_ROWS_TO_MEASURE = 32;

    private final ReplicaSpec replica;
    private final BatcherConfig config;
    private final SchedulerMetrics metrics;
    private final long incarnation;
    private final Batch batch;
    private final Suspects suspects = new Suspects();
    private final MemoryPressure memory;
    private final StepPlanner planner;
    private final AdmissionRules rules;
    private final QueueRules queueRules;
    private final Deadlines deadlines = new Deadlines();
    private final Map<String, LiveRequest> live = new HashMap<>();
    private final EndedAttempts ended;
    private final AckRelay acks = new AckRelay();
    private Optional<UnderWay> underWay = Optional.empty();
    private long sendAtMillis = Long.MIN_VALUE;
    private long nextLookMillis = Long.MIN_VALUE;
    private long lastNumber;
    private long lastSequenceId;
    // A worker that has served somebody else before knows sequences and slots that mean nothing now.
    private boolean resetNeeded = true;
    private boolean draining;
    private boolean cutOff;

    /** Without a pool to share prefixes with. */
    public Scheduler(ReplicaSpec replica, BatcherConfig config, long incarnation, SchedulerMetrics metrics) {
        this(replica, config, SharingConfig.OFF, incarnation, metrics);
    }

    /** @param incarnation greater than that of any batcher that served this replica before */
    public Scheduler(
            ReplicaSpec replica,
            BatcherConfig config,
            SharingConfig sharing,
            long incarnation,
            SchedulerMetrics metrics) {
        this.replica = replica;
        this.config = config;
        this.incarnation = incarnation;
        this.metrics = metrics;
        this.batch = new Batch(replica, config, sharing, incarnation, metrics);
        this.memory = new MemoryPressure(config.tokenBudget());
        this.planner = new StepPlanner(config, batch, suspects, memory);
        this.rules = new AdmissionRules(replica);
        this.queueRules = new QueueRules(config, batch.waiting(), batch.pace());
        this.ended = new EndedAttempts(config.endedMemoryMillis(), config.endedMemorySize());
    }

    /** As {@link #generate(GenerateRequest, boolean, long)} for a request that nothing is known to follow. */
    public Admission generate(GenerateRequest request, long nowMillis) {
        return generate(request, false, nowMillis);
    }

    /**
     * Takes a request or says why not. A duplicate is admitted again and started once.
     *
     * @param keepWarm whether it is a turn of a conversation, whose next turn the pool should find warm
     */
    public Admission generate(GenerateRequest request, boolean keepWarm, long nowMillis) {
        Attempt attempt = request.attempt();
        if (cutOff) {
            String message = "this replica sees less than half of its pool; ask another";
            return new Refused(attempt, ErrorCode.NO_MAJORITY, message, CUT_OFF_RETRY_MILLIS);
        }
        LiveRequest held = live.get(attempt.requestId());
        if (ended.holdsNewerThan(attempt) || (held != null && held.attempt().epoch() > attempt.epoch())) {
            return new Refused(attempt, ErrorCode.STALE_ATTEMPT, "a newer attempt at this request is known", 0);
        }
        if (heard(attempt, nowMillis) || ended.holds(attempt)) {
            return new Admitted(attempt);
        }
        if (held != null) {
            end(held, Optional.empty(), nowMillis);
        }
        Optional<Refused> refusal =
                leaving(attempt).or(() -> queueRules.refusal(request)).or(() -> rules.refusal(request));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        admit(request, keepWarm, nowMillis);
        return new Admitted(attempt);
    }

    private Optional<Refused> leaving(Attempt attempt) {
        String message = "this replica is leaving; ask another";
        return draining
                ? Optional.of(new Refused(attempt, ErrorCode.DRAINING, message, LEAVING_RETRY_MILLIS))
                : Optional.empty();
    }

    private void admit(GenerateRequest request, boolean keepWarm, long nowMillis) {
        int room = replica.contextLength() - request.prompt().size();
        int maxTokens = Math.min(request.sampling().maxTokens(), room);
        LiveRequest admitted = new LiveRequest(request, keepWarm, maxTokens, lastSequenceId + 1, nowMillis);
        lastSequenceId += request.choices();
        live.put(request.requestId(), admitted);
        deadlines.add(admitted, nowMillis);
        admitted.sequences().stream().filter(sequence -> !sequence.ended()).forEach(sequence -> {
            batch.waiting().add(sequence);
            batch.sharing().waits(sequence, nowMillis);
            if (request.alone()) {
                suspects.add(sequence);
            }
        });
        reportState();
    }

    /** Ends an attempt, and any older one of its request, with the next plan. One not heard of yet will not start when it arrives. */
    public void cancel(Cancel cancel, long nowMillis) {
        Attempt attempt = cancel.attempt();
        LiveRequest held = live.get(attempt.requestId());
        if (held == null) {
            ended.add(attempt, nowMillis);
        } else if (held.attempt().epoch() <= attempt.epoch()) {
            end(held, Optional.of(FinishReason.CANCELLED), nowMillis);
            ended.add(attempt, nowMillis);
        }
    }

    /** A router is gone, and nobody waits for what it has asked for; whoever goes on with it asks anew. */
    public void routerGone(String routerId, long nowMillis) {
        for (LiveRequest request : List.copyOf(live.values())) {
            if (request.message().routerId().equals(routerId)) {
                end(request, Optional.empty(), nowMillis);
            }
        }
    }

    /** Gives sequences credit, and has the worker forget what has arrived. */
    public void acks(StreamAcks message, long nowMillis) {
        for (StreamAck ack : message.acks()) {
            boolean held = heard(ack.attempt(), nowMillis);
            if (held) {
                List<Sequence> choices = live.get(ack.attempt().requestId()).sequences();
                if (ack.choice() < choices.size()) {
                    choices.get(ack.choice()).acknowledge(ack.received());
                }
            }
            if (held || ended.holds(ack.attempt())) {
                acks.add(ack);
            }
        }
    }

    public StreamState probe(StreamProbe probe, long nowMillis) {
        if (heard(probe.attempt(), nowMillis)) {
            return live.get(probe.attempt().requestId()).alive();
        }
        return new StreamState(ended.holds(probe.attempt()) ? StreamState.Status.ENDED : StreamState.Status.UNKNOWN);
    }

    private boolean heard(Attempt attempt, long nowMillis) {
        LiveRequest held = live.get(attempt.requestId());
        boolean holds = held != null && held.attempt().equals(attempt);
        if (holds) {
            held.heard(nowMillis);
        }
        return holds;
    }

    /** To be called several times a second: ends what is late, and what no router asks about any more. */
    public void tick(long nowMillis) {
        deadlines.passed(nowMillis).forEach(late -> end(late, Optional.of(FinishReason.LATE), nowMillis));
        if (nowMillis < nextLookMillis) {
            return;
        }
        nextLookMillis = nowMillis + LOOK_MILLIS;
        for (LiveRequest request : List.copyOf(live.values())) {
            if (nowMillis - request.lastHeardMillis() >= config.routerTimeoutMillis()) {
                end(request, Optional.of(FinishReason.CANCELLED), nowMillis);
            }
        }
        ended.expire(nowMillis);
    }

    /** @return the plan to send now: the next one, or the one under way when its answer is overdue */
    public Optional<StepPlan> planDue(long nowMillis) {
        if (nowMillis < sendAtMillis) {
            return Optional.empty();
        }
        if (underWay.isEmpty()) {
            underWay = nextPlan(nowMillis);
        }
        if (underWay.isPresent()) {
            sendAtMillis = nowMillis + config.answerTimeoutMillis();
        }
        return underWay.map(UnderWay::plan);
    }

    private Optional<UnderWay> nextPlan(long nowMillis) {
        PlanBuilder plan = new PlanBuilder();
        planner.fill(plan, resetNeeded, nowMillis);
        plan.acks(acks.take());
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        batch.begin(plan.computing().values());
        lastNumber++;
        StepPlan built = plan.build(incarnation, lastNumber, resetNeeded);
        resetNeeded = false;
        return Optional.of(new UnderWay(built, plan.computing(), plan.leaving()));
    }

    /** The plan did not reach the worker, or its answer did not come: it will be sent again after a pause. */
    public void unanswered(StepPlan plan, long nowMillis) {
        if (underWay.isPresent() && underWay.get().plan().number() == plan.number()) {
            sendAtMillis = nowMillis + config.failurePauseMillis();
        }
    }

    /** Takes what the worker answers. An answer to any other plan than the one under way is ignored. */
    public void apply(StepAnswer answer, long nowMillis) {
        if (underWay.isEmpty() || !underWay.get().isAnsweredBy(answer)) {
            return;
        }
        UnderWay done = underWay.get();
        underWay = Optional.empty();
        sendAtMillis = nowMillis;
        if (answer instanceof StepResult result && done.isComplete(result)) {
            apply(result, done, nowMillis);
        } else if (answer instanceof OutOfMemory full) {
            outOfMemory(full, done, nowMillis);
        } else {
            startOver(done, nowMillis);
            if (!(answer instanceof ResyncNeeded) || done.plan().reset()) {
                sendAtMillis = nowMillis + config.failurePauseMillis();
            }
            if (answer instanceof StepFailed) {
                suspects.stepFailed(done.living())
                        .ifPresent(culprit -> end(culprit, Optional.of(FinishReason.FAILED), nowMillis));
            }
        }
        reportState();
    }

    /** The worker still knows everybody, unless it says otherwise, and no row of the step counts: the next one computes it again. */
    private void outOfMemory(OutOfMemory full, UnderWay done, long nowMillis) {
        metrics.outOfMemory();
        if (full.forgotten()) {
            startOver(done, nowMillis);
            memory.copiesFailed();
            sendAtMillis = nowMillis + config.failurePauseMillis();
            return;
        }
        memory.outOfMemory(done.plan().rows());
        if (done.plan().rows() == 1) {
            Sequence alone = done.computing().values().iterator().next();
            boolean hopeless = memory.isTooLargeAlone(alone.id());
            sendAtMillis = nowMillis + (config.failurePauseMillis() << memory.doublings());
            if (hopeless && !alone.ended()) {
                end(alone, Optional.of(FinishReason.OUT_OF_MEMORY), nowMillis);
            }
        }
    }

    private void apply(StepResult result, UnderWay done, long nowMillis) {
        // A chunk is fed whole; of a decode, each row that yielded a token.
        int rows = 0;
        for (StepPlan.Chunk chunk : done.plan().chunks()) {
            done.computing().get(chunk.sequenceId()).fed(chunk.count());
            rows += chunk.count();
        }
        for (StepAnswer.Sampled sampled : result.sampled()) {
            Sequence sequence = done.computing().get(sampled.sequenceId());
            if (sequence.decodes()) {
                sequence.fed(1);
                rows++;
            }
            sequence.append(sampled.token());
            batch.waiting().generated(sequence);
            suspects.sampled(sequence);
            finish(sequence, sampled.finish(), nowMillis);
        }
        measure(done.plan(), result);
        memory.stepped(done.plan().rows());
        metrics.stepped(rows, result.microseconds());
    }

    /** What computing a prompt costs, from steps that were mostly that. */
    private void measure(StepPlan plan, StepResult result) {
        int prompts = plan.chunks().stream().mapToInt(StepPlan.Chunk::count).sum();
        if (prompts >= LEAST_ROWS_TO_MEASURE && prompts * 4 >= plan.rows() * 3) {
            batch.sharing().fetches().computed(prompts, result.microseconds() / 1e3);
        }
    }

    private void finish(Sequence sequence, Optional<FinishReason> byWorker, long nowMillis) {
        if (sequence.ended()) {
            byWorker.ifPresent(reason -> batch.toldAlready(sequence));
        } else if (byWorker.isPresent()) {
            if (sequence.request().keepWarm()) {
                sequence.turnEnded();
            }
            end(sequence, Optional.empty(), nowMillis);
        } else if (sequence.length() >= sequence.limit()) {
            // A worker counts by itself; this holds the line should it ever count otherwise.
            end(sequence, Optional.of(FinishReason.LENGTH), nowMillis);
        }
    }

    /** The worker knows nothing of us, or we do not trust what it says: everybody starts over from the tokens that we hold. */
    private void startOver(UnderWay failed, long nowMillis) {
        resetNeeded = true;
        failed.leaving().forEach((sequence, tell) -> tell.ifPresent(reason -> batch.farewell(sequence, reason)));
        batch.startOver(nowMillis);
    }

    private void end(LiveRequest request, Optional<FinishReason> tell, long nowMillis) {
        for (Sequence sequence : request.sequences()) {
            if (!sequence.ended()) {
                end(sequence, tell, nowMillis);
            }
        }
    }

    private void end(Sequence sequence, Optional<FinishReason> tell, long nowMillis) {
        batch.end(sequence, tell);
        suspects.remove(sequence);
        LiveRequest request = sequence.request();
        if (request.sequenceEnded()) {
            live.remove(request.attempt().requestId());
            ended.add(request.attempt(), nowMillis);
        }
    }

    /** @return what the batcher itself must tell routers since the last call */
    public List<Outgoing> takeOutbox() {
        return batch.takeOutbox();
    }

    /** @return what the worker must be asked to fetch from the pool since the last call */
    public List<PrefixFetch> takeFetches() {
        return batch.sharing().fetches().takeOutbox();
    }

    /** The worker has fetched, or found nothing to fetch. */
    public void fetched(PrefixFetch fetch, PrefixFetched answer, long nowMillis) {
        batch.sharing().fetched(fetch, answer.tokens(), nowMillis);
    }

    /** The worker could not be asked, or did not answer. */
    public void fetchFailed(PrefixFetch fetch, long nowMillis) {
        batch.sharing().fetches().failed(fetch, nowMillis);
    }

    /** From now on nothing is admitted; what is here runs to its end. */
    public void drain() {
        draining = true;
    }

    /**
     * Whether more than half of the pool is in sight. Without it nothing is admitted, and what is here ends with the next plan, without
     * a word: the other side may have begun it anew. Who asks is told that it is not known here.
     */
    public void majority(boolean held, long nowMillis) {
        cutOff = !held;
        if (cutOff) {
            for (LiveRequest request : List.copyOf(live.values())) {
                end(request, Optional.empty(), nowMillis);
                ended.forget(request.attempt());
            }
        }
    }

    /** Whether nothing is left to do, and the worker knows it. */
    public boolean isIdle() {
        return batch.isEmpty() && underWay.isEmpty();
    }

    public Heartbeat.Load load() {
        long outstanding = Stream.concat(batch.running().stream(), batch.waiting().all().stream())
                .mapToLong(sequence -> sequence.limit() - sequence.computed())
                .sum();
        return new Heartbeat.Load(
                batch.running().size(),
                batch.waiting().size(),
                outstanding,
                (float) batch.kv().usage(),
                queueRules.full());
    }

    /** @return what was done for each tenant since the last call, for the pool; {@link #serviceHeard} or {@link #serviceUnheard} must follow */
    public Map<String, ServiceReport> reportService() {
        return batch.waiting().report();
    }

    /** @param totals what the pool has done for them after the last report */
    public void serviceHeard(Map<String, Double> totals) {
        batch.waiting().heard(totals);
    }

    /** The pool has not answered; what it was told is told again with the next report. */
    public void serviceUnheard() {
        batch.waiting().unheard();
    }

    /** What of the worker's memory is in use. */
    public KvUse kvUse() {
        return batch.kv().use();
    }

    /** @return see {@link Heartbeat#prefixes} */
    public List<Long> prefixDigest(int maxEntries) {
        return batch.kv().digest(maxEntries);
    }

    private void reportState() {
        metrics.state(batch.running().size(), batch.waiting().size(), batch.kv().usage());
    }
}
