package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The password of a pool of real processes. */
class PoolSecretTest {
    private static final String SECRET = "correct horse battery staple";

    @TempDir
    Path folder;

    @Test
    void aWrongPasswordDoesNotJoinAndIsSaidInOneLineAndNoPasswordIsEverWritten() throws Exception {
        try (TroupeProcess first = router(SECRET)) {
            String pool = first.awaitClusterAddress();
            try (TroupeProcess wrong = router("wrong " + SECRET, "--join", pool);
                    TroupeProcess right = router(SECRET, "--join", pool)) {
                right.awaitLine("Pool of 2");
                wrong.awaitLine("Pool of 1");
                assertThat(wrong.awaitLine("Found nobody of its pool.*")).contains("another cluster password");
                for (TroupeProcess process : new TroupeProcess[] {first, wrong, right}) {
                    process.awaitUrl();
                    // Nor the name that it becomes, which opens as much.
                    assertThat(process.said()).doesNotContain(SECRET).doesNotContainPattern("[0-9a-f]{64}");
                    process.terminate();
                    process.awaitExit(Duration.ofMinutes(1));
                    assertThat(process.said()).doesNotContain(SECRET).doesNotContainPattern("[0-9a-f]{64}");
                }
            }
        }
    }

    private TroupeProcess router(String password, String... more) throws Exception {
        Path file = Files.writeString(Files.createTempFile(folder, "password", ""), password);
        String[] line = {"node", "--roles", "router", "--port", "0", "--cluster-password-file", file.toString()};
        String[] whole = Stream.concat(Arrays.stream(line), Arrays.stream(more)).toArray(String[]::new);
        return TroupeProcess.start(whole);
    }
}
