package dev.troupe.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Cables made of proxies in this process. Each host's ports of the cluster and of the event bus have one in front, which is what the host
 * tells the others to dial, so all that passes between two hosts passes here, whoever of them has dialled.
 *
 * <p>Which host dials is not in the bytes: the kernel is asked (Linux) whose socket the other end is.
 */
final class ProxyNetwork implements SplitNetwork {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int NOBODY = -1;

    private final List<Host> hosts = new ArrayList<>();
    private final Map<Integer, TroupeProcess> processes = new ConcurrentHashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private int cutHost = NOBODY;

    private record Host(int http, int cluster, int clusterProxy, int bus, int busProxy) {}

    ProxyNetwork() throws IOException {
        int[] ports = freePorts(3 * HOSTS);
        for (int i = 0; i < HOSTS; i++) {
            int cluster = ports[3 * i + 1];
            int bus = ports[3 * i + 2];
            hosts.add(new Host(ports[3 * i], cluster, proxy(i, cluster), bus, proxy(i, bus)));
        }
    }

    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, HERE));
        }
        int[] ports = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    @Override
    public TroupeProcess start(int host, List<String> arguments) throws IOException {
        Host ports = hosts.get(host);
        List<String> line = new ArrayList<>(List.of("node"));
        line.addAll(List.of("--port", "" + ports.http()));
        line.addAll(List.of("--cluster-port", "" + ports.cluster()));
        line.addAll(List.of("--cluster-public", "127.0.0.1:" + ports.clusterProxy()));
        line.addAll(List.of("--bus-port", "" + ports.bus()));
        line.addAll(List.of("--bus-public", "127.0.0.1:" + ports.busProxy()));
        List<String> all =
                hosts.stream().map(other -> "127.0.0.1:" + other.clusterProxy()).toList();
        line.addAll(List.of("--join", String.join(",", all)));
        line.addAll(arguments);
        TroupeProcess process = TroupeProcess.start(line.toArray(String[]::new));
        processes.put(host, process);
        return process;
    }

    @Override
    public URI url(int host) {
        return URI.create("http://127.0.0.1:" + hosts.get(host).http());
    }

    @Override
    public synchronized void cut(int host) {
        cutHost = host;
    }

    @Override
    public synchronized void heal() {
        cutHost = NOBODY;
        notifyAll();
    }

    /** Blocks while the cable between the two is cut. */
    private synchronized void pass(int from, int to) throws InterruptedException {
        while (from != to && (from == cutHost || to == cutHost)) {
            wait();
        }
    }

    /** @return the port of a proxy in front of one of a host */
    private int proxy(int host, int port) throws IOException {
        ServerSocket server = new ServerSocket(0, 100, HERE);
        open.add(server);
        inBackground(() -> {
            while (true) {
                Socket dialled = server.accept();
                inBackground(() -> connect(dialled, host, port));
            }
        });
        return server.getLocalPort();
    }

    private void connect(Socket dialled, int host, int port) throws IOException, InterruptedException {
        try (dialled) {
            int from = dialler(dialled);
            pass(from, host);
            try (Socket target = new Socket()) {
                target.connect(new InetSocketAddress(HERE, port));
                dialled.setTcpNoDelay(true);
                target.setTcpNoDelay(true);
                Thread back = inBackground(() -> carry(target, dialled, host, from));
                carry(dialled, target, from, host);
                back.join();
            }
        }
    }

    /** Carries bytes, and after them the news that there will be no more. */
    private void carry(Socket in, Socket out, int from, int to) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        try {
            for (int read = in.getInputStream().read(buffer);
                    read >= 0;
                    read = in.getInputStream().read(buffer)) {
                pass(from, to);
                out.getOutputStream().write(buffer, 0, read);
            }
        } finally {
            pass(from, to);
            out.close();
            in.close();
        }
    }

    /** @return the host whose process holds the other end, or {@link #NOBODY} */
    private int dialler(Socket dialled) throws IOException {
        String ends = hex(dialled.getPort()) + " " + hex(dialled.getLocalPort());
        Map<String, String> inodes = new HashMap<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] words = line.strip().split("\\s+", -1);
                inodes.put(port(words[1]) + " " + port(words[2]), words[9]);
            }
        }
        String socket = "socket:[" + inodes.get(ends) + "]";
        return IntStream.range(0, HOSTS)
                .filter(host ->
                        processes.containsKey(host) && holds(processes.get(host).pid(), socket))
                .findFirst()
                .orElse(NOBODY);
    }

    private static String hex(int port) {
        return String.format("%04X", port);
    }

    private static String port(String address) {
        return address.substring(address.indexOf(':') + 1);
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.anyMatch(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().equals(socket);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static Thread inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (SocketException e) {
                // One end is gone; the other is closed then.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() {
        heal();
        for (AutoCloseable server : open) {
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
