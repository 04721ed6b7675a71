package dev.troupe.node.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.hub.ModelStatus;
import dev.troupe.models.weights.Architecture;
import dev.troupe.models.weights.TinyModel;
import dev.troupe.node.doctor.Verdict.Level;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final long GB = 1L << 30;

    @Test
    void oldJavaFailsAndSaysWhatToInstall() {
        assertThat(MachineChecks.java(Runtime.Version.parse("11.0.2"), "V").level())
                .isEqualTo(Level.FAIL);
        assertThat(MachineChecks.java(Runtime.Version.parse("11.0.2"), "V").finding())
                .contains("JDK 17");
        assertThat(MachineChecks.java(Runtime.Version.parse("17"), "V").level()).isEqualTo(Level.OK);
    }

    @Test
    void memoryIsJudgedByWhatTheDefaultModelNeeds() {
        assertThat(MachineChecks.memory(GB).level()).isEqualTo(Level.FAIL);
        assertThat(MachineChecks.memory(2 * GB).level()).isEqualTo(Level.WARN);
        assertThat(MachineChecks.memory(8 * GB).level()).isEqualTo(Level.OK);
    }

    @Test
    void processorWithoutFastBf16Warns() {
        assertThat(MachineChecks.cpu("amd64", Set.of("avx2", "avx512_bf16")).level())
                .isEqualTo(Level.OK);
        assertThat(MachineChecks.cpu("amd64", Set.of("avx2")).level()).isEqualTo(Level.WARN);
        assertThat(MachineChecks.cpu("aarch64", Set.of()).level()).isEqualTo(Level.WARN);
    }

    @Test
    void fullDiskFails() {
        assertThat(MachineChecks.disk("d", GB, 2 * GB).level()).isEqualTo(Level.FAIL);
        assertThat(MachineChecks.disk("d", 2 * GB, GB).level()).isEqualTo(Level.OK);
    }

    @Test
    void takenPortWarnsAndNamesTheOption() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Verdict verdict = Doctor.port("http port", taken.getLocalPort(), "--port");

            assertThat(verdict.level()).isEqualTo(Level.WARN);
            assertThat(verdict.finding()).contains("taken").contains("--port");
        }
    }

    @Test
    void oneFailureMakesTheWholeExaminationFailAndEveryVerdictIsPrinted() {
        StringWriter out = new StringWriter();

        boolean well = Doctor.examine(
                List.of(() -> Verdict.ok("a", "1"), () -> Verdict.fail("b", "2"), () -> Verdict.warn("c", "3")),
                new PrintWriter(out));

        assertThat(well).isFalse();
        assertThat(out.toString().lines()).hasSize(3);
        assertThat(Doctor.examine(List.of(() -> Verdict.warn("c", "3")), new PrintWriter(out)))
                .isTrue();
    }

    @Test
    void absentGpuFailsAndSaysWhatToDo(@TempDir Path natives) {
        Verdict verdict = EngineChecks.device("cuda:99", natives);

        assertThat(verdict.level()).isEqualTo(Level.FAIL);
        assertThat(verdict.finding()).contains("cuda:99", "--device cpu");
    }

    @Test
    void modelFileThatWasDamagedFailsAndNamesTheFileToDelete(@TempDir Path data) throws IOException {
        ModelHub hub = new ModelHub(HubConfig.of(data));
        ModelStatus absent = hub.describe().get(0);
        Path file = data.resolve("m.gguf");
        TinyModel.of(Architecture.LLAMA).write(file);
        ModelStatus other =
                new ModelStatus(absent.id(), absent.description(), absent.bytes(), absent.licence(), Optional.of(file));

        assertThat(EngineChecks.model(hub, absent).level()).isEqualTo(Level.OK);
        assertThat(EngineChecks.model(hub, other).level()).isEqualTo(Level.FAIL);
        assertThat(EngineChecks.model(hub, other).finding()).contains("delete " + file);

        Files.writeString(file, "no model");
        assertThat(EngineChecks.model(hub, other).level()).isEqualTo(Level.FAIL);
    }
}
