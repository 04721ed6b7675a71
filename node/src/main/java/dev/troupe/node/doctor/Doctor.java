package dev.troupe.node.doctor;

import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.hub.ModelStatus;
import dev.troupe.node.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks one question after the other and prints the verdicts. */
public final class Doctor {
    private Doctor() {}

    /** @return the checks of a machine, in the order in which a person wants to know */
    public static List<Supplier<Verdict>> checks(
            Path data, Path natives, String device, int httpPort, int clusterPort) {
        List<Supplier<Verdict>> checks = new ArrayList<>(List.of(
                () -> MachineChecks.java(Runtime.version(), System.getProperty("java.vendor")),
                () -> MachineChecks.memory(Machine.availableMemory()),
                () -> MachineChecks.cores(Runtime.getRuntime().availableProcessors()),
                () -> MachineChecks.cpu(System.getProperty("os.arch"), Machine.cpuFlags()),
                () -> EngineChecks.kernels(natives),
                () -> EngineChecks.natives(natives),
                () -> EngineChecks.device(device, natives),
                () -> port("http port", httpPort, "--port"),
                () -> port("cluster port", clusterPort, "--cluster-port"),
                Doctor::pip,
                () -> disk(data)));
        ModelHub hub = new ModelHub(HubConfig.of(data));
        for (ModelStatus model : hub.describe()) {
            checks.add(() -> EngineChecks.model(hub, model));
        }
        return checks;
    }

    /** @return whether nothing failed */
    public static boolean examine(List<Supplier<Verdict>> checks, PrintWriter out) {
        boolean well = true;
        for (Supplier<Verdict> check : checks) {
            Verdict verdict = check.get();
            out.printf("%-5s %-21s %s%n", verdict.level(), verdict.what(), verdict.finding());
            out.flush();
            well &= verdict.level() != Verdict.Level.FAIL;
        }
        return well;
    }

    static Verdict port(String what, int port, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Verdict.ok(what, port + " is free");
        } catch (IOException e) {
            return Verdict.warn(what, port + " is taken (" + e.getMessage() + "); choose another with " + option);
        }
    }

    private static Verdict pip() {
        try {
            Process process = new ProcessBuilder("python3", "-m", "pip", "--version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
            boolean works = process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
            return works
                    ? Verdict.ok("pip", said.strip().replaceFirst(" from .*", ""))
                    : Verdict.warn("pip", "python3 has no pip; models that come from PyPI cannot be downloaded");
        } catch (IOException e) {
            return Verdict.warn("pip", "no python3; models that come from PyPI cannot be downloaded");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.warn("pip", "not known: interrupted");
        }
    }

    private static Verdict disk(Path data) {
        Path there = data;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        try {
            return MachineChecks.disk(data.toString(), Files.getFileStore(there).getUsableSpace(), 1L << 30);
        } catch (IOException e) {
            return Verdict.fail("disk", "cannot look at " + there + ": " + e.getMessage());
        }
    }
}
