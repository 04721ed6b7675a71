package dev.troupe.image.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureHeader;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.image.Lanczos;
import dev.troupe.image.Picture;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The files are Pillow's: 48 x 32 pixels, upright red, green, blue and a grey of 100, from left to right and down; the grey is transparent
 * where the file can say so.
 */
class PictureReaderTest {
    private static final float GREY = 100 / 255f;
    /** Of what is lossy. */
    private static final float NEAR = 0.04f;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png", "palette.png", "plain.jpg", "progressive.jpg", "lossy.webp", "lossless.webp", "turned1.jpg",
                "turned2.jpg", "turned3.jpg", "turned4.jpg", "turned5.jpg", "turned6.jpg", "turned7.jpg", "turned8.jpg",
                "turned6.png", "turned6.webp"
            })
    void everyFormatIsReadUpright(String name) {
        Picture picture = PictureReader.read(file(name), 3);

        assertThat(picture.width()).isEqualTo(48);
        assertThat(picture.height()).isEqualTo(32);
        pixel(picture, 8, 6, 1, 0, 0);
        pixel(picture, 40, 6, 0, 1, 0);
        pixel(picture, 8, 28, 0, 0, 1);
        pixel(picture, 40, 28, GREY, GREY, GREY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey.png", "grey16.png", "grey.jpg"})
    void greyIsAsDarkAsRedGreenAndBlueOfTheSameNumber(String name) {
        pixel(PictureReader.read(file(name), 3), 20, 20, GREY, GREY, GREY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgba.png", "alpha.webp", "alpha-lossy.webp"})
    void whatIsTransparentStaysSoInFourChannelsAndIsWhiteInThree(String name) {
        Picture four = PictureReader.read(file(name), 4);
        assertThat(four.values()[3 * 48 * 32 + 28 * 48 + 40]).isZero();
        assertThat(four.values()[3 * 48 * 32 + 6 * 48 + 8]).isEqualTo(1);

        pixel(PictureReader.read(file(name), 3), 40, 28, 1, 1, 1);
    }

    @Test
    void maskIsOneWhereTheFileIsTransparent() {
        float[] open = values(Lanczos.scale(PictureReader.mask(file("rgba.png")), 24, 16));

        assertThat(open[2 * 24 + 2]).isZero();
        assertThat(open[14 * 24 + 20]).isEqualTo(1);
    }

    private static float[] values(dev.troupe.image.Mask mask) {
        float[] values = new float[mask.width() * mask.height()];
        Picture white = flat(mask.width(), mask.height(), 1);
        Picture black = flat(mask.width(), mask.height(), 0);
        float[] mixed = dev.troupe.image.MaskProbe.over(white, black, mask).values();
        System.arraycopy(mixed, 0, values, 0, values.length);
        return values;
    }

    private static Picture flat(int width, int height, float value) {
        float[] values = new float[3 * width * height];
        Arrays.fill(values, value);
        return new Picture(3, height, width, values);
    }

    @Test
    void maskWithoutAnythingTransparentIsRefused() {
        assertThatThrownBy(() -> PictureReader.mask(file("rgb.png")))
                .isInstanceOf(PictureException.class)
                .hasMessageContaining("transparent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "plain.jpg", "lossless.webp", "lossy.webp"})
    void fileThatIsCutOffIsRefused(String name) {
        EncodedPicture whole = file(name);
        for (int length : new int[] {3, 13, 20, 31, whole.size() / 2}) {
            EncodedPicture cut = new EncodedPicture(whole.type(), Arrays.copyOf(whole.bytes(), length));
            assertThatThrownBy(() -> PictureReader.read(cut, 3))
                    .as("%s bytes", length)
                    .isInstanceOf(PictureException.class);
        }
    }

    /** Whatever is in it: a picture, or a refusal, and nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "palette.png", "progressive.jpg", "turned6.jpg", "lossless.webp", "lossy.webp"})
    void damagedFileIsAPictureOrARefusal(String name) {
        EncodedPicture whole = file(name);
        Random random = new Random(1);
        for (int i = 0; i < 150; i++) {
            byte[] bytes = whole.bytes();
            for (int j = 0; j < 3; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                PictureReader.read(new EncodedPicture(whole.type(), bytes), 3);
            } catch (PictureException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void whatCannotBeTakenIsRefusedWithAReason() {
        refused("gif.gif", PictureType.PNG, "neither PNG, JPEG nor WebP");
        refused("moving.webp", PictureType.WEBP, "it moves");
        refused("moving.png", PictureType.PNG, "it moves");
        refused("cmyk.jpg", PictureType.JPEG, "CMYK");
        refused("bomb.png", PictureType.PNG, "50000 x 50000");
        refused("rgb.png", PictureType.JPEG, "is a PNG");
    }

    @Test
    void webpThatSaysLessThanItHasIsRefused() {
        byte[] bytes = PictureWriter.write(
                        flat(64, 64, 0.5f),
                        new PictureOutput(PictureType.WEBP, 100, PictureOutput.Background.AUTO, false),
                        new Provenance(""))
                .bytes();
        bytes[24] = 9; // the canvas is ten pixels wide
        EncodedPicture file = new EncodedPicture(PictureType.WEBP, bytes);

        assertThatThrownBy(() -> PictureReader.read(file, 3))
                .isInstanceOf(PictureException.class)
                .hasMessageContaining("another size");
    }

    @Test
    void jpegThatIsGoneOverAgainAndAgainIsRefused() {
        byte[] plain = bytes("progressive.jpg");
        byte[] scans = Arrays.copyOf(plain, plain.length + 2 * 101);
        for (int i = plain.length; i < scans.length; i += 2) {
            scans[i] = (byte) 0xff;
            scans[i + 1] = (byte) 0xda;
        }
        EncodedPicture file = new EncodedPicture(PictureType.JPEG, scans);

        assertThatThrownBy(() -> PictureReader.read(file, 3))
                .isInstanceOf(PictureException.class)
                .hasMessageContaining("scans");
    }

    private static void refused(String name, PictureType said, String why) {
        EncodedPicture file = new EncodedPicture(said, bytes(name));
        assertThatThrownBy(() -> PictureReader.read(file, 3))
                .isInstanceOf(PictureException.class)
                .hasMessageContaining(why);
    }

    @Test
    void headerSaysTheSizeThatIsStored() {
        assertThat(PictureHeader.read(bytes("rgb.png"))).isEqualTo(new PictureHeader(PictureType.PNG, 48, 32));
        assertThat(PictureHeader.read(bytes("progressive.jpg"))).isEqualTo(new PictureHeader(PictureType.JPEG, 48, 32));
        for (String name : new String[] {"lossy.webp", "lossless.webp", "alpha-lossy.webp"}) {
            assertThat(PictureHeader.read(bytes(name))).as(name).isEqualTo(new PictureHeader(PictureType.WEBP, 48, 32));
        }
    }

    @Test
    void anotherSizeKeepsPlacesAndLight() {
        for (int[] size : new int[][] {{24, 16}, {96, 64}, {7, 5}}) {
            Picture picture = Lanczos.scale(PictureReader.read(file("rgb.png"), 3), size[0], size[1]);
            assertThat(picture.width()).isEqualTo(size[0]);
            pixel(picture, 0, 0, 1, 0, 0);
            pixel(picture, size[0] - 1, 0, 0, 1, 0);
            pixel(picture, 0, size[1] - 1, 0, 0, 1);
        }
    }

    private static void pixel(Picture picture, int x, int y, float red, float green, float blue) {
        float[] values = picture.values();
        int plane = picture.width() * picture.height();
        int at = y * picture.width() + x;
        assertThat(values[at]).as("red").isCloseTo(red, within(NEAR));
        assertThat(values[plane + at]).as("green").isCloseTo(green, within(NEAR));
        assertThat(values[2 * plane + at]).as("blue").isCloseTo(blue, within(NEAR));
    }

    static EncodedPicture file(String name) {
        byte[] bytes = bytes(name);
        return new EncodedPicture(PictureHeader.type(bytes).orElseThrow(), bytes);
    }

    static byte[] bytes(String name) {
        try (InputStream in = PictureReaderTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
