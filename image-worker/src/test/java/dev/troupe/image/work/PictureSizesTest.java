package dev.troupe.image.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.image.Picture;
import dev.troupe.image.SeedModel;
import dev.troupe.image.codec.PictureReader;
import dev.troupe.image.codec.PictureWriter;
import dev.troupe.image.codec.Provenance;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PictureSizesTest {
    @Test
    void smallModelServesUpTo512() {
        assertThat(new PictureSizes(64, 8).all().toString()).isEqualTo("[64x64, 128x128, 256x256, 512x512]");
        assertThat(new PictureSizes(64, 8).made(512, 512)).isEqualTo(new PictureSizes.Made(64, 64));
    }

    @Test
    void largeModelHasOblongSizesAndTwiceItsOwn() {
        assertThat(new PictureSizes(512, 8).all().toString()).isEqualTo("[512x512, 1024x1024, 768x512, 512x768]");
    }

    @Test
    void whatIsNotMadeIsRefusedWithWhatIs() {
        assertThatThrownBy(() -> new PictureSizes(64, 8).made(100, 64))
                .hasMessageContaining("100x64")
                .hasMessageContaining("64x64, 128x128");
        assertThatThrownBy(() -> new PictureSizes(60, 8)).hasMessageContaining("60");
    }

    @Test
    void maskedPictureKeepsItsSourcesPixelsInTheSizeThatWasAskedFor() {
        SeedModel model = new SeedModel();
        Studio studio = new Studio(model.noise(), new PictureSizes(4, 2), 3, "weights");
        Picture source = chequered();
        EncodedPicture mask = file(rightHalfClear());
        PictureSpec spec = new PictureSpec(
                "m",
                "p",
                "",
                16,
                16,
                4,
                1,
                "euler",
                1,
                Optional.of(new PictureSource(file(source), Optional.of(mask), 0.5)),
                PictureOutput.PNG,
                0);

        Prepared prepared = studio.prepare(spec);
        EncodedPicture file = studio.write(grey(), spec, prepared, PictureOutput.PNG);

        assertThat(prepared.request().width()).isEqualTo(4);
        float[] made = PictureReader.read(file, 3).values();
        float[] was = PictureReader.read(file(source), 3).values();
        for (int i = 0; i < 16 * 16; i++) {
            if (i % 16 < 8) {
                assertThat(made[i]).as("place %d stays", i).isEqualTo(was[i]);
            } else {
                assertThat(made[i]).as("place %d changes", i).isBetween(0.49f, 0.51f);
            }
        }
    }

    private static EncodedPicture file(Picture picture) {
        return PictureWriter.write(picture, PictureOutput.PNG, new Provenance("test"));
    }

    private static Picture chequered() {
        var values = new float[3 * 16 * 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 16 + i / 16) % 2;
        }
        return new Picture(3, 16, 16, values);
    }

    private static Picture rightHalfClear() {
        var values = new float[4 * 16 * 16];
        for (int i = 0; i < 16 * 16; i++) {
            values[3 * 16 * 16 + i] = i % 16 < 8 ? 1 : 0;
        }
        return new Picture(4, 16, 16, values);
    }

    private static Picture grey() {
        var values = new float[3 * 4 * 4];
        Arrays.fill(values, 0.5f);
        return new Picture(3, 4, 4, values);
    }
}
