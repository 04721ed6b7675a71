package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.get;
import static dev.troupe.node.TroupeProcess.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Routers and replicas, each a real process, that are killed and started again. */
final class Fleet implements AutoCloseable {
    private static final Duration SOON = Duration.ofMinutes(2);

    private final List<String> workerJvm;
    private final List<String> workerOptions;
    private final Map<String, Member> members = new ConcurrentHashMap<>();

    /** A process with what it said of itself. */
    record Member(TroupeProcess process, String address, URI url) {}

    /** @param workerOptions further options of every replica */
    Fleet(String... workerOptions) {
        this(List.of(), List.of(workerOptions));
    }

    /** @param workerJvm further options of Java's own, of every replica */
    Fleet(List<String> workerJvm, List<String> workerOptions) {
        this.workerJvm = workerJvm;
        this.workerOptions = workerOptions;
    }

    void startRouter(String name) throws IOException {
        start(name, List.of(), List.of("node", "--roles", "router", "--port", "0", "--drain-timeout", "20s"));
    }

    void startWorker(String name) throws IOException {
        List<String> line =
                new ArrayList<>(List.of("node", "--roles", "batcher,worker", "--port", "0", "--drain-timeout", "20s"));
        line.addAll(workerOptions);
        start(name, workerJvm, line);
    }

    private void start(String name, List<String> jvm, List<String> options) throws IOException {
        List<String> line = new ArrayList<>(options);
        if (!members.isEmpty()) {
            List<String> addresses =
                    members.values().stream().map(Member::address).toList();
            line.add("--join");
            line.add(String.join(",", addresses));
        }
        TroupeProcess process = TroupeProcess.startWith(jvm, line.toArray(String[]::new));
        String address = process.awaitClusterAddress();
        members.put(name, new Member(process, address, process.awaitUrl()));
    }

    TroupeProcess process(String name) {
        return members.get(name).process();
    }

    /** @return where the router of that name answers now */
    URI url(String name) {
        return members.get(name).url();
    }

    /** As if its machine had lost power; waits until the pool has seen it. @return how long that took, in milliseconds */
    long kill(String name, String witness) {
        Member gone = members.remove(name);
        long before = System.nanoTime();
        gone.process().kill();
        eventually(SOON, "the pool to see the death of " + name, () -> !nodes(witness)
                .toString()
                .contains("\"" + gone.address() + "\""));
        return (System.nanoTime() - before) / 1_000_000;
    }

    /** @return how long it took until the pool had put out a process that hangs, in milliseconds; it hangs on */
    long hang(String name, String witness) throws IOException, InterruptedException {
        Member still = members.get(name);
        long before = System.nanoTime();
        still.process().hang();
        eventually(SOON, "the pool to put out " + name, () -> !nodes(witness)
                .toString()
                .contains("\"" + still.address() + "\""));
        return (System.nanoTime() - before) / 1_000_000;
    }

    /** Asks a router that a process of the pool leaves, and waits until it has. */
    int drain(String name, String witness) throws InterruptedException {
        Member leaving = members.get(name);
        for (JsonNode node : nodes(witness).path("data")) {
            if (node.path("address").asText().equals(leaving.address())) {
                TroupeProcess.post(
                        url(witness), "/admin/v1/nodes/" + node.path("id").asText() + "/drain", "{}");
            }
        }
        int code = leaving.process().awaitExit(SOON);
        members.remove(name);
        return code;
    }

    /** Everything that the pool remembers has its copy again, and so many processes are there. */
    void awaitWhole(String witness) {
        JsonNode[] seen = new JsonNode[2];
        try {
            eventually(SOON, "a whole pool", () -> {
                seen[0] = nodes(witness);
                seen[1] = json(get(url(witness), "/admin/v1/backups"));
                return seen[0].path("data").size() == members.size()
                        && seen[1].path("whole").asBoolean();
            });
        } catch (AssertionError late) {
            throw new AssertionError(
                    "%s; %s sees %s, copies: %s".formatted(late.getMessage(), witness, seen[0], seen[1]), late);
        }
    }

    private JsonNode nodes(String witness) {
        return json(get(url(witness), "/admin/v1/nodes"));
    }

    @Override
    public void close() {
        members.values().forEach(member -> member.process().close());
    }
}
