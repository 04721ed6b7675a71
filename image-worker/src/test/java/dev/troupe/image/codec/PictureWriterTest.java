package dev.troupe.image.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureOutput.Background;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.image.Picture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PictureWriterTest {
    private static final int SIDE = 64;
    private static final String PROMPT = "a small red boat, <at> sea & \"far\" off: 日本";
    private static final PictureSpec SPEC = new PictureSpec(
            "tiny", PROMPT, "blurry", SIDE, SIDE, 20, 7.5, "euler", 42, Optional.empty(), PictureOutput.PNG, 0);
    private static final Provenance PROVENANCE = Provenance.of(SPEC, "0123456789abcdef");

    @ParameterizedTest
    @EnumSource(PictureType.class)
    void whatIsWrittenIsReadAgain(PictureType type) {
        Picture picture = gradient(3);

        EncodedPicture file = write(picture, new PictureOutput(type, 100, Background.AUTO, false));

        assertThat(file.type()).isEqualTo(type);
        float[] read = PictureReader.read(file, 3).values();
        float[] given = picture.values();
        for (int i = 0; i < given.length; i++) {
            assertThat(read[i]).isCloseTo(given[i], within(type == PictureType.JPEG ? 0.03f : 0.5f / 255 + 1e-6f));
        }
    }

    @Test
    void whatIsTransparentStaysSoUnlessItMustNot() {
        for (PictureType type : new PictureType[] {PictureType.PNG, PictureType.WEBP}) {
            for (int quality : new int[] {80, 100}) {
                Picture read = PictureReader.read(
                        write(gradient(4), new PictureOutput(type, quality, Background.TRANSPARENT, false)), 4);
                assertThat(read.values()[3 * SIDE * SIDE])
                        .as("%s %s", type, quality)
                        .isZero();
            }
            Picture opaque =
                    PictureReader.read(write(gradient(4), new PictureOutput(type, 100, Background.OPAQUE, false)), 4);
            assertThat(opaque.values()[3 * SIDE * SIDE]).isEqualTo(1);
            assertThat(opaque.values()[0]).as("white").isEqualTo(1);
        }
    }

    @Test
    void lessQualityTakesLessRoom() {
        for (PictureType type : new PictureType[] {PictureType.JPEG, PictureType.WEBP}) {
            int good = write(noise(), new PictureOutput(type, 95, Background.AUTO, false))
                    .size();
            int poor = write(noise(), new PictureOutput(type, 20, Background.AUTO, false))
                    .size();
            assertThat(poor).as(type.word()).isLessThan(good / 2);
        }
    }

    @ParameterizedTest
    @EnumSource(PictureType.class)
    void everyFileSaysThatAMachineMadeIt(PictureType type) {
        byte[] file = write(gradient(3), new PictureOutput(type, 90, Background.AUTO, false))
                .bytes();

        assertThat(new String(file, StandardCharsets.ISO_8859_1))
                .contains("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");
    }

    @Test
    void pngSaysWhatItWasMadeFromInTheUsualForm() {
        byte[] file = write(gradient(3), PictureOutput.PNG).bytes();

        assertThat(new String(file, StandardCharsets.UTF_8))
                .contains(
                        "iTXtparameters\0\0\0\0\0" + PROMPT + "\nNegative prompt: blurry\nSteps: 20, Sampler: euler,"
                                + " CFG scale: 7.5, Seed: 42, Size: 64x64, Model hash: 0123456789, Model: tiny, Version: Troupe");
    }

    @Test
    void startingFromAPictureIsToldWithItsStrength() {
        PictureSource source = new PictureSource(write(gradient(3), PictureOutput.PNG), Optional.empty(), 0.6);
        PictureSpec from = new PictureSpec(
                "tiny", "x", "", SIDE, SIDE, 20, 7, "euler", 42, Optional.of(source), PictureOutput.PNG, 0);

        assertThat(Provenance.of(from, "f").parameters())
                .isEqualTo("x\nSteps: 20, Sampler: euler, CFG scale: 7, Seed: 42, Size: 64x64, Model hash: f,"
                        + " Model: tiny, Denoising strength: 0.6, Version: Troupe");
    }

    @Test
    void markShowsInOneCornerOnly() {
        float[] plain =
                PictureReader.read(write(gradient(3), PictureOutput.PNG), 3).values();
        float[] marked = PictureReader.read(
                        write(gradient(3), new PictureOutput(PictureType.PNG, 100, Background.AUTO, true)), 3)
                .values();

        int changed = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            boolean differs = plain[i] != marked[i];
            changed += differs ? 1 : 0;
            assertThat(differs && (i % SIDE < SIDE / 2 || i / SIDE < SIDE / 2)).isFalse();
        }
        assertThat(changed).isGreaterThan(20);
    }

    /** For other people's software: see e2e/picture-files.sh. */
    @Test
    void samplesForOthersToRead() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "samples"));
        for (PictureType type : PictureType.values()) {
            for (int channels : new int[] {3, 4}) {
                for (int quality : new int[] {80, 100}) {
                    PictureOutput output = new PictureOutput(type, quality, Background.AUTO, quality == 80);
                    Files.write(
                            folder.resolve("sample-" + channels + "-" + quality + "." + type.word()),
                            write(gradient(channels), output).bytes());
                }
            }
        }
        assertThat(folder).isDirectoryContaining("glob:**.webp");
    }

    private static EncodedPicture write(Picture picture, PictureOutput output) {
        return PictureWriter.write(picture, output, PROVENANCE);
    }

    /** Red to the right, green down; transparent at the top left, where there are 4 channels. */
    private static Picture gradient(int channels) {
        float[] values = new float[channels * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            values[i] = i % SIDE / (float) SIDE;
            values[SIDE * SIDE + i] = (i - i % SIDE) / (float) (SIDE * SIDE);
            values[2 * SIDE * SIDE + i] = 0.5f;
            if (channels == 4) {
                values[3 * SIDE * SIDE + i] = i % SIDE < 16 && i / SIDE < 16 ? 0 : 1;
            }
        }
        return new Picture(channels, SIDE, SIDE, values);
    }

    private static Picture noise() {
        var random = new java.util.Random(1);
        float[] values = new float[3 * SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return new Picture(3, SIDE, SIDE, values);
    }
}
