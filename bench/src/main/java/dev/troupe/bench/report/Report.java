package dev.troupe.bench.report;

import dev.troupe.bench.load.Load;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/** All that a run of the command has found out. */
public record Report(Setting setting, List<Level> levels) {
    public Report {
        levels = List.copyOf(levels);
    }

    /**
     * Under what the figures were taken.
     *
     * @param work what every request asked for, in words
     * @param notes what a reader should know before believing the figures
     */
    public record Setting(
            Instant started,
            String work,
            long seed,
            int rounds,
            Bounds bounds,
            List<Server> servers,
            List<String> notes) {
        public Setting {
            servers = List.copyOf(servers);
            notes = List.copyOf(notes);
        }
    }

    /**
     * A server as it was asked.
     *
     * @param firstSight seconds to the first token of the first request with the shared prefix, where there is one
     */
    public record Server(String name, String url, String model, OptionalDouble firstSight) {}

    /**
     * One load.
     *
     * @param servers one for each server of the setting
     */
    public record Level(Load load, List<Summary> servers) {
        public Level {
            servers = List.copyOf(servers);
        }
    }

    boolean isComparison() {
        return setting.servers().size() > 1;
    }

    /** @return a load and, where there are two, a server, in words */
    String where(Level level, int server) {
        return level.load().label()
                + (isComparison() ? ", " + setting.servers().get(server).name() : "");
    }

    /** @return how to read the ratio of two servers */
    String ratioMeaning() {
        List<Server> servers = setting.servers();
        return "ratio: " + servers.get(0).name() + "/" + servers.get(1).name()
                + "; more is better for rates, less for times";
    }

    /** @return whether no request at all was answered */
    public boolean isAllFailed() {
        return levels.stream().flatMap(level -> level.servers().stream()).allMatch(summary -> summary.done() == 0);
    }
}
