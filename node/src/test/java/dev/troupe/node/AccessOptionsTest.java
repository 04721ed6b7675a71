package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.router.Access;
import dev.troupe.router.AuthRule;
import dev.troupe.router.SelfSigned;
import dev.troupe.router.TrustedProxies;
import dev.troupe.router.tls.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AccessOptionsTest {
    @Test
    void withoutOptionsOnlyThisMachineAsks() {
        assertThat(access()).isEqualTo(Access.LOOPBACK);
    }

    @Test
    void addressSaysWhetherKeysAreNeeded() {
        for (String loopback : List.of("127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]")) {
            assertThat(access("--host", loopback).auth()).as(loopback).isEqualTo(AuthRule.UNTIL_FIRST_KEY);
        }
        for (String open : List.of("0.0.0.0", "::", "192.0.2.1", "2001:db8::1")) {
            assertThat(access("--host", open).auth()).as(open).isEqualTo(AuthRule.KEYS_ONLY);
            assertThat(access("--host", open, "--insecure-no-auth").auth())
                    .as(open)
                    .isEqualTo(AuthRule.ANYBODY);
        }
    }

    @Test
    void certificateAndProxiesReachTheRouter(@TempDir Path folder) throws Exception {
        TlsFiles files = SelfSigned.make(folder, "own", "EC");

        Access access = access(
                "--tls-cert", files.certificate().toString(),
                "--tls-key", files.key().toString(),
                "--trusted-proxies", "10.0.0.0/8,::1");

        assertThat(access.tls()).contains(files);
        assertThat(access.proxies()).isEqualTo(TrustedProxies.parse(List.of("10.0.0.0/8", "::1")));
    }

    private static Access access(String... arguments) {
        AccessOptions options = new AccessOptions();
        new CommandLine(options).parseArgs(arguments);
        return options.access(true);
    }
}
