package dev.troupe.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Linux's limits on the memory of a container or service, of both versions of control groups. */
final class Cgroup {
    /** Where a group has no limit, version 1 says something near the largest number. */
    private static final long NO_LIMIT = 1L << 60;

    private Cgroup() {}

    /**
     * What this process's groups still let it take. Pages of files that nobody has used for a while do not count as taken: the kernel drops
     * them first.
     *
     * @param mount where the groups are mounted, {@code /sys/fs/cgroup}
     * @param membership lines of {@code /proc/self/cgroup}
     * @return bytes; empty without a limit
     */
    static Optional<Long> room(Path mount, List<String> membership) {
        Optional<Long> least = Optional.empty();
        for (String line : membership) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3 || !(fields[1].isEmpty() || fields[1].contains("memory"))) {
                continue;
            }
            boolean second = fields[1].isEmpty();
            Path root = second ? mount : mount.resolve("memory");
            // A container may see its own group as the root, or the path as the host sees it; either way the groups
            // that are there count.
            Path group = root.resolve(fields[2].substring(1));
            for (Path at = group; at != null && at.startsWith(root); at = at.getParent()) {
                least = smaller(least, second ? roomOfSecond(at) : roomOfFirst(at));
            }
        }
        return least;
    }

    private static Optional<Long> roomOfSecond(Path group) {
        return room(
                number(group.resolve("memory.max")),
                number(group.resolve("memory.current")),
                inactive(group.resolve("memory.stat"), "inactive_file "));
    }

    private static Optional<Long> roomOfFirst(Path group) {
        return room(
                number(group.resolve("memory.limit_in_bytes")),
                number(group.resolve("memory.usage_in_bytes")),
                inactive(group.resolve("memory.stat"), "total_inactive_file "));
    }

    private static Optional<Long> room(Optional<Long> limit, Optional<Long> used, long inactive) {
        return limit.filter(most -> most < NO_LIMIT)
                .flatMap(most -> used.map(now -> Math.max(0, most - Math.max(0, now - inactive))));
    }

    private static Optional<Long> number(Path file) {
        return lines(file).stream()
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,19}"))
                .findFirst()
                .map(Cgroup::parse);
    }

    private static long inactive(Path file, String name) {
        return lines(file).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> parse(line.substring(name.length()).strip()))
                .orElse(0L);
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<Long> smaller(Optional<Long> one, Optional<Long> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return Optional.of(Math.min(one.get(), other.get()));
    }
}
