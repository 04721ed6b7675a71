package dev.troupe.image.model;

import ai.djl.ndarray.NDArray;
import dev.troupe.device.NativeScope;
import dev.troupe.device.Program;
import dev.troupe.device.TorchDevice;
import dev.troupe.device.TorchScriptArchive;
import dev.troupe.models.ModelFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network on the device: its program with its weights. Belongs to one thread at a time. */
final class Network implements NativePart {
    private static final int BFLOAT16 = 15;
    private static final int FLOAT32 = 6;

    private final Program program;

    private Network(Program program) {
        this.program = program;
    }

    /**
     * What a program is told besides its structure.
     *
     * @param groups of its group norms
     * @param eps of its group norms
     * @param layerEps of its layer norms
     * @param timeDecay how fast the frequencies of the time's waves fall, by index, in logarithm
     */
    record Numbers(int groups, double eps, double layerEps, double timeDecay) {}

    /**
     * How a program computes.
     *
     * @param packed whether matrices and kernels lie in oneDNN's order: a step of a U-Net of Stable Diffusion 1.5's size on 32 x 32 places
     *     otherwise spends half of its time on putting them there
     */
    record Kernels(boolean bfloat16, boolean packed) {
        static final Kernels PLAIN = new Kernels(false, false);
    }

    /**
     * Carries a network to the device.
     *
     * @param target whose weights the adapters may change; empty for none
     * @throws ModelFormatException if a weight is missing, misshapen or left over
     */
    static Network load(
            TorchDevice device,
            NetworkWriter written,
            Numbers numbers,
            Kernels kernels,
            NetworkWeights weights,
            Optional<LoraAdapter.Target> target,
            List<LoraAdapter> adapters) {
        var used = new ArrayList<String>();
        written.slots().forEach(slot -> used.addAll(slot.names()));
        weights.requireNoneBeyond(used);
        Program program = device.load(archive(written, numbers, kernels));
        try {
            for (NetworkWriter.Slot slot : written.slots()) {
                var parts = new ArrayList<float[]>();
                for (String name : slot.names()) {
                    float[] values = weights.values(name, slot.shape());
                    if (target.isPresent() && name.endsWith(".weight")) {
                        String module = name.substring(0, name.length() - ".weight".length());
                        long rows = slot.shape().get(0);
                        LoraAdapter.merge(adapters, target.get(), module, values, rows);
                    }
                    parts.add(values);
                }
                put(program, stack(parts), slot);
            }
        } catch (RuntimeException | Error e) {
            program.close();
            throw e;
        }
        return new Network(program);
    }

    /** The program alone, without weights, as any PyTorch 2 loads it. */
    static byte[] archive(NetworkWriter written, Numbers numbers, Kernels kernels) {
        return TorchScriptArchive.of(written.program(), constants(numbers, kernels), List.of("w"), List.of());
    }

    /** The constants of {@code network.py}. */
    static Map<String, Object> constants(Numbers numbers, Kernels kernels) {
        Map<String, Object> constants = new HashMap<>();
        constants.put("DTYPE", kernels.bfloat16() ? BFLOAT16 : FLOAT32);
        // oneDNN's packed convolutions, and cuDNN's in bfloat16, compute on channels side by side.
        constants.put("CHANNELS_LAST", kernels.bfloat16() || kernels.packed());
        constants.put("PACKED", kernels.packed());
        constants.put("GROUPS", numbers.groups());
        constants.put("EPS", numbers.eps());
        constants.put("LAYER_EPS", numbers.layerEps());
        constants.put("TIME_DECAY", numbers.timeDecay());
        return constants;
    }

    static float[] stack(List<float[]> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        int length = parts.get(0).length;
        var all = new float[length * parts.size()];
        for (int i = 0; i < parts.size(); i++) {
            System.arraycopy(parts.get(i), 0, all, i * length, length);
        }
        return all;
    }

    private static void put(Program program, float[] values, NetworkWriter.Slot slot) {
        long[] shape = slot.shape().stream().mapToLong(Long::longValue).toArray();
        shape[0] *= slot.names().size();
        try (NativeScope scope = program.newScope()) {
            NDArray weight = scope.floats(values, shape);
            if (slot.use() instanceof NetworkWriter.Use.Kernel kernel) {
                program.call(scope, "put_kernel", weight, kernel.stride(), kernel.padding());
            } else if (slot.use() instanceof NetworkWriter.Use.Matrix) {
                program.call(scope, "put_matrix", weight);
            } else {
                program.call(scope, "put", weight);
            }
        }
    }

    NativeScope newScope() {
        return program.newScope();
    }

    /** Calls a method, and carries over what it answers, all float32. */
    List<float[]> answers(NativeScope scope, String method, NDArray... arguments) {
        return program.call(scope, method, (Object[]) arguments).stream()
                .map(NDArray::toFloatArray)
                .toList();
    }

    /** Calls a method that answers one tensor of float32, and carries it over. */
    float[] call(NativeScope scope, String method, NDArray... arguments) {
        return program.call(scope, method, (Object[]) arguments).get(0).toFloatArray();
    }

    @Override
    public void close() {
        program.close();
    }
}
