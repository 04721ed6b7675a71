package dev.troupe.image.work;

import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.image.SeedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A scheduler with the real engine on a fake model, and fake time: a pass takes 10 ms a row. */
final class Bench {
    static final int SIDE = 4;
    static final int MILLIS_OF_ROW = 10;

    final SeedModel model = new SeedModel();
    final Studio studio = new Studio(model.noise(), new PictureSizes(SIDE, model.factor()), 3, "weights");
    final StepScheduler scheduler;
    final Map<String, List<PictureEvent>> told = new LinkedHashMap<>();
    final List<Pass> passes = new ArrayList<>();
    private final PictureEngine engine;
    private boolean fails;
    long now = 1_000;

    Bench(StepConfig config) {
        engine = new PictureEngine(model, config.maxRows(), () -> 0L);
        scheduler = new StepScheduler(config, "fake", studio, PictureMetrics.NONE);
    }

    static StepConfig config(int maxRows) {
        return new StepConfig(maxRows, 50, 40, 1 << 20, 5_000, 1_000, 1_000, 60_000, 60_000);
    }

    static PictureSpec spec(int steps, double guidance, long seed) {
        return new PictureSpec(
                "fake",
                "p" + seed,
                "",
                SIDE,
                SIDE,
                steps,
                guidance,
                "euler",
                seed,
                Optional.empty(),
                PictureOutput.PNG,
                0);
    }

    GeneratePicture request(String id, String tenant, PictureSpec spec) {
        return request(id, 1, tenant, spec, Share.EQUAL, Optional.empty());
    }

    GeneratePicture request(
            String id, int epoch, String tenant, PictureSpec spec, Share share, Optional<LatentCheckpoint> begun) {
        return new GeneratePicture(new Attempt(id, epoch), tenant, "router", spec, begun, false, share);
    }

    Admission send(String id, String tenant, PictureSpec spec) {
        return scheduler.generate(request(id, tenant, spec), now);
    }

    void failNextPass() {
        fails = true;
    }

    /** One pass, and all that comes of it. @return whether there was one */
    boolean pass() {
        Optional<Pass> due = scheduler.passDue(now);
        scheduler.takePreparations().forEach(this::prepare);
        due.ifPresent(this::run);
        scheduler.takeWritings().forEach(this::write);
        hear();
        return due.isPresent();
    }

    private void run(Pass pass) {
        passes.add(pass);
        now += (long) MILLIS_OF_ROW * Math.max(1, pass.rows());
        if (fails) {
            fails = false;
            scheduler.failed(pass, "broken", now);
        } else {
            PassResult result = engine.run(pass);
            scheduler.apply(
                    new PassResult(
                            pass,
                            result.joined(),
                            result.refused(),
                            result.progress(),
                            result.checkpoints(),
                            result.finished(),
                            result.preview(),
                            1_000L * MILLIS_OF_ROW * pass.rows()),
                    now);
        }
    }

    private void prepare(StepScheduler.Preparation preparation) {
        try {
            scheduler.prepared(
                    preparation,
                    Optional.of(studio.prepare(preparation.request().spec())),
                    "");
        } catch (IllegalArgumentException e) {
            scheduler.prepared(preparation, Optional.empty(), e.getMessage());
        }
    }

    private void write(StepScheduler.Writing writing) {
        EncodedPicture file =
                studio.write(writing.picture(), writing.request().spec(), writing.prepared(), PictureOutput.PNG);
        scheduler.written(writing, Optional.of(file), "", now);
    }

    void hear() {
        scheduler
                .takeNews()
                .values()
                .forEach(events -> events.forEach(
                        event -> told.computeIfAbsent(event.attempt().requestId(), id -> new ArrayList<>())
                                .add(event)));
    }

    void tick() {
        scheduler.tick(now);
        hear();
    }

    /** Passes until nothing is left to be done. */
    void runAll() {
        int idle = 0;
        for (int i = 0; i < 100_000 && idle < 2; i++) {
            idle = pass() ? 0 : idle + 1;
        }
    }

    PictureEvent last(String id) {
        List<PictureEvent> events = told.get(id);
        return events == null ? null : events.get(events.size() - 1);
    }

    EncodedPicture made(String id) {
        return ((PictureEvent.Made) last(id)).picture();
    }

    /** Pictures that the engine holds. */
    int held() {
        return engine.size();
    }
}
