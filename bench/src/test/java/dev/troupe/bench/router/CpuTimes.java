package dev.troupe.bench.router;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/**
 * Processor time so far, in nanoseconds.
 *
 * @param byThread of every Java thread, by id
 * @param loops of all event loops together
 * @param loopsInJvm the part of that which is not the kernel's
 * @param process with the compiler's and the collector's
 */
public record CpuTimes(Map<Long, Long> byThread, long loops, long loopsInJvm, long process) {
    private static final String LOOP = "vert.x-eventloop-thread";

    public CpuTimes {
        byThread = Map.copyOf(byThread);
    }

    public static CpuTimes now() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Map<Long, Long> byThread = new HashMap<>();
        long loops = 0;
        long loopsInJvm = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                long time = Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
                byThread.put(thread.getThreadId(), time);
                if (thread.getThreadName().startsWith(LOOP)) {
                    loops += time;
                    loopsInJvm += Math.max(0, threads.getThreadUserTime(thread.getThreadId()));
                }
            }
        }
        return new CpuTimes(byThread, loops, loopsInJvm, system.getProcessCpuTime());
    }

    public long of(long threadId) {
        return byThread.getOrDefault(threadId, 0L);
    }
}
