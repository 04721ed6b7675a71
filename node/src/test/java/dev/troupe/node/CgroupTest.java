package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {
    @TempDir
    Path mount;

    private void write(String file, String text) throws IOException {
        Path path = mount.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void theTightestGroupOnTheWayUpCounts() throws IOException {
        write("a/b/memory.max", "max\n");
        write("a/b/memory.current", "100\n");
        write("a/memory.max", "5000\n");
        write("a/memory.current", "1000\n");
        write("a/memory.stat", "anon 700\ninactive_file 300\n");

        assertThat(Cgroup.room(mount, List.of("0::/a/b"))).contains(4300L);
    }

    @Test
    void aContainerThatSeesTheHostsPathHasItsLimitAtTheRoot() throws IOException {
        write("memory.max", "2000\n");
        write("memory.current", "2500\n");

        assertThat(Cgroup.room(mount, List.of("0::/docker/abc"))).contains(0L);
    }

    @Test
    void theFirstVersionSaysNoLimitByALargeNumber() throws IOException {
        write("memory/c/memory.limit_in_bytes", "9223372036854771712\n");
        write("memory/c/memory.usage_in_bytes", "1\n");
        List<String> membership = List.of("4:memory:/c", "3:cpuset:/", "0::/");
        assertThat(Cgroup.room(mount, membership)).isEmpty();

        write("memory/c/memory.limit_in_bytes", "8000\n");
        write("memory/c/memory.stat", "inactive_file 9\ntotal_inactive_file 1\n");
        assertThat(Cgroup.room(mount, membership)).contains(8000L);
    }

    @Test
    void withoutGroupsThereIsNoLimit() {
        assertThat(Cgroup.room(mount, List.of())).isEmpty();
        assertThat(Cgroup.room(mount, List.of("nonsense", "0::/x"))).isEmpty();
    }
}
