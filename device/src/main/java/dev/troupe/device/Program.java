package dev.troupe.device;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A loaded program with its own state (weights, KV tensors), reached only by calling its methods. TorchScript is one way
 * to have one; another runtime can implement these three methods as well.
 *
 * <p>Belongs to one thread at a time.
 */
public interface Program extends AutoCloseable {
    /** Opens the owner of the tensors of one piece of work. */
    NativeScope newScope();

    /**
     * Calls a method.
     *
     * @param scope owns the arguments and the answer; a tensor of the answer that the program still holds itself stays
     *     alive there
     * @param arguments tensors of this runtime, {@link Long}, {@link Integer}, {@link Double}, {@link Boolean}, {@code
     *     long[]} or {@link ai.djl.ndarray.NDList}
     * @return the tensors answered: none, one or several
     * @throws DeviceException if the runtime refuses, with its reason in one line
     */
    List<NDArray> call(NativeScope scope, String method, Object... arguments);

    /**
     * Calls a method that may compute gradients: one that turns recording on for itself, and asks for them before it ends. {@link #call}
     * forbids recording, which makes it faster.
     *
     * @param scope owns the answer
     * @param arguments tensors, and nothing else
     * @return the tensors answered
     * @throws DeviceException if the runtime refuses, with its reason in one line
     */
    List<NDArray> learn(NativeScope scope, String method, NDArray... arguments);

    /** Frees the program and everything it holds. */
    @Override
    void close();
}
