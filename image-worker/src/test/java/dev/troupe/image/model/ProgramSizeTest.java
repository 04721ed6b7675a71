package dev.troupe.image.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.image.TinySd;
import dev.troupe.models.weights.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of real models, by the number of parameters that their makers publish; no weights are needed for it. */
class ProgramSizeTest {
    @TempDir
    Path folder;

    private Json json(String text) throws Exception {
        return Json.read(Files.writeString(folder.resolve("config.json"), text));
    }

    private static long parameters(NetworkWriter program) {
        return program.slots().stream()
                .mapToLong(slot -> slot.names().size() * slot.shape().stream().reduce(1L, Math::multiplyExact))
                .sum();
    }

    private static final String BLOCKS =
            """
            "in_channels": 4, "out_channels": 4, "block_out_channels": [320, 640, 1280, 1280], "layers_per_block": 2,
            "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
            "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
            "norm_num_groups": 32, "norm_eps": 1e-05, "sample_size": 64,
            """;

    @Test
    void unetOfStableDiffusion1() throws Exception {
        var config = UnetConfig.read(json("{" + BLOCKS + "\"attention_head_dim\": 8, \"cross_attention_dim\": 768}"));
        assertThat(parameters(UnetProgram.write(config))).isEqualTo(859_520_964L);
        assertThat(config.shrink()).isEqualTo(8);
    }

    @Test
    void unetOfStableDiffusion2() throws Exception {
        var config = UnetConfig.read(
                json(
                        "{" + BLOCKS
                                + "\"attention_head_dim\": [5, 10, 20, 20], \"cross_attention_dim\": 1024, \"use_linear_projection\": true}"));
        assertThat(parameters(UnetProgram.write(config))).isEqualTo(865_910_724L);
        NetworkWriter program = UnetProgram.write(config);
        assertThat(program.program()).contains("h = self.transformer(h, text, " + middle(program) + ", 20, 1)");
    }

    /** Where the weights of the middle's attention begin. */
    private static int middle(NetworkWriter program) {
        for (int i = 0; i < program.slots().size(); i++) {
            if (program.slots().get(i).names().contains("mid_block.attentions.0.norm.weight")) {
                return i;
            }
        }
        throw new AssertionError("there is no middle");
    }

    @Test
    void autoencoder() throws Exception {
        var config = VaeConfig.read(
                json(
                        """
                {"in_channels": 3, "out_channels": 3, "latent_channels": 4, "block_out_channels": [128, 256, 512, 512],
                 "layers_per_block": 2, "norm_num_groups": 32,
                 "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
                 "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"]}
                """));
        assertThat(parameters(VaeProgram.write(config))).isEqualTo(83_653_863L);
        assertThat(config.factor()).isEqualTo(8);
        assertThat(config.scale()).isEqualTo(0.18215);
    }

    @Test
    void textEncoders() throws Exception {
        var first = ClipConfig.read(
                json(
                        """
                {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12, "num_hidden_layers": 12,
                 "max_position_embeddings": 77, "vocab_size": 49408}
                """));
        assertThat(parameters(ClipProgram.write(first))).isEqualTo(123_060_480L);
        assertThat(first.quickGelu()).isTrue();
        var second = ClipConfig.read(
                json(
                        """
                {"hidden_size": 1024, "intermediate_size": 4096, "num_attention_heads": 16, "num_hidden_layers": 23,
                 "max_position_embeddings": 77, "vocab_size": 49408, "hidden_act": "gelu"}
                """));
        assertThat(parameters(ClipProgram.write(second))).isEqualTo(340_387_840L);
        assertThat(second.quickGelu()).isFalse();
    }

    /** Without weights, but the runtime reads and checks every line. */
    @Test
    void programsOfRealSizeAreAccepted() throws Exception {
        var unet = UnetConfig.read(
                json("{" + BLOCKS + "\"attention_head_dim\": [5, 10, 20, 20], \"cross_attention_dim\": 1024}"));
        var numbers = new Network.Numbers(32, 1e-5, 1e-5, -0.1);
        for (boolean other : new boolean[] {false, true}) {
            TinySd.cpu()
                    .load(Network.archive(UnetProgram.write(unet), numbers, new Network.Kernels(other, other)))
                    .close();
        }
    }
}
