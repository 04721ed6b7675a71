package dev.troupe.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelCardTest {
    private static final byte[] JSON = "{\"model\":{}}".getBytes(StandardCharsets.UTF_8);

    /** {@link #JSON} as Python's gzip writes it: another zlib compresses otherwise. */
    private static final String GZIP = "1f8b0800000000000203ab56cacd4f49cd51b2aaaead05003eff316d0c000000";

    @Test
    void cardComesBackFromItsBytes() {
        ModelCard card = card(Optional.of("{{ messages }}"));

        ModelCard back = ModelCard.decode(card.encode());

        assertThat(back).isEqualTo(card);
        assertThat(back.tokenizer().uncompress()).isEqualTo(JSON);
        assertThat(ModelCard.decode(card(Optional.empty()).encode()).chatTemplate())
                .isEmpty();
    }

    /** Another release must be able to read these; a change of them needs a new version number. */
    @Test
    void bytesStayAsTheyAre() throws IOException {
        byte[] golden;
        try (var in = getClass().getResourceAsStream("model-card-v1.hex")) {
            golden = HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }

        assertThat(ModelCard.decode(golden)).isEqualTo(card(Optional.of("{{ messages }}")));
        assertThat(card(Optional.of("{{ messages }}")).encode()).isEqualTo(golden);
    }

    @Test
    void compressedJsonComesBack() {
        assertThat(CompressedJson.compress(JSON).uncompress()).isEqualTo(JSON);
    }

    @Test
    void cutOrForeignBytesAreRefused() {
        byte[] bytes = card(Optional.of("t")).encode();

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ModelCard.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> ModelCard.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .hasMessageContaining("1 bytes too many");
        bytes[0] = 9;
        assertThatThrownBy(() -> ModelCard.decode(bytes)).hasMessageContainingAll("version 9", "same release");
    }

    @Test
    void damagedBytesGiveACardOrOneKindOfError() {
        byte[] bytes = card(Optional.of("t")).encode();
        var random = new Random(3);
        for (int round = 0; round < 5000; round++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            try {
                assertThat(ModelCard.decode(damaged).id()).isNotBlank();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void tokenizerThatIsNoGzipIsRefusedWhenRead() {
        byte[] bytes = card(Optional.empty()).encode();
        for (int at = 0; at < bytes.length - 1; at++) {
            if (bytes[at] == 0x1f && bytes[at + 1] == (byte) 0x8b) {
                bytes[at] = 0;
            }
        }
        ModelCard card = ModelCard.decode(bytes);

        assertThatThrownBy(() -> card.tokenizer().uncompress())
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("broken");
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new SpecialTokens(OptionalInt.of(-1), "", "", List.of()))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> new SpecialTokens(OptionalInt.empty(), "", "", List.of(-2)))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> defaults(OptionalDouble.of(Double.NaN))).hasMessageContaining("temperature");
        assertThatThrownBy(() -> defaults(OptionalDouble.of(-0.1))).hasMessageContaining("temperature");
    }

    private static GenerationDefaults defaults(OptionalDouble temperature) {
        return new GenerationDefaults(
                temperature,
                OptionalDouble.of(0.9),
                OptionalInt.of(40),
                OptionalDouble.empty(),
                OptionalDouble.of(1.1));
    }

    private static ModelCard card(Optional<String> template) {
        return new ModelCard(
                "smollm2",
                "00ff",
                8192,
                49152,
                new SpecialTokens(OptionalInt.of(1), "<|im_start|>", "<|im_end|>", List.of(2, 0)),
                CompressedJson.ofGzip(HexFormat.of().parseHex(GZIP)),
                template,
                "apache-2.0",
                1_700_000_000L,
                defaults(OptionalDouble.of(0.7)));
    }
}
