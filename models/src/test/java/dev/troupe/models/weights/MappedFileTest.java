package dev.troupe.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path directory;

    /** The file is sparse: it has a size and hardly any blocks. */
    @Test
    void readsBeyondTwoGibibytesAndAcrossWindows() throws IOException {
        Path path = directory.resolve("large");
        long[] marks = {0, GIB - 1, GIB, 2 * GIB - 1, 2 * GIB, 3 * GIB + 17};
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            for (int i = 0; i < marks.length; i++) {
                file.seek(marks[i]);
                file.write(i + 1);
            }
        }
        try (MappedFile file = MappedFile.open(path)) {
            assertThat(file.size()).isEqualTo(3 * GIB + 18);
            for (int i = 0; i < marks.length; i++) {
                assertThat(file.slice(marks[i], 1).get()).isEqualTo((byte) (i + 1));
            }
            ByteBuffer across = file.slice(GIB - 1, GIB);
            assertThat(across.get(0)).isEqualTo((byte) 2);
            assertThat(across.get(1)).isEqualTo((byte) 3);
            assertThat(file.slice(GIB, GIB).get((int) GIB - 1)).isEqualTo((byte) 4);
        } finally {
            Files.delete(path);
        }
    }

    @Test
    void refusesToLeaveTheFile() throws IOException {
        try (MappedFile file = MappedFile.open(Files.write(directory.resolve("small"), new byte[8]))) {
            assertThat(file.slice(8, 0).remaining()).isZero();
            assertThatThrownBy(() -> file.slice(1, 8)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> file.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> file.slice(Long.MAX_VALUE, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
