package dev.troupe.batcher;

import dev.troupe.cluster.tenant.Priority;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a step is made of: first whoever has ended leaves, then interactive work takes the places that batch work must give, then every running
 * sequence decodes one token, then prompts are computed with the rows that are left, the more urgent and those begun first.
 */
final class StepPlanner {
    private final BatcherConfig config;
    private final Batch batch;
    private final Suspects suspects;
    private final MemoryPressure memory;

    StepPlanner(BatcherConfig config, Batch batch, Suspects suspects, MemoryPressure memory) {
        this.config = config;
        this.batch = batch;
        this.suspects = suspects;
        this.memory = memory;
    }

    /** @param reset whether the worker is to forget everything first */
    void fill(PlanBuilder plan, boolean reset, long nowMillis) {
        if (reset) {
            introduceHalfDone(plan);
        }
        batch.kv().cache(!memory.copiesRest());
        batch.sharing().importArrived(plan, nowMillis);
        batch.leave(plan, nowMillis);
        rememberPrompts(plan);
        Optional<Sequence> alone = suspects.next(this::hasCredit);
        if (alone.isPresent()) {
            runAlone(alone.get(), plan, nowMillis);
        } else {
            shrink(plan, nowMillis);
            grow(plan, nowMillis);
            startUrgent(plan, nowMillis);
            decode(plan);
            computePrompts(plan, nowMillis);
        }
        if (!memory.copiesRest()) {
            batch.sharing().exportNext(plan);
        }
    }

    /** What a router still misses of a sequence it asks the worker for, even while the sequence rests for want of that very credit. */
    private void introduceHalfDone(PlanBuilder plan) {
        batch.waiting().all().stream()
                .filter(sequence -> sequence.generated() > 0)
                .forEach(plan::introduce);
    }

    private void rememberPrompts(PlanBuilder plan) {
        for (Sequence sequence : batch.running()) {
            if (sequence.wantsPromptRemembered()) {
                batch.kv().remember(sequence, plan);
                sequence.promptRemembered();
            }
        }
    }

    /** A suspect with the whole memory to itself: it fits, or it would not have been admitted. */
    private void runAlone(Sequence suspect, PlanBuilder plan, long nowMillis) {
        for (Sequence other : List.copyOf(batch.running())) {
            if (other != suspect) {
                batch.preempt(other, plan, nowMillis);
            }
        }
        if (!suspect.hasSlot()) {
            batch.run(suspect, plan, nowMillis);
        } else if (batch.kv().mustGrow(suspect) && !batch.kv().grow(suspect, plan)) {
            batch.preempt(suspect, plan, nowMillis);
            batch.run(suspect, plan, nowMillis);
        }
        if (suspect.decodes()) {
            plan.decode(suspect, 0);
        } else {
            plan.chunk(suspect, Math.min(suspect.remaining(), memory.rows()));
        }
    }

    /** Everybody who runs gets a row; the least urgent give way until there are no more of them than rows. */
    private void shrink(PlanBuilder plan, long nowMillis) {
        while (batch.running().size() > mostRunning()) {
            batch.preempt(resting().orElseGet(this::leastUrgent), plan, nowMillis);
        }
    }

    private int mostRunning() {
        return Math.min(config.maxRunning(), memory.rows());
    }

    /** Moves those whose slot is full. Without room the least urgent give way, until there is some or it is the least urgent itself. */
    private void grow(PlanBuilder plan, long nowMillis) {
        for (Sequence sequence : List.copyOf(batch.running())) {
            while (sequence.hasSlot()
                    && hasCredit(sequence)
                    && batch.kv().mustGrow(sequence)
                    && !batch.kv().grow(sequence, plan)) {
                batch.preempt(resting().orElseGet(this::leastUrgent), plan, nowMillis);
            }
        }
    }

    /**
     * Interactive work begins before anybody has rows, as much as there are rows for. A free place goes to who is next, though it be batch
     * work that has waited long; without one, batch work gives its place, but to interactive work only.
     */
    private void startUrgent(PlanBuilder plan, long nowMillis) {
        while (urgentRows() < config.promptRowsBesideDecodes()) {
            Optional<Sequence> next = batch.waiting()
                    .next(sequence -> mayRun(sequence, nowMillis), nowMillis)
                    .filter(sequence -> batch.waiting().urgency(sequence, nowMillis) == Priority.INTERACTIVE);
            if (next.isEmpty()) {
                return;
            }
            if (start(next.get(), this::resting, plan, nowMillis)) {
                continue;
            }
            Optional<Sequence> interactive = youngestOfBatch().flatMap(somebody -> batch.waiting()
                    .next(
                            sequence -> sequence.priority() == Priority.INTERACTIVE && mayRun(sequence, nowMillis),
                            nowMillis));
            if (interactive.isEmpty() || !start(interactive.get(), this::youngestOfBatch, plan, nowMillis)) {
                return;
            }
        }
    }

    private int urgentRows() {
        return batch.running().stream()
                .filter(sequence -> sequence.runsAs() == Priority.INTERACTIVE && !sequence.decodes())
                .mapToInt(Sequence::remaining)
                .sum();
    }

    private void decode(PlanBuilder plan) {
        List<Sequence> decoding = batch.running().stream()
                .filter(sequence -> sequence.decodes() && hasCredit(sequence))
                .toList();
        int guesses = guessesEach(decoding.size());
        for (Sequence sequence : decoding) {
            plan.decode(sequence, Math.min(guesses, sequence.guessable(config.creditWindow())));
        }
    }

    /** Guesses fill rows that would cost little more than they do empty: only while no prompt wants them. */
    private int guessesEach(int decoding) {
        boolean prompts = batch.waiting().size() > 0
                || batch.running().stream().anyMatch(sequence -> !sequence.decodes() && hasCredit(sequence));
        int rows = Math.min(config.guessRows(), memory.rows());
        return prompts || decoding == 0 ? 0 : Math.max(0, rows / decoding - 1);
    }

    private void computePrompts(PlanBuilder plan, long nowMillis) {
        int decodes = plan.decodeRows();
        int budget = decodes == 0 ? memory.rows() : Math.min(memory.rows() - decodes, config.promptRowsBesideDecodes());
        Map<Sequence, Integer> rows = grantHalves(budget, plan, nowMillis);
        int left = budget - rows.values().stream().mapToInt(Integer::intValue).sum();
        for (Map.Entry<Sequence, Integer> grant : rows.entrySet()) {
            int more = Math.min(left, grant.getKey().remaining() - grant.getValue());
            plan.chunk(grant.getKey(), grant.getValue() + more);
            left -= more;
        }
    }

    /** The more urgent first, then in order of arrival; nobody more than half at first, so that a long prompt leaves rows for the next. */
    private Map<Sequence, Integer> grantHalves(int budget, PlanBuilder plan, long nowMillis) {
        Map<Sequence, Integer> rows = new LinkedHashMap<>();
        int half = (budget + 1) / 2;
        int left = budget;
        for (Sequence sequence : byUrgency()) {
            if (left > 0 && !sequence.decodes() && hasCredit(sequence)) {
                int granted = Math.min(Math.min(half, left), sequence.remaining());
                rows.put(sequence, granted);
                left -= granted;
            }
        }
        while (left > 0) {
            Optional<Sequence> started = startNext(plan, nowMillis);
            if (started.isEmpty()) {
                break;
            }
            int granted = Math.min(Math.min(half, left), started.get().remaining());
            rows.put(started.get(), granted);
            left -= granted;
        }
        return rows;
    }

    private Optional<Sequence> startNext(PlanBuilder plan, long nowMillis) {
        Optional<Sequence> next = batch.waiting().next(sequence -> mayRun(sequence, nowMillis), nowMillis);
        // Whoever gives way now has no rows in this step.
        return next.filter(sequence -> start(sequence, this::resting, plan, nowMillis));
    }

    /**
     * @param givesWay who does as long as there is no room
     * @return whether there was room in the end
     */
    private boolean start(Sequence sequence, Supplier<Optional<Sequence>> givesWay, PlanBuilder plan, long nowMillis) {
        while (batch.running().size() >= mostRunning() || !batch.run(sequence, plan, nowMillis)) {
            Optional<Sequence> other = givesWay.get();
            if (other.isEmpty()) {
                return false;
            }
            batch.preempt(other.get(), plan, nowMillis);
        }
        return true;
    }

    private boolean mayRun(Sequence sequence, long nowMillis) {
        return hasCredit(sequence)
                && !waitsForLeader(sequence)
                && !batch.sharing().fetches().holdUp(sequence, nowMillis);
    }

    /** Of several choices the first computes the prompt and the others take it from the cache. */
    private boolean waitsForLeader(Sequence sequence) {
        Sequence leader = sequence.request().leader();
        return leader != sequence
                && !leader.ended()
                && leader.generated() == 0
                && batch.kv().cachesPrefixesOf(sequence.promptLength());
    }

    private boolean hasCredit(Sequence sequence) {
        return sequence.hasCredit(config.creditWindow());
    }

    /** Who holds a slot but must wait for its router anyway. */
    private Optional<Sequence> resting() {
        return batch.running().stream().filter(sequence -> !hasCredit(sequence)).findFirst();
    }

    private List<Sequence> byUrgency() {
        return batch.running().stream()
                .sorted(Comparator.comparing(Sequence::runsAs))
                .toList();
    }

    /** Of these the youngest; somebody runs. */
    private Sequence leastUrgent() {
        return lastByUrgency().orElseThrow();
    }

    private Optional<Sequence> youngestOfBatch() {
        return lastByUrgency().filter(sequence -> sequence.runsAs() == Priority.BATCH);
    }

    private Optional<Sequence> lastByUrgency() {
        return byUrgency().stream().reduce((before, after) -> after);
    }
}
