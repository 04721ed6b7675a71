package dev.troupe.image.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import dev.troupe.device.NativeScope;
import dev.troupe.device.Program;
import dev.troupe.device.TorchDevice;
import dev.troupe.device.TorchScriptArchive;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network that learns: the program that serves, with a loss ({@link Losses}) and one step of AdamW beside it, its weights, their moments
 * and their moving mean on the device. One call does a whole step. Belongs to one thread at a time.
 */
public final class Learner implements AutoCloseable {
    /** What stands beside each weight, in the order of a saved state. */
    private static final List<String> KINDS = List.of("w", "m", "v", "e", "s");

    private static final double CLIP = 1;
    private static final double SECOND_MOMENT = 0.99;

    private final Program program;
    private final List<NetworkWriter.Slot> slots;

    private Learner(Program program, List<NetworkWriter.Slot> slots) {
        this.program = program;
        this.slots = slots;
    }

    /** Where the weights of a learner come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * The first values of a tensor.
         *
         * @param name as the file of weights has it
         * @param shape of it
         * @param number of the tensor among all of the program
         */
        float[] values(String name, List<Long> shape, int number);
    }

    /** Begins with the weights of a source and no history. */
    static Learner start(
            TorchDevice device, NetworkWriter written, Network.Numbers numbers, double decay, Source source) {
        var learner = load(device, written, numbers, decay);
        try {
            int number = 0;
            for (NetworkWriter.Slot slot : learner.slots) {
                var parts = new ArrayList<float[]>();
                for (String name : slot.names()) {
                    parts.add(source.values(name, slot.shape(), number++));
                }
                float[] values = Network.stack(parts);
                float[] zero = new float[values.length];
                learner.put(slot, values, zero, zero, values, new float[1]);
            }
            return learner;
        } catch (RuntimeException | Error e) {
            learner.close();
            throw e;
        }
    }

    private static Learner load(TorchDevice device, NetworkWriter written, Network.Numbers numbers, double decay) {
        Map<String, Object> constants = new HashMap<>(Network.constants(numbers, Network.Kernels.PLAIN));
        constants.put("CLIP", CLIP);
        constants.put("BETA2", SECOND_MOMENT);
        constants.put("DECAY", decay);
        String learning;
        try (var in = Learner.class.getResourceAsStream("learning.py")) {
            learning = new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] archive = TorchScriptArchive.of(written.program() + learning, constants, KINDS, List.of());
        return new Learner(device.load(archive), written.slots());
    }

    private void put(NetworkWriter.Slot slot, float[] w, float[] m, float[] v, float[] e, float[] steps) {
        long[] shape = shape(slot);
        try (NativeScope scope = program.newScope()) {
            program.learn(
                    scope,
                    "leaf",
                    scope.floats(w, shape),
                    scope.floats(m, shape),
                    scope.floats(v, shape),
                    scope.floats(e, shape),
                    scope.floats(steps));
        }
    }

    private static long[] shape(NetworkWriter.Slot slot) {
        long[] shape = slot.shape().stream().mapToLong(Long::longValue).toArray();
        shape[0] *= slot.names().size();
        return shape;
    }

    public NativeScope newScope() {
        return program.newScope();
    }

    /** Number of numbers that it learns. */
    public long parameters() {
        return slots.stream().mapToLong(Learner::size).sum();
    }

    private static int size(NetworkWriter.Slot slot) {
        long size = 1;
        for (long axis : shape(slot)) {
            size *= axis;
        }
        return Math.toIntExact(size);
    }

    /**
     * One step.
     *
     * @param method of {@link Losses}
     * @param rate of learning
     * @param mean what the moving mean keeps of itself
     * @param arguments of the loss
     * @return the loss, the length of the gradient before it was cut, and what else the loss answers
     */
    public List<NDArray> step(NativeScope scope, String method, double rate, double mean, NDArray... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(scope.floats(new float[] {(float) rate}));
        all.add(scope.floats(new float[] {(float) mean}));
        return program.learn(scope, method, all.toArray(NDArray[]::new));
    }

    /** Calls a method that does not learn, on the weights as they are. */
    public List<NDArray> call(NativeScope scope, String method, NDArray... arguments) {
        return program.call(scope, method, (Object[]) arguments);
    }

    /** The moving mean of every weight, by its name in a file of weights. */
    public Map<String, Tensor> means() {
        var tensors = new LinkedHashMap<String, Tensor>();
        for (int i = 0; i < slots.size(); i++) {
            NetworkWriter.Slot slot = slots.get(i);
            float[] all = read(KINDS.indexOf("e"), i);
            int length = all.length / slot.names().size();
            for (int j = 0; j < slot.names().size(); j++) {
                var values = new float[length];
                System.arraycopy(all, j * length, values, 0, length);
                tensors.put(slot.names().get(j), new Tensor(slot.shape(), values));
            }
        }
        return tensors;
    }

    /**
     * Values with a shape.
     *
     * @param values the last axis fastest; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // carries megabytes from one place to one other, and is never compared
    public record Tensor(List<Long> shape, float[] values) {
        public Tensor {
            shape = List.copyOf(shape);
        }
    }

    private float[] read(int kind, int slot) {
        try (NativeScope scope = program.newScope()) {
            return program.call(scope, "part", (long) kind, (long) slot).get(0).toFloatArray();
        }
    }

    /** Writes everything that the next step depends on, bit by bit. */
    public void save(DataOutputStream out) throws IOException {
        out.writeInt(slots.size());
        for (int i = 0; i < slots.size(); i++) {
            for (int kind = 0; kind < KINDS.size(); kind++) {
                float[] values = read(kind, i);
                var bytes = ByteBuffer.allocate(values.length * Float.BYTES);
                bytes.asFloatBuffer().put(values);
                out.writeInt(values.length);
                out.write(bytes.array());
            }
        }
    }

    /**
     * Goes on from a state.
     *
     * @throws IOException if it cannot be read, or is of another network
     */
    static Learner resume(
            TorchDevice device, NetworkWriter written, Network.Numbers numbers, double decay, DataInputStream in)
            throws IOException {
        var learner = load(device, written, numbers, decay);
        try {
            if (in.readInt() != learner.slots.size()) {
                throw new IOException("the state is of a network with other parts");
            }
            for (NetworkWriter.Slot slot : learner.slots) {
                int size = size(slot);
                float[] w = floats(in, size);
                float[] m = floats(in, size);
                float[] v = floats(in, size);
                float[] e = floats(in, size);
                learner.put(slot, w, m, v, e, floats(in, 1));
            }
            return learner;
        } catch (IOException | RuntimeException | Error e) {
            learner.close();
            throw e;
        }
    }

    private static float[] floats(DataInputStream in, int size) throws IOException {
        int length = in.readInt();
        if (length != size) {
            throw new IOException("the state has " + length + " numbers where the network has " + size);
        }
        byte[] bytes = in.readNBytes(size * Float.BYTES);
        if (bytes.length != size * Float.BYTES) {
            throw new IOException("the state ends too early");
        }
        var values = new float[size];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }

    @Override
    public void close() {
        program.close();
    }
}
