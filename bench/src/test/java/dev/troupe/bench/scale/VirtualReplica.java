package dev.troupe.bench.scale;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.Scheduler;
import dev.troupe.batcher.SchedulerMetrics;
import dev.troupe.batcher.fair.Price;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.StepAnswer.Sampled;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The real scheduler with a worker that takes as long as one was measured to, and makes up tokens. Nothing is cached, since nothing is shared. */
final class VirtualReplica {
    private static final int TOKEN = 7;

    private final ReplicaProfile profile;
    private final Scheduler scheduler;
    private final List<FairRequest> requests;
    private final ServiceWatch watch;
    private final Map<Long, Live> live = new HashMap<>();
    private final Map<Integer, Double> firstTokens = new HashMap<>();
    private final Map<Integer, Double> ends = new HashMap<>();
    private final List<Double> tokens = new ArrayList<>();
    private double now;
    private int next;
    private int refused;
    private int longestQueue;

    private static final class Live {
        private final FairRequest request;
        private int left;

        Live(FairRequest request) {
            this.request = request;
            this.left = request.answer();
        }
    }

    /** @param requests in the order in which they come */
    VirtualReplica(ReplicaProfile profile, BatcherConfig config, List<FairRequest> requests, ServiceWatch watch) {
        this.profile = profile;
        this.requests = requests;
        this.watch = watch;
        KvPlan kv = new KvPlan(profile.kvTokens() / profile.slabTokens(), profile.slabTokens(), 0);
        ReplicaSpec replica = new ReplicaSpec("r", "n", "m", "f", profile.slabTokens(), TOKEN + 1, kv);
        this.scheduler = new Scheduler(replica, config, 1, SchedulerMetrics.NONE);
    }

    FairOutcome run() {
        while (true) {
            admitUntil(now);
            scheduler.tick((long) now);
            // The end of what was too late is told to routers, of which there are none.
            scheduler.takeOutbox();
            Optional<StepPlan> plan = scheduler.planDue((long) now);
            if (plan.isPresent()) {
                step(plan.get());
            } else if (next < requests.size()) {
                now = requests.get(next).atMillis();
            } else {
                return new FairOutcome(requests, firstTokens, ends, refused, longestQueue, tokens);
            }
        }
    }

    private void admitUntil(double millis) {
        while (next < requests.size() && requests.get(next).atMillis() <= millis) {
            FairRequest request = requests.get(next);
            next++;
            Admission admission = scheduler.generate(message(request), (long) request.atMillis());
            if (admission instanceof Admission.Admitted) {
                watch.waits(request);
            } else {
                refused++;
            }
        }
        longestQueue = Math.max(longestQueue, scheduler.load().waiting());
    }

    private static GenerateRequest message(FairRequest request) {
        return new GenerateRequest(
                String.valueOf(request.number()),
                1,
                request.tenant(),
                "router",
                TokenIds.of(new int[request.prompt()]),
                1,
                SamplingParams.greedy(request.answer(), TokenIds.EMPTY),
                List.of(),
                false,
                false,
                request.share());
    }

    private void step(StepPlan plan) {
        plan.starts().forEach(this::begins);
        watch.look();
        now += millis(plan) + profile.betweenSteps();
        admitUntil(now);
        List<Sampled> sampled = new ArrayList<>();
        plan.chunks().stream().filter(StepPlan.Chunk::sample).forEach(chunk -> sampled.add(sample(chunk.sequenceId())));
        plan.decodes().forEach(decode -> sampled.add(sample(decode.sequenceId())));
        scheduler.apply(
                new StepResult(plan.incarnation(), plan.number(), sampled, Math.round(1e3 * millis(plan))), (long) now);
        watch.look();
    }

    private void begins(SequenceStart start) {
        FairRequest request = requests.get(Integer.parseInt(start.attempt().requestId()));
        live.put(start.sequenceId(), new Live(request));
        watch.begins(request);
        watch.served(request, Price.ofPrompt(request.prompt(), start.cachedTokens()));
    }

    private double millis(StepPlan plan) {
        long context = plan.decodes().stream()
                .mapToLong(decode -> decode.position() + 1L)
                .sum();
        int rows = plan.chunks().stream().mapToInt(StepPlan.Chunk::count).sum();
        long rowContext = plan.chunks().stream()
                .mapToLong(chunk -> (long) chunk.count() * (chunk.start() + chunk.count()))
                .sum();
        return profile.time().step(plan.decodes().size(), context, rows, rowContext);
    }

    private Sampled sample(long sequence) {
        Live one = live.get(sequence);
        int number = one.request.number();
        firstTokens.putIfAbsent(number, now);
        tokens.add(now);
        watch.served(one.request, Price.GENERATED);
        one.left--;
        if (one.left > 0) {
            return new Sampled(sequence, TOKEN, Optional.empty());
        }
        ends.put(number, now);
        return new Sampled(sequence, TOKEN, Optional.of(FinishReason.LENGTH));
    }
}
