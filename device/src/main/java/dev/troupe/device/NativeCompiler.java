package dev.troupe.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Compiles C of ours on the machine that runs it, for that machine's own processor, with the C compiler that is there: {@code $CC},
 * {@code cc}, {@code gcc} or {@code clang}. What has been compiled once is kept.
 *
 * <p>Why at run time: one library for all processors would be the slowest of them, and a jar has no place for ten.
 */
public final class NativeCompiler {
    private static final List<String> FLAGS = List.of(
            "-std=gnu11",
            "-O3",
            "-march=" + System.getProperty("troupe.kernels.march", "native"),
            "-fopenmp-simd",
            "-fno-math-errno",
            "-fno-trapping-math",
            "-ffp-contract=fast",
            "-shared",
            "-fPIC");

    private static final long TIMEOUT_SECONDS = 120;

    private final Path folder;
    private final List<String> compilers;
    private final Path cpuInfo;

    /** @param folder where compiled libraries are kept; only its owner may be able to write there */
    public NativeCompiler(Path folder) {
        this(
                folder,
                Stream.of(System.getenv("CC"), "cc", "gcc", "clang")
                        .filter(Objects::nonNull)
                        .toList());
    }

    /** @param compilers commands, the first that is there is taken */
    public NativeCompiler(Path folder, List<String> compilers) {
        this(folder, compilers, Path.of("/proc/cpuinfo"));
    }

    NativeCompiler(Path folder, List<String> compilers, Path cpuInfo) {
        this.folder = folder;
        this.compilers = compilers;
        this.cpuInfo = cpuInfo;
    }

    /**
     * Compiles, unless this very source has been compiled for this processor before.
     *
     * @param name of the library, for people
     * @return the library, to be loaded
     * @throws DeviceException if there is no compiler, or it refuses; the message is one line
     */
    public Path compile(String name, String source) {
        Path library = folder.resolve(name + "-" + digest(source) + ".so");
        if (Files.exists(library)) {
            return library;
        }
        try {
            Files.createDirectories(folder);
            // Under a name of its own first: two processes may do this at once, and neither must find half a file.
            Path fresh = Files.createTempFile(folder, name, ".so");
            try {
                compile(name, source, fresh);
                Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            return library;
        } catch (IOException e) {
            throw new DeviceException("cannot write " + library, e);
        }
    }

    private void compile(String name, String source, Path to) throws IOException {
        Path code = Files.createTempFile(folder, name, ".c");
        try {
            Files.writeString(code, source);
            for (String compiler : compilers) {
                Optional<Process> started = start(compiler, code, to);
                if (started.isPresent()) {
                    await(compiler, started.get());
                    return;
                }
            }
        } finally {
            Files.deleteIfExists(code);
        }
        throw new DeviceException(
                "there is no C compiler (" + String.join(", ", compilers) + "); install gcc or clang");
    }

    private static Optional<Process> start(String compiler, Path code, Path to) {
        var command = new ArrayList<>(List.of(compiler.split(" ")));
        command.addAll(FLAGS);
        command.addAll(List.of("-o", to.toString(), code.toString(), "-lpthread", "-lm"));
        try {
            return Optional.of(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            return Optional.empty(); // not on this machine
        }
    }

    private static void await(String compiler, Process process) throws IOException {
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new DeviceException(compiler + " has not ended after " + TIMEOUT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                String why = said.lines()
                        .filter(line -> line.contains("error"))
                        .findFirst()
                        .orElse("exit code " + process.exitValue());
                throw new DeviceException(compiler + " does not compile the kernels: " + why.strip());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted while " + compiler + " was at work", e);
        }
    }

    /** Of all that the outcome depends on, but the compiler's version. */
    private String digest(String source) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.join(" ", FLAGS).getBytes(UTF_8));
            digest.update(source.getBytes(UTF_8));
            digest.update(processor().getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What it is called and what it can do: a home directory may be shared by machines that differ. */
    private String processor() {
        try (Stream<String> lines = Files.lines(cpuInfo)) {
            return String.join(
                    "\n",
                    lines.filter(line -> line.startsWith("flags") || line.startsWith("model"))
                            .distinct()
                            .toList());
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
