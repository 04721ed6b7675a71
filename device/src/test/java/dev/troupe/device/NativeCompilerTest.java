package dev.troupe.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCompilerTest {
    private static final String SOURCE = "int answer(void) { return 42; }\n";

    @TempDir
    Path folder;

    private Path processor;

    @BeforeEach
    void describeAProcessor() throws Exception {
        processor = Files.writeString(folder.resolve("cpuinfo"), "model : 1\nflags : avx2\n");
    }

    private NativeCompiler compiler(String... names) {
        return new NativeCompiler(folder.resolve("native"), List.of(names), processor);
    }

    @Test
    void whatHasBeenCompiledIsKeptAndNeedsNoCompilerAgain() throws Exception {
        Path library = compiler("cc").compile("answer", SOURCE);

        assertThat(library).isNotEmptyFile();
        assertThat(compiler("no-such-compiler").compile("answer", SOURCE)).isEqualTo(library);
        try (var left = Files.list(folder.resolve("native"))) {
            assertThat(left).containsExactly(library);
        }
    }

    @Test
    void anotherSourceOrProcessorIsAnotherLibrary() throws Exception {
        Path one = compiler("cc").compile("answer", SOURCE);
        Path two = compiler("cc").compile("answer", SOURCE.replace("42", "43"));
        Files.writeString(processor, "model : 1\nflags : avx2 avx512f\n");
        Path three = compiler("cc").compile("answer", SOURCE);

        assertThat(List.of(one, two, three)).doesNotHaveDuplicates();
    }

    @Test
    void aCompilerThatIsNotThereIsPassedOver() {
        assertThat(compiler("no-such-compiler", "cc").compile("answer", SOURCE)).isNotEmptyFile();
    }

    @Test
    void withoutACompilerItIsSaidInOneLineWhatToInstall() {
        assertThatThrownBy(() -> compiler("no-such-compiler").compile("answer", SOURCE))
                .isInstanceOf(DeviceException.class)
                .hasMessage("there is no C compiler (no-such-compiler); install gcc or clang");
    }

    @Test
    void aRefusedSourceIsToldWithTheCompilersReasonAndLeavesNothing() throws Exception {
        assertThatThrownBy(() -> compiler("cc").compile("answer", "int answer(void) { return }"))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("cc does not compile the kernels")
                .hasMessageContaining("error");
        try (var left = Files.list(folder.resolve("native"))) {
            assertThat(left).isEmpty();
        }
    }
}
