package dev.troupe.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TorchProgramTest {
    private static final String METHODS =
            """
              def remember(self: __torch__.M, t: Tensor, number: int) -> None:
                self.kept.append(t.clone())
                self.numbers.append(number)
              def sums(self: __torch__.M, at: List[int], flag: bool, factor: float) -> List[Tensor]:
                out = annotate(List[Tensor], [])
                for i in at:
                  if self.DOUBLE:
                    t = self.kept[i].sum() * factor * 2.0
                  else:
                    t = self.kept[i].sum() * factor
                  if flag:
                    out.append(t + self.SHIFT + self.numbers[i])
                return out
              def large(self: __torch__.M) -> Tensor:
                return torch.ones([1024, 1024])
              def immense(self: __torch__.M) -> Tensor:
                return torch.empty([1 << 20, 1 << 30])
              def wrong(self: __torch__.M, t: Tensor) -> Tensor:
                return torch.mm(t, t)
            """;

    private static Program load(boolean twice) {
        Map<String, Object> constants = Map.of("DOUBLE", twice, "SHIFT", 0.5);
        return Devices.cpu().load(TorchScriptArchive.of(METHODS, constants, List.of("kept"), List.of("numbers")));
    }

    @Test
    void programKeepsWhatItWasGivenAndAnswersLists() {
        try (Program program = load(true)) {
            try (NativeScope scope = program.newScope()) {
                program.call(scope, "remember", scope.floats(new float[] {1, 2, 3}, 3), 10);
                program.call(scope, "remember", scope.floats(new float[] {4}, 1), 20);
            }
            try (NativeScope scope = program.newScope()) {
                var sums = program.call(scope, "sums", new long[] {1, 0}, true, 3.0);
                assertThat(sums).extracting(t -> t.toFloatArray()[0]).containsExactly(44.5f, 46.5f);
                assertThat(program.call(scope, "sums", new long[0], true, 3.0)).isEmpty();
            }
        }
    }

    @Test
    void constantsDecideBranchesAtLoad() {
        try (Program program = load(false);
                NativeScope scope = program.newScope()) {
            program.call(scope, "remember", scope.floats(new float[] {5}, 1), 1);
            assertThat(program.call(scope, "sums", new long[] {0}, true, 1.0)
                            .get(0)
                            .toFloatArray())
                    .containsExactly(6.5f);
        }
    }

    @Test
    void sameProgramGivesSameBytes() {
        assertThat(TorchScriptArchive.of(METHODS, Map.of("DOUBLE", true, "SHIFT", 1), List.of(), List.of()))
                .isEqualTo(TorchScriptArchive.of(METHODS, Map.of("DOUBLE", true, "SHIFT", 1), List.of(), List.of()));
    }

    @Test
    void missingOrUnfitConstantIsRefused() {
        assertThatThrownBy(() -> TorchScriptArchive.of(METHODS, Map.of("DOUBLE", true), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SHIFT");
        assertThatThrownBy(() -> TorchScriptArchive.of(
                        METHODS, Map.of("DOUBLE", true, "SHIFT", Double.NaN), List.of(), List.of()))
                .hasMessageContaining("SHIFT = NaN");
    }

    @Test
    void brokenProgramIsRefusedWithOneLine() {
        byte[] archive =
                TorchScriptArchive.of("  def f(self) -> int:\n    return nothing\n", Map.of(), List.of(), List.of());
        assertThatThrownBy(() -> Devices.cpu().load(archive))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("undefined value nothing")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void failingOperatorSaysWhichMethodAndWhyAndLeavesTheProgramUsable() {
        try (Program program = load(true);
                NativeScope scope = program.newScope()) {
            var row = scope.floats(new float[] {1, 2}, 2);
            assertThatThrownBy(() -> program.call(scope, "wrong", row))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageStartingWith("PyTorch failed in wrong: ")
                    .message()
                    .doesNotContain("\n");
            assertThat(program.call(scope, "large")).hasSize(1);
        }
    }

    @Test
    void argumentOfForeignTypeIsRefused() {
        try (Program program = load(true);
                NativeScope scope = program.newScope()) {
            assertThatThrownBy(() -> program.call(scope, "large", "text")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closedScopesLeaveNoHandleAndNoMemory() throws Exception {
        long handles = NativeScope.liveHandles();
        try (Program program = load(true)) {
            calls(program, 50);
            long before = residentKilobytes();
            calls(program, 500); // 2 GB, were it not given back
            assertThat(residentKilobytes() - before).isLessThan(200_000);
        }
        assertThat(NativeScope.liveHandles()).isEqualTo(handles);
    }

    @Test
    void programRunsOnAnyThreadThatOwnsItInTurn() throws Exception {
        try (Program program = load(true)) {
            calls(program, 3);
            var other = Executors.newSingleThreadExecutor();
            try {
                other.submit(() -> calls(program, 3)).get();
            } finally {
                other.shutdown();
            }
            calls(program, 3);
        }
    }

    private static void calls(Program program, int times) {
        for (int i = 0; i < times; i++) {
            try (NativeScope scope = program.newScope()) {
                assertThat(program.call(scope, "large").get(0).getShape().size())
                        .isEqualTo(1 << 20);
            }
        }
    }

    private static long residentKilobytes() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLackOfMemoryIsToldFromOtherFailures() {
        try (Program program = load(true);
                NativeScope scope = program.newScope()) {
            assertThatThrownBy(() -> program.call(scope, "immense")).satisfies(e -> assertThat(OutOfMemory.isCauseOf(e))
                    .as(e.getMessage())
                    .isTrue());
            assertThatThrownBy(() -> program.call(scope, "wrong", scope.floats(new float[3], 3)))
                    .satisfies(e -> assertThat(OutOfMemory.isCauseOf(e)).isFalse());
        }
        assertThat(OutOfMemory.isCauseOf(new OutOfMemoryError("Cannot reserve direct buffer memory")))
                .isTrue();
    }
}
