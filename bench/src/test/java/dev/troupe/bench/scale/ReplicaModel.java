package dev.troupe.bench.scale;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.cache.SlotPool;
import dev.troupe.cluster.message.Heartbeat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The scheduler of one replica with its worker, as far as time is concerned: a token for everybody who decodes, then rows of prompts under the
 * budget, the next ones from the queue while there is memory. No preemption: a sequence gets the memory for its whole answer at once.
 */
final class ReplicaModel {
    private final ReplicaProfile profile;
    private final BatcherConfig config;
    private final PrefixCache cache;
    private final Deque<Job> waiting = new ArrayDeque<>();
    private final List<Job> prefilling = new ArrayList<>();
    private final PriorityQueue<Job> decoding =
            new PriorityQueue<>(Comparator.comparingLong(Job::lastStep).thenComparingLong(job -> job.id));
    private final int[] decodingOf;
    private int freeTokens;
    private long context;
    private long outstanding;
    private long steps;
    private final int[] made;
    private List<Job> begun = List.of();
    private List<Job> ended = List.of();

    ReplicaModel(ReplicaProfile profile, int routers) {
        this.profile = profile;
        this.config = profile.config();
        this.cache = new PrefixCache(profile.cachedTokens());
        this.decodingOf = new int[routers];
        this.made = new int[routers];
        this.freeTokens = profile.kvTokens();
    }

    /** @return false when the queue is full: refused */
    boolean admit(Job job) {
        if (waiting.size() >= config.maxWaiting()) {
            return false;
        }
        waiting.add(job);
        outstanding += job.prompt.tokens() + job.output;
        return true;
    }

    boolean hasWork() {
        return !waiting.isEmpty() || running() > 0;
    }

    private int running() {
        return prefilling.size() + decoding.size();
    }

    /** @return milliseconds that the step takes which begins now */
    double begin() {
        int decodes = decoding.size();
        int budget = decodes == 0
                ? config.tokenBudget()
                : Math.min(config.tokenBudget() - decodes, config.promptRowsBesideDecodes());
        int half = (budget + 1) / 2;
        List<Integer> grants = new ArrayList<>();
        int left = budget;
        for (int i = 0; left > 0 && (i < prefilling.size() || startNext()); i++) {
            int rows = Math.min(Math.min(half, left), prefilling.get(i).rowsLeft());
            grants.add(rows);
            left -= rows;
        }
        return compute(grants, left);
    }

    private double compute(List<Integer> grants, int left) {
        int decodes = decoding.size();
        int rows = 0;
        long rowContext = 0;
        List<Job> done = new ArrayList<>();
        for (int i = 0; i < grants.size(); i++) {
            Job job = prefilling.get(i);
            int more = Math.min(left, job.rowsLeft() - grants.get(i));
            left -= more;
            int granted = grants.get(i) + more;
            rows += granted;
            rowContext += (long) granted * job.compute(granted);
            outstanding -= granted;
            if (job.rowsLeft() == 0) {
                done.add(job);
            }
        }
        begun = done;
        return profile.time().step(decodes, context, rows, rowContext);
    }

    private boolean startNext() {
        Job next = waiting.peek();
        if (next == null || running() >= config.maxRunning()) {
            return false;
        }
        int slot = slotFor(next.prompt.tokens() + next.output);
        if (slot > freeTokens) {
            return false;
        }
        waiting.remove();
        freeTokens -= slot;
        next.start(cache.match(next.prompt), slot);
        outstanding -= next.cached();
        prefilling.add(next);
        return true;
    }

    private int slotFor(int tokens) {
        int capacity = SlotPool.SMALLEST_CAPACITY;
        while (capacity < tokens) {
            capacity *= 2;
        }
        return Math.min(capacity, profile.slabTokens());
    }

    /** The step that began is over. What it gave can be asked for until the next one begins. */
    void end() {
        steps++;
        System.arraycopy(decodingOf, 0, made, 0, made.length);
        context += decoding.size();
        outstanding -= decoding.size();
        ended = new ArrayList<>();
        while (!decoding.isEmpty() && decoding.peek().lastStep() == steps) {
            Job job = decoding.remove();
            decodingOf[job.router]--;
            context -= job.prompt.tokens() + job.output;
            ended.add(job);
        }
        prefilling.removeAll(begun);
        for (Job job : begun) {
            made[job.router]++;
            outstanding--;
            cache.insert(job.prompt);
            if (job.output == 1) {
                ended.add(job);
            } else {
                decode(job);
            }
        }
        ended.forEach(this::leave);
    }

    int tokensFor(int router) {
        return made[router];
    }

    /** @return who has the first token now */
    List<Job> begun() {
        return begun;
    }

    /** @return who has the last one */
    List<Job> ended() {
        return ended;
    }

    private void decode(Job job) {
        job.decodeUntil(steps + job.output - 1);
        decodingOf[job.router]++;
        context += job.prompt.tokens() + 1;
        decoding.add(job);
    }

    private void leave(Job job) {
        freeTokens += job.slot();
        cache.insert(job.afterwards);
    }

    Heartbeat.Load load() {
        float usage = 1 - freeTokens / (float) profile.kvTokens();
        return new Heartbeat.Load(running(), waiting.size(), outstanding, usage);
    }

    List<Long> digest(int most) {
        return cache.digest(most);
    }
}
