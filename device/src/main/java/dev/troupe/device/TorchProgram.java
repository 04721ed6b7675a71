package dev.troupe.device;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A {@link Program} in TorchScript. */
final class TorchProgram implements Program {
    /** The switch is kept per thread inside libtorch, so the engine's own start sets it for one thread only. */
    private static final ThreadLocal<Boolean> UNOPTIMISED = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    private final Model model;
    private final PtSymbolBlock block;
    private final PtNDManager manager;

    TorchProgram(byte[] archive, ai.djl.Device device) {
        UNOPTIMISED.get();
        model = Model.newInstance("program", device, "PyTorch");
        try {
            model.load(new ByteArrayInputStream(archive), Map.of());
        } catch (IOException | MalformedModelException | EngineException e) {
            model.close();
            throw new DeviceException("PyTorch refuses the program: " + reason(e), e);
        }
        block = (PtSymbolBlock) model.getBlock();
        manager = (PtNDManager) model.getNDManager();
    }

    @Override
    public NativeScope newScope() {
        return new NativeScope(manager);
    }

    @Override
    public List<NDArray> call(NativeScope scope, String method, Object... arguments) {
        UNOPTIMISED.get();
        var values = new IValue[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            values[i] = scope.argument(arguments[i]);
        }
        try {
            return scope.answer(IValueUtils.runMethod(block, method, values));
        } catch (EngineException e) {
            throw new DeviceException("PyTorch failed in " + method + ": " + reason(e), e);
        }
    }

    @Override
    public List<NDArray> learn(NativeScope scope, String method, NDArray... arguments) {
        UNOPTIMISED.get();
        var named = new NDList(arguments);
        // So DJL takes the name of the method: as that of one argument more.
        NDArray name = scope.floats(new float[1]);
        name.setName("module_method:" + method);
        named.add(name);
        try {
            return scope.answer(IValueUtils.forward(block, named, true));
        } catch (EngineException e) {
            throw new DeviceException("PyTorch failed in " + method + ": " + reason(e), e);
        }
    }

    /** TorchScript's errors carry a traceback; the last line that is not a mark of its own says what happened. */
    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.lines()
                .filter(line -> line.startsWith("RuntimeError:") || line.contains("Error:"))
                .reduce((first, last) -> last)
                .orElseGet(() -> message.lines()
                        .filter(line -> !line.isBlank())
                        .reduce((a, b) -> a)
                        .orElse(message))
                .strip();
    }

    @Override
    public void close() {
        block.close();
        model.close();
    }
}
