package dev.troupe.node;

import java.nio.file.Path;

/** Where libraries unpack their native parts: with our own data, not all over the user's home. */
final class Natives {
    private Natives() {}

    static Path folder(Path data) {
        return data.resolve("native");
    }

    /** Before the first use of tokenizer or engine, which look once. */
    static void unpackInto(Path data) {
        String folder = folder(data).toString();
        System.setProperty("DJL_CACHE_DIR", folder);
        System.setProperty("ENGINE_CACHE_DIR", folder);
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }
}
