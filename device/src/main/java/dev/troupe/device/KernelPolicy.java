package dev.troupe.device;

import java.util.List;
import java.util.Map;

/**
 * Which kernels a model runs on: the one place that weighs them.
 *
 * <p>Measured with the matrices of a 135M model on two cores with AMX-bf16: the 4-bit kernel costs 0.19 ms a layer at four
 * rows against 0.25 ms for packed bfloat16, and 0.35 against 0.24 at six, since it works in blocks of four rows. Without
 * AMX the two meet at eight rows, so four is right or nearly right wherever bfloat16 is. Processors that have only AVX2 compute
 * in float32, where the 4-bit kernel costs 16 ms for all layers at four rows and 27 at eight, and the packed one 22 and 29, and
 * the plain one, which is MKL's, twice that and more. In attention PyTorch's fused kernel costs
 * 20–100 µs where plain matrix products cost 60–130 up to some four thousand slots times tokens; beyond, it loses; in float32
 * without AVX-512 it wins nowhere.
 *
 * <p>The CUDA choices have not been measured on a GPU.
 *
 * @param bfloat16 whether weights, keys and values are bfloat16; otherwise float32
 * @param packed whether matrices are reordered for oneDNN
 * @param int4 whether matrices that are 4-bit in the file are also kept so
 * @param fewRows the most rows for the 4-bit kernels
 * @param fusedTokens the most slots times tokens for the fused attention of a decode group
 */
public record KernelPolicy(boolean bfloat16, boolean packed, boolean int4, int fewRows, int fusedTokens) {
    private static final String PROBE =
            """
              def bfloat16(self: __torch__.M) -> Tensor:
                return torch.tensor(int(ops.mkldnn._is_mkldnn_bf16_supported()))
            """;

    /** Everything in float32 through plain operators: slow, for comparison, and for processors that nothing faster is known for. */
    public static KernelPolicy exact() {
        return new KernelPolicy(false, false, false, 0, 4096);
    }

    /** What a GPU runs: bfloat16 through plain operators, attention always fused. */
    public static KernelPolicy cuda() {
        return new KernelPolicy(true, false, false, 0, Integer.MAX_VALUE);
    }

    /** The fastest kernels that keep the quality of the file's own quantisation. */
    public static KernelPolicy fast(TorchDevice device) {
        if (!device.isCpu()) {
            return cuda();
        }
        if (hasBfloat16Kernels(device)) {
            return new KernelPolicy(true, true, true, 4, 4096);
        }
        return isX86() ? new KernelPolicy(false, true, true, 6, 0) : exact();
    }

    /** This CPU's kernels, but only those for many rows; for comparison. */
    public KernelPolicy withoutInt4() {
        return new KernelPolicy(bfloat16, packed, false, 0, fusedTokens);
    }

    /** oneDNN computes in bfloat16 from AVX-512 on. */
    private static boolean hasBfloat16Kernels(TorchDevice device) {
        byte[] archive = TorchScriptArchive.of(PROBE, Map.of(), List.of(), List.of());
        try (Program probe = device.load(archive);
                NativeScope scope = probe.newScope()) {
            return probe.call(scope, "bfloat16").get(0).toLongArray()[0] == 1;
        }
    }

    /** PyTorch's 4-bit kernel and our own are written for x86 with AVX2, which every such processor of the last decade has. */
    public static boolean isX86() {
        String arch = System.getProperty("os.arch");
        return arch.equals("amd64") || arch.equals("x86_64");
    }

    /** Whether a step of so many rows takes the kernels for few. */
    public boolean few(int rows) {
        return rows <= fewRows;
    }

    /** Whether a decode group of neighbouring slots takes the fused attention kernel. */
    public boolean fused(int slots, int longest) {
        return (long) slots * longest <= fusedTokens;
    }

    /** As TorchScript numbers it. */
    public int dtype() {
        return bfloat16 ? 15 : 6;
    }
}
