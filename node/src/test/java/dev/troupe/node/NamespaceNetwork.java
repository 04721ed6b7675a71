package dev.troupe.node;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Three hosts in network namespaces of this kernel. Each has a cable to a bridge, over which the pool talks and which can be pulled, and
 * one of its own to this process, over which the tests ask. Needs root and iproute2.
 */
final class NamespaceNetwork implements SplitNetwork {
    private static final int HTTP = 8080;
    private static final int CLUSTER = 5701;
    private static final int BUS = 5801;

    /** Names of interfaces have 15 letters at most. */
    private final String prefix = "t" + ProcessHandle.current().pid() % 100_000;

    /** Of those that are set aside for tests of networks. */
    private final String testNet = "198.18." + ProcessHandle.current().pid() % 256 + ".";

    private final Deque<String> undo = new ArrayDeque<>();

    /** @throws NotAllowed when the kernel, its rights, or a missing tool does not let us */
    NamespaceNetwork() throws NotAllowed {
        try {
            build();
        } catch (NotAllowed e) {
            close();
            throw e;
        }
    }

    /** Why there are no namespaces here. */
    static final class NotAllowed extends Exception {
        private static final long serialVersionUID = 1;

        NotAllowed(String message) {
            super(message);
        }
    }

    private void build() throws NotAllowed {
        String hub = prefix + "hub";
        namespace(hub);
        ip("-n " + hub + " link add bridge type bridge");
        ip("-n " + hub + " link set bridge up");
        for (int host = 0; host < HOSTS; host++) {
            String name = name(host);
            namespace(name);
            ip("-n " + name + " link set lo up");
            ip("link add pool netns " + name + " type veth peer name " + port(host) + " netns " + hub);
            ip("-n " + hub + " link set " + port(host) + " master bridge up");
            ip("-n " + name + " addr add " + poolAddress(host) + "/24 dev pool");
            ip("-n " + name + " link set pool up");
            String cable = prefix + host;
            ip("link add " + cable + " type veth peer name tests netns " + name);
            undo.push("link del " + cable);
            ip("addr add " + testNet + (4 * host + 1) + "/30 dev " + cable);
            ip("link set " + cable + " up");
            ip("-n " + name + " addr add " + testAddress(host) + "/30 dev tests");
            ip("-n " + name + " link set tests up");
        }
    }

    private void namespace(String name) throws NotAllowed {
        ip("netns add " + name);
        undo.push("netns del " + name);
    }

    private String name(int host) {
        return prefix + "h" + host;
    }

    private static String port(int host) {
        return "port" + host;
    }

    private static String poolAddress(int host) {
        return "192.168.77." + (host + 1);
    }

    private String testAddress(int host) {
        return testNet + (4 * host + 2);
    }

    @Override
    public TroupeProcess start(int host, List<String> arguments) throws IOException {
        List<String> join = IntStream.range(0, HOSTS)
                .mapToObj(other -> poolAddress(other) + ":" + CLUSTER)
                .toList();
        List<String> line = new ArrayList<>(
                List.of("node", "--host", testAddress(host), "--insecure-no-auth", "--port", "" + HTTP));
        line.addAll(List.of("--cluster-host", poolAddress(host), "--cluster-port", "" + CLUSTER));
        line.addAll(List.of("--bus-port", "" + BUS, "--join", String.join(",", join)));
        line.addAll(arguments);
        return TroupeProcess.startIn(
                List.of("ip", "netns", "exec", name(host)), List.of(), line.toArray(String[]::new));
    }

    @Override
    public URI url(int host) {
        return URI.create("http://" + testAddress(host) + ":" + HTTP);
    }

    @Override
    public void cut(int host) {
        set(host, "down");
    }

    @Override
    public void heal() {
        IntStream.range(0, HOSTS).forEach(host -> set(host, "up"));
    }

    private void set(int host, String state) {
        try {
            ip("-n " + prefix + "hub link set " + port(host) + " " + state);
        } catch (NotAllowed e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ip(String arguments) throws NotAllowed {
        String line = "ip " + arguments;
        try {
            Process process = new ProcessBuilder(line.split(" ", -1))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new NotAllowed(line + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new NotAllowed(line + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            try {
                ip(undo.pop());
            } catch (NotAllowed e) {
                System.err.println("left behind: " + e.getMessage());
            }
        }
    }
}
