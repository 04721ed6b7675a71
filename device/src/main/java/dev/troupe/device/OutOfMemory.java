package dev.troupe.device;

import java.util.List;

/**
 * Tells a lack of memory from every other failure of a call. PyTorch has no exception of its own for it that would come through to Java, so
 * the words have to do; {@code TorchProgramTest} holds those of the CPU against the real thing.
 */
public final class OutOfMemory {
    private static final List<String> WORDS = List.of(
            "can't allocate memory", // the CPU's allocator, and "not enough memory" where it is older
            "not enough memory",
            "CUDA out of memory",
            "CUDA error: out of memory",
            "could not create a memory object", // oneDNN's scratch space
            "std::bad_alloc");

    private OutOfMemory() {}

    /** Whether memory was wanting, of the device or of Java's buffers. */
    public static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof OutOfMemoryError || WORDS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }
}
