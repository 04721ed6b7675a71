package dev.troupe.image.train;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A stretch of training of one stage: steps, a checkpoint every few minutes, a line of the curve every few steps. A checkpoint is one file
 * that is replaced whole, so a death costs what came after the last one.
 */
final class Stretch {
    private static final int MAGIC = 0x54525031; // TRP1
    private static final int LINE = 50;
    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMinutes(4);
    private static final Duration BETWEEN_WATCHES = Duration.ofMinutes(6);

    private final Path folder;
    private final String name;
    private final Consumer<String> say;

    Stretch(Path folder, String name, Consumer<String> say) {
        this.folder = folder;
        this.name = name;
        this.say = say;
    }

    /** Makes a stage out of a state, or from the start where there is none. */
    @FunctionalInterface
    interface Maker {
        Stage make(DataInputStream state) throws IOException;
    }

    private Path state() {
        return folder.resolve("state").resolve(name + ".state");
    }

    boolean hasState() {
        return Files.isRegularFile(state());
    }

    /** When a stretch ends, whichever comes first. */
    record Limit(int steps, Duration time) {}

    /**
     * Trains until a limit, or until a file {@code stop} appears in the folder.
     *
     * @param seed that the stage was made with
     * @return whether it came to its limit
     */
    boolean run(Maker maker, long seed, Limit limit) throws IOException {
        Path lock = Files.createDirectories(state().getParent()).resolve(name + ".lock");
        try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                throw new IOException(folder + ": another process trains its " + name + " already");
            }
            return runAlone(maker, seed, limit);
        } catch (OverlappingFileLockException e) {
            throw new IOException(folder + ": this process trains its " + name + " already", e);
        }
    }

    private boolean runAlone(Maker maker, long seed, Limit limit) throws IOException {
        int step = 0;
        long pictures = 0;
        double seconds = 0;
        Stage stage;
        if (hasState()) {
            try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(state()), 1 << 20))) {
                if (in.readInt() != MAGIC || in.readLong() != seed) {
                    throw new IOException(
                            state() + " is of another seed or no state of training; say --seed as it was, or"
                                    + " delete it to begin anew");
                }
                step = in.readInt();
                pictures = in.readLong();
                seconds = in.readDouble();
                stage = maker.make(in);
            }
            say.accept(String.format(Locale.ROOT, "%s goes on at step %d after %.0f s", name, step, seconds));
            cutCurve(step);
        } else {
            stage = maker.make(null);
        }
        try (stage) {
            long began = System.nanoTime();
            long saved = began;
            long watched = began;
            double before = seconds;
            double sum = 0;
            int count = 0;
            Path stop = folder.resolve("stop");
            while (step < limit.steps()
                    && System.nanoTime() - began < limit.time().toNanos()
                    && !Files.exists(stop)) {
                sum += stage.step(step++);
                count++;
                pictures += stage.batch();
                long now = System.nanoTime();
                seconds = before + (now - began) / 1e9;
                if (step % LINE == 0) {
                    line(step, pictures, seconds, sum / count);
                    sum = 0;
                    count = 0;
                }
                if (now - saved > BETWEEN_CHECKPOINTS.toNanos()) {
                    save(stage, seed, step, pictures, seconds);
                    saved = now;
                }
                if (now - watched > BETWEEN_WATCHES.toNanos()) {
                    watch(stage, step);
                    watched = now;
                }
            }
            save(stage, seed, step, pictures, seconds);
            stage.export();
            watch(stage, step);
            return step >= limit.steps();
        }
    }

    private void line(int step, long pictures, double seconds, double loss) throws IOException {
        String line = String.format(Locale.ROOT, "%d,%d,%.1f,%.5f", step, pictures, seconds, loss);
        append(name + ".csv", line);
        if (step % (LINE * 4) == 0) {
            say.accept(name + " step " + step + " pictures " + pictures
                    + String.format(Locale.ROOT, " seconds %.0f loss %.5f", seconds, loss));
        }
    }

    private void watch(Stage stage, int step) throws IOException {
        for (Map.Entry<String, Double> measure : stage.watch().entrySet()) {
            append(
                    name + "-watch.csv",
                    String.format(Locale.ROOT, "%d,%s,%.5f", step, measure.getKey(), measure.getValue()));
            say.accept(
                    String.format(Locale.ROOT, "%s step %d %s %.4f", name, step, measure.getKey(), measure.getValue()));
        }
    }

    private void append(String file, String line) throws IOException {
        Path curves = Files.createDirectories(folder.resolve("curves"));
        Files.writeString(curves.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** What was written after the checkpoint will be written again. */
    private void cutCurve(int step) throws IOException {
        for (String file : new String[] {name + ".csv", name + "-watch.csv"}) {
            Path curve = folder.resolve("curves").resolve(file);
            if (Files.isRegularFile(curve)) {
                var kept = new ArrayList<String>();
                for (String line : Files.readAllLines(curve)) {
                    if (Integer.parseInt(line.substring(0, line.indexOf(','))) <= step) {
                        kept.add(line);
                    }
                }
                TensorFile.replace(
                        curve,
                        kept.isEmpty()
                                ? new byte[0]
                                : (String.join("\n", kept) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }

    private void save(Stage stage, long seed, int step, long pictures, double seconds) throws IOException {
        Files.createDirectories(state().getParent());
        Path next = state().resolveSibling(name + ".new");
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(next), 1 << 20))) {
            out.writeInt(MAGIC);
            out.writeLong(seed);
            out.writeInt(step);
            out.writeLong(pictures);
            out.writeDouble(seconds);
            stage.save(out);
        }
        Files.move(next, state(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
