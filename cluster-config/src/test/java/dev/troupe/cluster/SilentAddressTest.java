package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members look for others that were lost, and may find one that hangs. */
class SilentAddressTest {
    @Test
    @Timeout(60)
    void whoTakesAConnectionAndDoesNotAnswerCostsNoProcessor() throws IOException, InterruptedException {
        int port = freePort();
        HostPort address = HostPort.parse("--join", "127.0.0.1:" + port);
        try (Members members = new Members()) {
            members.start(Members.options("127.0.0.1", 18051, new Discovery.Members(List.of(address))));
            // As a process that hangs: its kernel takes connections, and nobody reads them.
            try (ServerSocketChannel silent = ServerSocketChannel.open()
                            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    SocketChannel looked = silent.accept()) {
                long before = sending();
                TimeUnit.SECONDS.sleep(2);

                assertThat(sending() - before)
                        .as("ms of processor in two seconds")
                        .isLessThan(500);
                assertThat(looked.isOpen()).isTrue();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** @return what the threads that send to other members have computed, in milliseconds */
    private static long sending() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().contains(".IO.thread-out"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(threads::getThreadCpuTime)
                .map(TimeUnit.NANOSECONDS::toMillis)
                .sum();
    }
}
