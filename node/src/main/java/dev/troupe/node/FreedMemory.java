package dev.troupe.node;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back to the operating system what a load has left behind: the mapped file of the model, which Java unmaps when it collects, and
 * the holes between the weights, which C's allocator keeps for later.
 */
final class FreedMemory {
    private static final Logger log = LoggerFactory.getLogger(FreedMemory.class);

    private FreedMemory() {}

    /** Takes some hundred milliseconds. */
    static void giveBack() {
        System.gc();
        try {
            // A command of the JVM's own, from 17.0.9 on and only where the C library is glibc.
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
        } catch (JMException | RuntimeException e) {
            log.debug("The C library's freed memory stays with the process: {}", e.getMessage());
        }
    }
}
