package dev.troupe.bench.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Streams of one thread: each connection asks, reads to the end, and asks again, until closed. */
final class StreamingClients implements AutoCloseable {
    /** The last chunk of a body. */
    private static final byte[] END = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final byte[] request;
    private final Thread thread = new Thread(this::readAll, "clients");
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile String trouble = "";
    private volatile boolean closed;

    /**
     * @param atOnce streams that wait for an answer's head at most, while all are being opened
     * @param promptWords about as many in the question of each stream
     */
    StreamingClients(int port, int streams, int atOnce, int promptWords, int maxTokens) {
        String body = "{\"model\":\"tiny\",\"stream\":true,\"ignore_eos\":true,\"max_tokens\":" + maxTokens
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + "in the end ".repeat(promptWords / 3) + "\"}]}";
        request = ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
        try {
            selector = Selector.open();
            thread.setDaemon(true);
            thread.start();
            for (int i = 0; i < streams; i++) {
                int opened = i;
                Await.until("the streams before have begun", () -> opened - begun.get() < atOnce);
                open(port);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(request));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Stream());
        selector.wakeup();
    }

    /**
     * Opens streams, says so in a line, and holds them until killed.
     *
     * @param args the port, how many, and how many at once
     */
    public static void main(String[] args) throws InterruptedException {
        int streams = Integer.parseInt(args[1]);
        StreamingClients clients =
                new StreamingClients(Integer.parseInt(args[0]), streams, Integer.parseInt(args[2]), 30, 64);
        Await.until("all have begun", () -> clients.begun() == streams);
        if (clients.trouble().isEmpty()) {
            System.out.println("begun");
            clients.thread.join();
        }
        throw new IllegalStateException(clients.trouble());
    }

    /** One connection: how much of {@link #END} its bytes end with. */
    private static final class Stream {
        private int matched;
        private boolean begun;
    }

    long threadId() {
        return thread.getId();
    }

    /** @return streams of which something has come */
    int begun() {
        return begun.get();
    }

    /** @return answers that came whole */
    long ended() {
        return ended.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** @return what a server said other than a stream; empty when all is well */
    String trouble() {
        return trouble;
    }

    private void readAll() {
        try {
            while (!closed) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            trouble = e.toString();
        }
    }

    private void read(SelectionKey key) throws IOException {
        Stream stream = (Stream) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
            key.cancel();
            trouble = "a connection was closed";
            return;
        }
        bytes.addAndGet(count);
        buffer.flip();
        if (!stream.begun) {
            stream.begun = true;
            check(buffer);
            begun.incrementAndGet();
        }
        if (endsAnswer(stream)) {
            ended.incrementAndGet();
            channel.write(ByteBuffer.wrap(request));
        }
    }

    private void check(ByteBuffer first) {
        String head = StandardCharsets.US_ASCII.decode(first.duplicate()).toString();
        if (!head.startsWith("HTTP/1.1 200")) {
            trouble = head;
        }
    }

    private boolean endsAnswer(Stream stream) {
        boolean ends = false;
        while (buffer.hasRemaining()) {
            byte next = buffer.get();
            if (next == END[stream.matched]) {
                stream.matched++;
            } else {
                stream.matched = next == END[0] ? 1 : 0;
            }
            if (stream.matched == END.length) {
                stream.matched = 0;
                ends = true;
            }
        }
        return ends;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        Await.until("the clients have stopped", () -> !thread.isAlive());
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
