package dev.troupe.node.doctor;

import dev.troupe.node.MemorySize;
import java.util.Set;
import java.util.TreeSet;

/** Verdicts on what the machine is; the figures come from outside. */
final class MachineChecks {
    private static final long GB = 1L << 30;

    private MachineChecks() {}

    static Verdict java(Runtime.Version version, String vendor) {
        String finding = version + " from " + vendor;
        return version.feature() >= 17
                ? Verdict.ok("java", finding)
                : Verdict.fail("java", finding + "; install a JDK 17 or newer");
    }

    /** The default model takes about 1.2 GB beside its KV memory. */
    static Verdict memory(long available) {
        String finding = MemorySize.text(available) + " available";
        if (available < 3 * GB / 2) {
            return Verdict.fail("memory", finding + "; the default model needs 1.5 GB: close other programs");
        }
        return available < 3 * GB
                ? Verdict.warn("memory", finding + "; enough for the default model, with little room for many requests")
                : Verdict.ok("memory", finding);
    }

    static Verdict cores(int cores) {
        return cores < 2
                ? Verdict.warn("cores", cores + "; the model and the network share it, so answers stutter under load")
                : Verdict.ok("cores", String.valueOf(cores));
    }

    /** @param flags as Linux names them; empty when nobody says */
    static Verdict cpu(String architecture, Set<String> flags) {
        if (flags.isEmpty()) {
            return Verdict.warn("processor", architecture + "; what it can do is not known here");
        }
        Set<String> useful = new TreeSet<>(flags);
        useful.retainAll(Set.of("avx2", "avx512f", "avx512_bf16", "amx_bf16"));
        String finding = architecture + " with " + (useful.isEmpty() ? "no AVX2" : String.join(", ", useful));
        return useful.contains("avx512_bf16")
                ? Verdict.ok("processor", finding)
                : Verdict.warn("processor", finding + "; the model runs slower without avx512_bf16");
    }

    /** @param needed what is still to be downloaded and unpacked */
    static Verdict disk(String folder, long free, long needed) {
        String finding = MemorySize.text(free) + " free for " + folder;
        return free < needed
                ? Verdict.fail(
                        "disk", finding + ", " + MemorySize.text(needed) + " needed; name a larger one with --data")
                : Verdict.ok("disk", finding);
    }
}
