package dev.troupe.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/** One {@code troupe serve} with the default model for all tests that leave it as they found it. */
final class SharedServer {
    private static TroupeProcess process;

    private SharedServer() {}

    static synchronized TroupeProcess process() {
        if (process == null) {
            try {
                process = TroupeProcess.start("serve", "--port", "0", "--kv-memory", "1g");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return process;
    }

    static URI url() {
        return process().awaitUrl();
    }
}
