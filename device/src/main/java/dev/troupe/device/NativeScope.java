package dev.troupe.device;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Owner of the native handles of one piece of work, typically one step: whatever was made or answered inside it is freed
 * by {@link #close}. Not thread-safe.
 */
public final class NativeScope implements AutoCloseable {
    private static final AtomicLong LIVE = new AtomicLong();

    private final PtNDManager manager;
    private final Deque<AutoCloseable> handles = new ArrayDeque<>();

    NativeScope(PtNDManager parent) {
        manager = parent.newSubManager(parent.getDevice());
    }

    /** Handles opened through scopes and not yet closed, in the whole process: flat when nothing leaks. */
    public static long liveHandles() {
        return LIVE.get();
    }

    /** Makes an int64 tensor. */
    public NDArray longs(long[] values, long... shape) {
        return own(manager.create(values, new Shape(shape)));
    }

    /** Makes a float32 tensor. */
    public NDArray floats(float[] values, long... shape) {
        return own(manager.create(values, new Shape(shape)));
    }

    /** Makes a uint8 tensor. */
    public NDArray bytes(byte[] values, long... shape) {
        var buffer = java.nio.ByteBuffer.wrap(values);
        return own(manager.create(buffer, new Shape(shape), ai.djl.ndarray.types.DataType.UINT8));
    }

    /** Turns one argument of a call into what TorchScript takes; see {@link Program#call}. */
    IValue argument(Object value) {
        if (value instanceof PtNDArray tensor) {
            return own(IValue.from(tensor));
        }
        if (value instanceof Long || value instanceof Integer) {
            return own(IValue.from(((Number) value).longValue()));
        }
        if (value instanceof Double number) {
            return own(IValue.from(number));
        }
        if (value instanceof Boolean flag) {
            return own(IValue.from(flag));
        }
        if (value instanceof long[] list) {
            return own(IValue.listFrom(list));
        }
        if (value instanceof NDList list) {
            return own(IValue.listFrom(list.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new)));
        }
        throw new IllegalArgumentException(
                "a program takes tensors, numbers, booleans, long[] and NDList, not " + value.getClass());
    }

    /** Takes the answer of a call: no tensor, one, or a list. */
    List<NDArray> answer(IValue value) {
        own(value);
        if (value.isTensor()) {
            return List.of(own(value.toTensor(manager)));
        }
        var tensors = new ArrayList<NDArray>();
        if (value.isTensorList()) {
            for (PtNDArray tensor : value.toTensorArray(manager)) {
                tensors.add(own(tensor));
            }
        }
        return List.copyOf(tensors);
    }

    /** Takes tensors that a call has answered as they are. */
    List<NDArray> answer(NDList tensors) {
        tensors.forEach(this::own);
        return List.copyOf(tensors);
    }

    private <T extends AutoCloseable> T own(T handle) {
        handles.push(handle);
        LIVE.incrementAndGet();
        return handle;
    }

    @Override
    public void close() {
        for (AutoCloseable handle : handles) {
            LIVE.decrementAndGet();
            if (handle instanceof NDArray tensor) {
                tensor.close();
            } else {
                ((IValue) handle).close();
            }
        }
        handles.clear();
        manager.close();
    }
}
