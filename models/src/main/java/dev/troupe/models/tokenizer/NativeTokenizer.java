package dev.troupe.models.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.troupe.models.ModelFormatException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/**
 * The Rust tokenizer behind a handle.
 *
 * <p>Calls go to DJL's library class and not through its {@code HuggingFaceTokenizer}, which reports home over the network
 * when it is made and copies offsets and token strings that nobody reads. The Rust side locks what it caches, so encoding
 * is safe on many threads. The handle is freed when the object is unreachable: an explicit close could free it under
 * another thread's call.
 */
final class NativeTokenizer {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final TokenizersLibrary LIBRARY = load();

    private final long handle;

    NativeTokenizer(String tokenizerJson) {
        handle = create(tokenizerJson);
        CLEANER.register(this, free(handle));
        LIBRARY.disablePadding(handle);
        LIBRARY.disableTruncation(handle);
    }

    private static TokenizersLibrary load() {
        // Without it DJL sees a CUDA device and fetches a CUDA build of the library from the network.
        if (System.getProperty("RUST_FLAVOR") == null && System.getenv("RUST_FLAVOR") == null) {
            System.setProperty("RUST_FLAVOR", "cpu");
        }
        LibUtils.checkStatus();
        return TokenizersLibrary.LIB;
    }

    private static long create(String json) {
        try {
            return LIBRARY.createTokenizerFromString(json);
        } catch (RuntimeException e) {
            throw new ModelFormatException(
                    "the tokenizer cannot be built: " + e.getMessage() + "; use another file of this model", e);
        }
    }

    /** Static, so that the action does not hold the object it waits for. */
    private static Runnable free(long handle) {
        return () -> LIBRARY.deleteTokenizer(handle);
    }

    /** Ids of a text; {@code addSpecial} runs the post-processor, which adds BOS where the model wants one. */
    int[] encode(String text, boolean addSpecial) {
        try {
            long encoding = LIBRARY.encode(handle, text, addSpecial);
            try {
                return toInts(LIBRARY.getTokenIds(encoding));
            } finally {
                LIBRARY.deleteEncoding(encoding);
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static int[] toInts(long[] ids) {
        var out = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            out[i] = Math.toIntExact(ids[i]);
        }
        return out;
    }
}
