package dev.troupe.image.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmojiDataTest {
    private static final String ITEM =
            """
            {"name": "%s", "short_names": ["%s"], "category": "%s", "subcategory": "%s", "image": "%s.png",
             "has_img_google": true, "skin_variations": {"x": {"image": "none.png"}}}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("img/google/64"));
        var picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
        picture.setRGB(3, 2, 0x80FF0000);
        ImageIO.write(picture, "png", pictures.resolve("a.png").toFile());
        list(
                ITEM.formatted("RED APPLE", "apple", "Food & Drink", "food-fruit", "a"),
                ITEM.formatted("France Flag", "flag-fr", "Flags", "country-flag", "none"),
                ITEM.formatted("TONE", "skin-tone-2", "Component", "skin-tone", "none"));
    }

    private void list(String... items) throws IOException {
        Files.writeString(folder.resolve("emoji.json"), List.of(items).toString());
    }

    @Test
    void readsNamesAndPicturesWithoutFlagsAndTones() throws IOException {
        List<Emoji> emoji = EmojiData.read(folder);
        assertThat(emoji).hasSize(1);
        assertThat(emoji.get(0).names()).containsExactly("red apple", "apple");
        Canvas picture = emoji.get(0).picture();
        int place = 2 * 64 + 3;
        assertThat(picture.at(3, place)).isEqualTo(0x80 / 255f);
        assertThat(picture.at(0, place)).as("multiplied by opacity").isEqualTo(0x80 / 255f);
        assertThat(picture.at(1, place)).isZero();
    }

    @Test
    void aMissingPictureIsNamed() throws IOException {
        list(ITEM.formatted("PEAR", "pear", "Food & Drink", "food-fruit", "b"));
        assertRefused("b.png is missing");
    }

    @Test
    void aDamagedPictureIsNamed() throws IOException {
        Files.write(folder.resolve("img/google/64/a.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2, 3});
        assertRefused("a.png");
    }

    @Test
    void aPictureOfAnotherSizeIsNamed() throws IOException {
        ImageIO.write(
                new BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB),
                "png",
                folder.resolve("img/google/64/a.png").toFile());
        assertRefused("a.png is not a picture of 64 x 64");
    }

    @Test
    void aListThatIsNotJsonIsRefused() throws IOException {
        Files.writeString(folder.resolve("emoji.json"), "[{");
        assertRefused("emoji.json is not JSON");
    }

    @Test
    void anArchiveWithAnotherHashIsRefused() throws IOException {
        Files.delete(folder.resolve("emoji.json"));
        Files.writeString(folder.resolve(EmojiData.ARCHIVE), "not it");
        assertRefused("SHA-256");
    }

    @Test
    void anEmptyFolderIsRefusedWithWhatToDo() throws IOException {
        Files.delete(folder.resolve("emoji.json"));
        assertRefused("emoji-datasource-google@16.0.0");
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> EmojiData.read(folder))
                .isInstanceOf(EmojiData.DataException.class)
                .hasMessageContaining(why);
    }
}
