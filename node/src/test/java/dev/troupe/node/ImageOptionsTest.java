package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.router.picture.PictureConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ImageOptionsTest {
    @Test
    void nothingSaidIsTheDefault() {
        PictureConfig config = read();

        assertThat(config.urlLife()).isEqualTo(Duration.ofHours(1));
        assertThat(config.publicUrl()).isEmpty();
        assertThat(config.mark()).isFalse();
        assertThat(config.kept()).isEmpty();
        assertThat(config.policy().refuse("a nude child")).isPresent();
    }

    @Test
    void everyOptionCounts(@TempDir Path folder) throws IOException {
        Path list = Files.writeString(folder.resolve("list"), "boat\n");
        PictureConfig config = read(
                "--image-url-hours=48",
                "--public-url=https://pictures.example:8443/troupe",
                "--image-mark",
                "--image-days=7",
                "--image-word-list=" + list);

        assertThat(config.urlLife()).isEqualTo(Duration.ofDays(2));
        assertThat(config.publicUrl()).contains("https://pictures.example:8443/troupe");
        assertThat(config.mark()).isTrue();
        assertThat(config.kept()).contains(Duration.ofDays(7));
        assertThat(config.policy().refuse("a boat")).isPresent();
        assertThat(config.policy().refuse("a nude child")).isEmpty();
        assertThat(read("--image-word-list=none").policy().refuse("a nude child"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--image-url-hours=0, --image-url-hours",
        "--image-url-hours=9000, --image-url-hours",
        "--image-days=0, --image-days",
        "--public-url=pictures.example, --public-url",
        "--public-url=https://pictures.example/, --public-url",
        "--public-url=javascript:alert, --public-url",
        "--image-word-list=/nowhere/list, --image-word-list"
    })
    void whatMakesNoSenseIsNamed(String argument, String name) {
        assertThatThrownBy(() -> read(argument)).isInstanceOf(UserError.class).hasMessageContaining(name);
    }

    @Test
    void listWithALineThatIsNoRuleIsNamed(@TempDir Path folder) throws IOException {
        Path list = Files.writeString(folder.resolve("list"), "good\na + \n");

        assertThatThrownBy(() -> read("--image-word-list=" + list))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--image-word-list")
                .hasMessageContaining("a +");
    }

    private static PictureConfig read(String... arguments) {
        return CommandLine.populateCommand(new ImageOptions(), arguments).pictures();
    }
}
