package dev.troupe.bench.router;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Prints what the operating system alone takes for writing an event to a socket: no server that writes each event by itself takes less. */
public final class SocketFloor {
    private static final int STREAMS = Integer.getInteger("streams", 32);
    private static final int STEP_MILLIS = Integer.getInteger("step", 10);
    private static final int STEPS = Integer.getInteger("steps", 1000);
    private static final int EVENT_BYTES = 256;

    private SocketFloor() {}

    public static void main(String[] args) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        Selector selector = Selector.open();
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            for (int i = 0; i < STREAMS; i++) {
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ);
                channels.add(server.accept());
            }
        }
        Thread reader = new Thread(() -> drain(selector), "clients");
        reader.setDaemon(true);
        reader.start();
        for (int round = 0; round < 3; round++) {
            System.out.printf(Locale.ROOT, "%.2f us/write%n", nanosPerWrite(channels) / 1000);
        }
    }

    private static double nanosPerWrite(List<SocketChannel> channels) throws IOException {
        ByteBuffer event = ByteBuffer.allocateDirect(EVENT_BYTES);
        long spent = 0;
        for (int step = 0; step < STEPS; step++) {
            LockSupport.parkNanos(STEP_MILLIS * 1_000_000L);
            long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (SocketChannel channel : channels) {
                event.clear();
                channel.write(event);
            }
            spent += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
        }
        return spent / ((double) STEPS * channels.size());
    }

    private static void drain(Selector selector) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        try {
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    buffer.clear();
                    ((SocketChannel) key.channel()).read(buffer);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
