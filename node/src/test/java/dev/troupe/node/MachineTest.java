package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void availableMemoryIsReadFromMeminfo() {
        assertThat(Machine.availableMemory(List.of("MemTotal: 100 kB", "MemAvailable:       2048 kB")))
                .contains(2L << 20);
        assertThat(Machine.availableMemory(List.of())).isEmpty();
    }

    @Test
    void cpuFlagsAreThoseOfTheFirstCore() {
        assertThat(Machine.cpuFlags(List.of("model : x", "flags\t\t: sse avx2 avx2", "flags : other")))
                .containsExactlyInAnyOrder("sse", "avx2");
        assertThat(Machine.cpuFlags(List.of("Processor : ARM"))).isEmpty();
    }

    @Test
    void thisMachineHasMemory() {
        assertThat(Machine.availableMemory()).isPositive();
    }
}
