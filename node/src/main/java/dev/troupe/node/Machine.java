package dev.troupe.node;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What this machine has. Linux says more than others; where it does not, the JVM's own view stands in. */
public final class Machine {
    private Machine() {}

    /** @return bytes that this process can still take without swapping, in a container those of the container */
    public static long availableMemory() {
        long machine = availableMemory(lines(Path.of("/proc/meminfo")))
                .orElseGet(() -> ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getFreeMemorySize());
        return Cgroup.room(Path.of("/sys/fs/cgroup"), lines(Path.of("/proc/self/cgroup")))
                .map(room -> Math.min(room, machine))
                .orElse(machine);
    }

    static Optional<Long> availableMemory(List<String> meminfo) {
        return meminfo.stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst();
    }

    /** @return what the processor can do, in Linux's words; empty where nobody says */
    public static Set<String> cpuFlags() {
        return cpuFlags(lines(Path.of("/proc/cpuinfo")));
    }

    static Set<String> cpuFlags(List<String> cpuinfo) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.copyOf(
                        Arrays.asList(line.replaceFirst(".*?:\\s*", "").split("\\s+"))))
                .orElse(Set.of());
    }

    private static List<String> lines(Path file) {
        if (!Files.isReadable(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
