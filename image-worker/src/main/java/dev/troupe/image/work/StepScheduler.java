package dev.troupe.image.work;

import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.message.PictureAck;
import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.message.PictureFound;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.message.PictureProbe;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.image.Denoiser.Progress;
import dev.troupe.image.Picture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which pictures do their next step together, and what their routers are told. A state machine: takes the time and what has happened, and
 * says what is to be done; knows no threads, no network and no model. One pass is under way at a time.
 *
 * <p>What is made, or has failed, stays until its router has said that it knows, or has been silent for a minute. A newer attempt at a
 * picture goes on with what an older one has done here.
 */
public final class StepScheduler {
    /** Files that are being read at a time. */
    private static final int MOST_PREPARING = 4;

    private static final long EPOCHS_MILLIS = 600_000;

    private final StepConfig config;
    private final Studio studio;
    private final PictureMetrics metrics;
    private final Tempo tempo = new Tempo();
    private final AdmissionDesk desk;
    private final TenantShares shares = new TenantShares();
    private final PassChoice choice;
    private final Epochs epochs = new Epochs(EPOCHS_MILLIS);
    private final Places places = new Places();
    private final Map<String, PictureTask> tasks = new LinkedHashMap<>();
    private final Map<String, Long> arrivals = new LinkedHashMap<>();
    private final List<String> leaves = new ArrayList<>();
    private final Map<String, List<PictureEvent>> outbox = new LinkedHashMap<>();
    private final List<Preparation> preparations = new ArrayList<>();
    private final List<Writing> writings = new ArrayList<>();
    private Set<String> served = Set.of();
    private Optional<Pass> underWay = Optional.empty();
    private long passBegan;
    private long passes;
    private long numbers;
    private boolean draining;
    private boolean majority = true;

    /** @param modelId that is served */
    public StepScheduler(StepConfig config, String modelId, Studio studio, PictureMetrics metrics) {
        this.config = config;
        this.studio = studio;
        this.metrics = metrics;
        this.desk = new AdmissionDesk(config, modelId, studio, tempo);
        this.choice = new PassChoice(shares, config.ageMillis(), config.maxRows());
    }

    /** Files of a picture that are to be read: see {@link #prepared}. */
    public record Preparation(String engineId, GeneratePicture request) {}

    /**
     * A picture that is to be written into a file: see {@link #written}.
     *
     * @param preview its number; empty for the finished one
     */
    public record Writing(
            String engineId,
            GeneratePicture request,
            Prepared prepared,
            Picture picture,
            Optional<Integer> preview,
            Progress progress) {}

    /** Somebody wants a picture. */
    public Admission generate(GeneratePicture request, long now) {
        Attempt attempt = request.attempt();
        PictureTask known = tasks.get(attempt.requestId());
        int newest = Math.max(
                epochs.newest(attempt.requestId()),
                known == null ? 0 : known.attempt().epoch());
        if (attempt.epoch() < newest) {
            return refused(
                    attempt,
                    new AdmissionDesk.Refusal(ErrorCode.STALE_ATTEMPT, "A newer attempt at this picture is known.", 0));
        }
        if (attempt.epoch() == newest && majority) {
            if (known != null) {
                known.heard(now);
            }
            return new Admission.Admitted(attempt);
        }
        if (known != null && majority && goesOn(known, request)) {
            known.becomes(request, now);
            if (known.state() == PictureTask.State.ENDED) {
                tell(known);
            }
            return new Admission.Admitted(attempt);
        }
        if (known != null) {
            drop(known, now);
        }
        Optional<AdmissionDesk.Refusal> refusal = desk.refusal(request, tasks.values(), majority, draining);
        if (refusal.isPresent()) {
            return refused(attempt, refusal.get());
        }
        take(request, now);
        return new Admission.Admitted(attempt);
    }

    /** A picture depends on its request alone, so whatever was done for the same one counts. A failure is worth another try. */
    private static boolean goesOn(PictureTask known, GeneratePicture request) {
        boolean failed = known.state() == PictureTask.State.ENDED && !(known.event(1) instanceof PictureEvent.Made);
        return !failed && known.spec().equals(request.spec()) && known.tenant().equals(request.tenant());
    }

    private static Admission refused(Attempt attempt, AdmissionDesk.Refusal refusal) {
        return new Admission.Refused(attempt, refusal.code(), refusal.message(), refusal.retryAfterMillis());
    }

    private void take(GeneratePicture request, long now) {
        Set<String> waiting = waiting().map(PictureTask::tenant).collect(Collectors.toSet());
        shares.arrives(request.tenant(), waiting, served);
        PictureTask task = new PictureTask(request, studio.made(request.spec()), ++numbers, now);
        tasks.put(request.attempt().requestId(), task);
        arrivals.put(task.engineId(), now);
    }

    private Stream<PictureTask> waiting() {
        Set<String> inPass = underWay.map(pass -> Set.copyOf(pass.steps())).orElse(Set.of());
        return tasks.values().stream().filter(task -> task.isWorkLeft() && !inPass.contains(task.engineId()));
    }

    /** Nobody wants it any more. It is in no pass that begins after this. */
    public void cancel(Cancel cancel, long now) {
        PictureTask known = tasks.get(cancel.attempt().requestId());
        if (known != null && known.attempt().epoch() <= cancel.attempt().epoch()) {
            drop(known, now);
        }
        if (known == null || known.attempt().epoch() < cancel.attempt().epoch()) {
            // Its request may still be on its way.
            epochs.ended(cancel.attempt(), now);
        }
    }

    public void ack(PictureAck ack, long now) {
        if (isCurrent(ack.attempt()) && tasks.get(ack.attempt().requestId()).state() == PictureTask.State.ENDED) {
            drop(tasks.get(ack.attempt().requestId()), now);
        }
    }

    public PictureFound probe(PictureProbe probe, long now) {
        if (!majority || !isCurrent(probe.attempt())) {
            return new PictureFound(Optional.empty());
        }
        PictureTask task = tasks.get(probe.attempt().requestId());
        task.heard(now);
        return new PictureFound(Optional.of(task.event(places.of(task, tasks.values()))));
    }

    private boolean isCurrent(Attempt attempt) {
        PictureTask task = tasks.get(attempt.requestId());
        return task != null && task.attempt().equals(attempt);
    }

    private void drop(PictureTask task, long now) {
        tasks.remove(task.attempt().requestId());
        arrivals.remove(task.engineId());
        epochs.ended(task.attempt(), now);
        leaves.add(task.engineId());
    }

    /** Its files have been read, or could not be. */
    public void prepared(Preparation preparation, Optional<Prepared> what, String problem) {
        byEngineId(preparation.engineId())
                .filter(task -> task.state() == PictureTask.State.PREPARING)
                .ifPresent(task -> {
                    if (what.isPresent()) {
                        task.prepared(what.get());
                    } else {
                        fail(task, ErrorCode.INVALID_REQUEST, problem);
                    }
                });
    }

    private Optional<PictureTask> byEngineId(String engineId) {
        return Optional.ofNullable(tasks.get(engineId.substring(0, engineId.lastIndexOf('#'))))
                .filter(task -> task.engineId().equals(engineId));
    }

    /** @return what the model's thread does next; {@link #apply} or {@link #failed} must follow before the next */
    public Optional<Pass> passDue(long now) {
        if (underWay.isPresent()) {
            return Optional.empty();
        }
        List<PictureTask> turn = choose(now);
        Optional<PictureTask> done = tasks.values().stream()
                .filter(task -> task.state() == PictureTask.State.DONE)
                .findFirst();
        boolean alone =
                done.isPresent() && Stream.concat(turn.stream(), done.stream()).anyMatch(PictureTask::isAlone);
        List<PictureTask> chosen = alone ? List.of() : turn;
        if (chosen.isEmpty() && done.isEmpty() && leaves.isEmpty()) {
            return Optional.empty();
        }
        int rows = chosen.stream().mapToInt(PictureTask::width).sum();
        Optional<PictureTask> preview =
                chosen.stream().filter(PictureTask::previewDue).findFirst().filter(any -> done.isEmpty());
        Pass pass = new Pass(
                ++passes,
                leaves,
                chosen.stream().flatMap(task -> task.join().stream()).toList(),
                done.map(PictureTask::engineId),
                chosen.stream().map(PictureTask::engineId).toList(),
                chosen.stream()
                        .filter(task -> task.checkpointDue(now, config.checkpointMillis()))
                        .map(PictureTask::engineId)
                        .collect(Collectors.toSet()),
                preview.map(PictureTask::engineId),
                rows);
        leaves.clear();
        if (chosen.stream().anyMatch(task -> task.request().alone())) {
            // Should the worker die now, these had no part in it.
            tasks.values().stream()
                    .filter(task -> !chosen.contains(task) && task.pause())
                    .forEach(this::tell);
        }
        done.filter(PictureTask::begins).ifPresent(this::tell);
        // Who begins is told before the worker can die of it.
        chosen.stream()
                .filter(PictureTask::begins)
                .forEach(task -> tell(
                        task,
                        new PictureEvent.Step(
                                task.attempt(), task.done(), task.of(), Optional.empty(), Optional.empty())));
        chosen.forEach(task -> shares.charge(task.tenant(), task.weight(), task.width()));
        served = chosen.stream().map(PictureTask::tenant).collect(Collectors.toSet());
        underWay = Optional.of(pass);
        passBegan = now;
        return underWay;
    }

    /** Whose turn it is but whose files have not been read is passed by until they have. */
    private List<PictureTask> choose(long now) {
        List<PictureTask> able = tasks.values().stream()
                .filter(PictureTask::isWorkLeft)
                .filter(task -> task.state() != PictureTask.State.PREPARING)
                .collect(Collectors.toCollection(ArrayList::new));
        long preparing = tasks.values().stream()
                .filter(task -> task.state() == PictureTask.State.PREPARING)
                .count();
        while (true) {
            List<PictureTask> chosen = choice.choose(able, now);
            Optional<PictureTask> unread = chosen.stream()
                    .filter(task -> task.state() == PictureTask.State.QUEUED)
                    .findFirst();
            if (unread.isEmpty()) {
                return chosen;
            }
            able.remove(unread.get());
            if (preparing < MOST_PREPARING) {
                preparing++;
                unread.get().preparing();
                preparations.add(
                        new Preparation(unread.get().engineId(), unread.get().request()));
            }
        }
    }

    /** A pass has been run. */
    public void apply(PassResult result, long now) {
        Pass pass = result.pass();
        underWay = Optional.empty();
        if (pass.rows() > 0) {
            tempo.passed(pass.rows(), result.micros());
            metrics.passed(pass.rows(), pass.steps().size(), result.micros());
        }
        pass.joins().forEach(join -> joined(join, result));
        pass.finish()
                .flatMap(this::byEngineId)
                .ifPresent(task -> write(task, result.finished().orElseThrow(), Optional.empty(), progress(task)));
        Set<String> stepped = new HashSet<>(pass.steps());
        for (Progress progress : result.progress()) {
            byEngineId(progress.id()).ifPresent(task -> {
                if (progress.failure().isPresent()) {
                    fail(task, ErrorCode.INVALID_REQUEST, progress.failure().get());
                } else {
                    moved(task, progress, stepped.contains(progress.id()), result, now);
                }
            });
        }
    }

    private static Progress progress(PictureTask task) {
        return new Progress(task.engineId(), task.done(), task.of(), Optional.empty());
    }

    private void joined(Pass.Join join, PassResult result) {
        byEngineId(join.id())
                .ifPresentOrElse(
                        task -> {
                            String refusal = result.refused().get(join.id());
                            if (refusal == null) {
                                task.joined(result.joined().get(join.id()));
                            } else if (!task.forgetBegun()) {
                                fail(task, ErrorCode.INVALID_REQUEST, refusal);
                            }
                        },
                        // It has been cancelled while it joined.
                        () -> leaves.add(join.id()));
    }

    private void moved(PictureTask task, Progress progress, boolean stepped, PassResult result, long now) {
        task.progress(progress.done(), progress.of(), stepped, now);
        Optional<LatentCheckpoint> checkpoint =
                Optional.ofNullable(result.checkpoints().get(task.engineId()));
        checkpoint.ifPresent(told -> task.checkpointTold(now));
        boolean shown = result.pass().preview().equals(Optional.of(task.engineId()));
        if (shown && result.preview().isPresent()) {
            write(task, result.preview().get(), Optional.of(task.takePreview()), progress);
        }
        tell(task, new PictureEvent.Step(task.attempt(), task.done(), task.of(), checkpoint, Optional.empty()));
    }

    private void write(PictureTask task, Picture picture, Optional<Integer> preview, Progress progress) {
        if (preview.isEmpty()) {
            task.writing();
        }
        writings.add(new Writing(task.engineId(), task.request(), task.whatWasPrepared(), picture, preview, progress));
    }

    /** A pass could not be run; nothing in it has moved. Each of its pictures is tried alone, and given up when it fails so. */
    public void failed(Pass pass, String message, long now) {
        underWay = Optional.empty();
        leaves.addAll(pass.leaves());
        List<String> all = new ArrayList<>(pass.steps());
        pass.finish().ifPresent(all::add);
        boolean only = all.size() == 1;
        for (String id : all) {
            byEngineId(id)
                    .ifPresentOrElse(
                            task -> {
                                if (only || task.wasSolo()) {
                                    fail(task, ErrorCode.INTERNAL, message);
                                } else {
                                    task.goesAlone();
                                }
                            },
                            () -> leaves.add(id));
        }
    }

    /** A picture has been written into a file, or could not be. */
    public void written(Writing writing, Optional<EncodedPicture> file, String problem, long now) {
        Optional<PictureTask> there = byEngineId(writing.engineId());
        if (there.isEmpty()) {
            return;
        }
        PictureTask task = there.get();
        if (writing.preview().isPresent()) {
            if (file.isPresent() && task.state() != PictureTask.State.ENDED) {
                tell(
                        task,
                        new PictureEvent.Step(
                                task.attempt(),
                                task.done(),
                                task.of(),
                                Optional.empty(),
                                Optional.of(new PictureEvent.Preview(
                                        writing.preview().get(), file.get()))));
            }
        } else if (file.isPresent()) {
            end(task, new PictureEvent.Made(task.attempt(), file.get(), task.warnings()));
            metrics.ended(true, now - arrivals.getOrDefault(task.engineId(), now));
        } else {
            fail(task, ErrorCode.INTERNAL, problem);
        }
    }

    private void fail(PictureTask task, ErrorCode code, String message) {
        leaves.add(task.engineId());
        end(task, new PictureEvent.Failed(task.attempt(), code, message));
        metrics.ended(false, 0);
    }

    private void end(PictureTask task, PictureEvent how) {
        task.ended(how);
        tell(task);
    }

    private void tell(PictureTask task) {
        tell(task, task.event(places.of(task, tasks.values())));
    }

    private void tell(PictureTask task, PictureEvent event) {
        outbox.computeIfAbsent(task.request().routerId(), router -> new ArrayList<>())
                .add(event);
    }

    /** To be called several times a second. */
    public void tick(long now) {
        epochs.expire(now);
        for (PictureTask task : List.copyOf(tasks.values())) {
            if (task.isForgotten(now, config.silenceMillis())) {
                drop(task, now);
            } else if (task.isLate(now) && task.isWorkLeft()) {
                fail(
                        task,
                        ErrorCode.DEADLINE_UNREACHABLE,
                        "The first step did not come before the request's deadline. Please allow more time, or try again later.");
            } else if (task.tellsAgain(now, config.repeatMillis())) {
                tell(task);
            } else if (task.isWorkLeft() && !task.hasBegun()) {
                int place = places.of(task, tasks.values());
                if (task.movedTo(place)) {
                    tell(task, task.event(place));
                }
            }
        }
        shares.forget(tasks.values().stream().map(PictureTask::tenant).collect(Collectors.toSet()));
        PictureHeartbeat.Load load = load();
        metrics.load(load.running(), load.waiting());
    }

    /** Admits nothing from now on. */
    public void drain() {
        draining = true;
    }

    /** Without the majority of the pool everything here is given up: others have begun it anew. */
    public void majority(boolean held, long now) {
        majority = held;
        if (!held) {
            List.copyOf(tasks.values()).forEach(task -> drop(task, now));
            outbox.clear();
        }
    }

    /** @return what each router is to be told, once */
    public Map<String, List<PictureEvent>> takeNews() {
        Map<String, List<PictureEvent>> news = new LinkedHashMap<>(outbox);
        outbox.clear();
        return news;
    }

    /** @return files that are to be read, once */
    public List<Preparation> takePreparations() {
        List<Preparation> due = List.copyOf(preparations);
        preparations.clear();
        return due;
    }

    /** @return pictures that are to be written, once */
    public List<Writing> takeWritings() {
        List<Writing> due = List.copyOf(writings);
        writings.clear();
        return due;
    }

    public PictureHeartbeat.Load load() {
        Collection<PictureTask> all = tasks.values();
        int begun = (int) all.stream()
                .filter(task -> task.hasBegun() && task.state() != PictureTask.State.ENDED)
                .count();
        int waiting = (int) all.stream().filter(task -> !task.hasBegun()).count();
        return new PictureHeartbeat.Load(
                begun,
                waiting,
                all.stream()
                        .filter(PictureTask::isWorkLeft)
                        .mapToLong(PictureTask::rowSteps)
                        .sum());
    }

    /** Whether a pass does not come to its end. */
    public boolean isStuck(long now) {
        return underWay.isPresent() && now - passBegan >= config.stuckMillis();
    }

    /** Whether nothing is here, and nothing of it with the model. */
    public boolean isIdle() {
        return tasks.isEmpty() && underWay.isEmpty() && leaves.isEmpty();
    }

    /** @return row-steps that a tenant was given, by its weight; for tests of fairness */
    double given(String tenant) {
        return shares.of(tenant);
    }
}
