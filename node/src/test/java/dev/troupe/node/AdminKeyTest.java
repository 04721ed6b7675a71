package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminKeyTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder;

    @Test
    void firstStartMakesItForItsOwnerAloneAndTheNextFindsIt() throws Exception {
        Path data = folder.resolve("not").resolve("there");

        AdminKey made = AdminKey.of(data, RANDOM);
        AdminKey found = AdminKey.of(data, RANDOM);

        assertThat(found.secret().text()).isEqualTo(made.secret().text());
        assertThat(found.madeAt()).isEqualTo(made.madeAt());
        assertThat(Files.readString(made.file())).isEqualTo(made.secret().text() + "\n");
        assertThat(permissions(made.file())).isEqualTo("rw-------");
        assertThat(files(data)).containsExactly(data.resolve("admin.key"));
    }

    @Test
    void databaseIsToldItsHashAndNothingThatOpens() {
        AdminKey made = AdminKey.of(folder, RANDOM);

        assertThat(made.key().hash()).isEqualTo(made.secret().hash());
        assertThat(made.key().tenant()).isEqualTo(Tenant.LOCAL);
        assertThat(made.key().scopes()).containsExactly(Scope.ADMIN);
        assertThat(made.key().createdAt()).isCloseTo(Instant.now().getEpochSecond(), within(60L));
        assertThat(made.toString())
                .doesNotContain(secret(made))
                .doesNotContain(made.secret().hash());
    }

    @Test
    void processesThatStartAtOnceAgreeOnOne() throws Exception {
        int many = 16;
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            for (int round = 0; round < 50; round++) {
                Path data = folder.resolve("round" + round);
                CyclicBarrier start = new CyclicBarrier(many);
                List<Future<AdminKey>> keys = IntStream.range(0, many)
                        .mapToObj(i -> threads.submit(() -> {
                            start.await();
                            return AdminKey.of(data, RANDOM);
                        }))
                        .toList();
                String kept = Files.readString(
                                keys.get(0).get(10, TimeUnit.SECONDS).file())
                        .strip();
                for (Future<AdminKey> key : keys) {
                    assertThat(key.get(10, TimeUnit.SECONDS).secret().text()).isEqualTo(kept);
                }
                assertThat(files(data)).containsExactly(data.resolve("admin.key"));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void fileThatOthersMayReadIsRefused() throws Exception {
        Path file = AdminKey.of(folder, RANDOM).file();
        for (String open : List.of("rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));

            assertThatThrownBy(() -> AdminKey.of(folder, RANDOM))
                    .as(open)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(open)
                    .hasMessageContaining("chmod 600");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(AdminKey.of(folder, RANDOM).secret().text())
                .isEqualTo(Files.readString(file).strip());
    }

    @Test
    void fileThatHoldsNoKeyIsRefusedWithoutSayingWhatItHolds() throws Exception {
        Path file = AdminKey.of(folder, RANDOM).file();
        for (String wrong : List.of("", "hunter2", KeySecret.make(RANDOM).text() + "x", "grüße")) {
            Files.writeString(file, wrong);

            assertThatThrownBy(() -> AdminKey.of(folder, RANDOM))
                    .as(wrong)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageNotContaining("hunter2")
                    .hasMessageNotContaining("sk-troupe");
        }
    }

    @Test
    void halfAFileThatACrashLeftIsInNobodysWay() throws Exception {
        Files.writeString(folder.resolve("admin.key.123.new"), "sk-tr");

        assertThat(AdminKey.of(folder, RANDOM).file()).hasFileName("admin.key");
    }

    @Test
    void folderThatCannotBeWrittenIsOneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> AdminKey.of(file.resolve("data"), RANDOM))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("admin.key");
    }

    private static String secret(AdminKey key) {
        return key.secret().text().substring(key.secret().text().length() - 43);
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
