package dev.troupe.image.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.device.NativeScope;
import dev.troupe.image.TinySd;
import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that lack something, or say what they should not. Each is refused in one line with the file's name. */
class HostileDirectoryTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void copy() throws IOException {
        model = TinySd.copy(folder.resolve("m"));
    }

    private void assertRefused(String... parts) {
        long handles = NativeScope.liveHandles();
        assertThatThrownBy(() -> TinySd.load(model))
                .isInstanceOf(ModelFormatException.class)
                .message()
                .contains(parts)
                .contains("; ")
                .doesNotContain("\n");
        assertThat(NativeScope.liveHandles()).isEqualTo(handles);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model_index.json",
                "text_encoder/config.json",
                "unet/config.json",
                "vae/config.json",
                "scheduler/scheduler_config.json",
                TinySd.UNET,
                TinySd.VAE,
                TinySd.TEXT
            })
    void missingFileIsNamed(String name) throws IOException {
        Files.delete(model.resolve(name));
        assertRefused("there is no " + name.replaceAll(".*/(?=.*safetensors)", ""), model.toString());
    }

    @Test
    void pickledWeightsAreNotRead() throws IOException {
        Files.move(model.resolve(TinySd.UNET), model.resolve("unet/diffusion_pytorch_model.bin"));
        assertRefused("only a pickled .bin", "safe_serialization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model_index.json",
                "unet/config.json",
                "vae/config.json",
                "scheduler/scheduler_config.json",
                TinySd.UNET,
                TinySd.VAE,
                TinySd.TEXT
            })
    void rubbishIsRefused(String name) throws IOException {
        Files.writeString(model.resolve(name), "rubbish, and not a little of it");
        assertRefused(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "unet | {\"act_fn\": \"mish\"} | 'act_fn'",
                "unet | {\"_class_name\": \"SD3Transformer2DModel\"} | SD3Transformer2DModel",
                "unet | {\"in_channels\": 9} | takes a mask",
                "unet | {\"down_block_types\": [\"DownBlock2D\", \"AttnDownBlock2D\"]} | AttnDownBlock2D",
                "unet | {\"down_block_types\": [\"DownBlock2D\"]} | 'down_block_types' has 1 entries for 2 blocks",
                "unet | {\"block_out_channels\": [32, -1]} | 'block_out_channels'",
                "unet | {\"block_out_channels\": [32, 2000000]} | 'block_out_channels'",
                "unet | {\"block_out_channels\": []} | 'block_out_channels'",
                "unet | {\"block_out_channels\": \"many\"} | 'block_out_channels' is not an array",
                "unet | {\"norm_num_groups\": 5} | 'norm_num_groups'",
                "unet | {\"norm_num_groups\": 0} | 'norm_num_groups'",
                "unet | {\"attention_head_dim\": 5} | 'attention_head_dim'",
                "unet | {\"attention_head_dim\": [4, 4, 4]} | 'attention_head_dim' has 3 entries",
                "unet | {\"attention_head_dim\": null} | 'attention_head_dim'",
                "unet | {\"layers_per_block\": 1000000000} | 'layers_per_block'",
                "unet | {\"time_cond_proj_dim\": 256} | 'time_cond_proj_dim'",
                "unet | {\"addition_embed_type\": \"text_time\"} | 'addition_embed_type'",
                "unet | {\"only_cross_attention\": true} | 'only_cross_attention'",
                "unet | {\"mid_block_type\": \"UNetMidBlock2D\"} | 'mid_block_type'",
                "unet | {\"cross_attention_dim\": 64} | hidden_size is 32 and the U-Net's cross_attention_dim is 64",
                "vae | {\"latents_mean\": [0, 0, 0, 0]} | 'latents_mean'",
                "vae | {\"scaling_factor\": 0} | 'scaling_factor'",
                "vae | {\"latent_channels\": 16} | latent_channels is 16",
                "vae | {\"in_channels\": 1} | 'in_channels'",
                "vae | {\"up_block_types\": [\"UpDecoderBlock2D\", \"AttnUpDecoderBlock2D\"]} | 'up_block_types'",
                "vae | {\"_class_name\": \"AutoencoderTiny\"} | AutoencoderTiny",
                "text_encoder | {\"hidden_act\": \"swish\"} | 'hidden_act' is 'swish'",
                "text_encoder | {\"num_attention_heads\": 0} | 'num_attention_heads'",
                "text_encoder | {\"num_attention_heads\": 7} | 'num_attention_heads'",
                "text_encoder | {\"max_position_embeddings\": 2} | 'max_position_embeddings'",
                "text_encoder | {\"clip_skip\": 3} | 'clip_skip'",
                "text_encoder | {\"hidden_size\": 64} | hidden_size is 64",
                "text_encoder | {\"vocab_size\": 100} | a token with id 146"
            })
    void unknownOrImpossibleValueIsNamed(String part, String change, String problem) throws IOException {
        var changes = (ObjectNode) MAPPER.readTree(change);
        TinySd.edit(model.resolve(part).resolve("config.json"), json -> json.setAll(changes));
        assertRefused(problem);
    }

    @Test
    void pipelineOfAnotherKindIsNamed() throws IOException {
        TinySd.edit(model.resolve("model_index.json"), json -> json.put("_class_name", "StableDiffusionXLPipeline"));
        assertRefused("'_class_name'", "StableDiffusionXLPipeline");
    }

    @Test
    void missingWeightIsNamed() throws IOException {
        TinySd.rewrite(
                model.resolve(TinySd.UNET),
                (writer, tensor) -> tensor.name().equals("conv_norm_out.weight") ? writer : tensor.into(writer));
        assertRefused("weight 'conv_norm_out.weight' is missing");
    }

    @Test
    void misshapenWeightIsNamedWithBothShapes() throws IOException {
        TinySd.rewrite(
                model.resolve(TinySd.VAE),
                (writer, tensor) -> tensor.name().equals("decoder.conv_out.weight")
                        ? tensor.as(writer, tensor.name(), 16, 3, 3, 3)
                        : tensor.into(writer));
        assertRefused("weight 'decoder.conv_out.weight' is [16, 3, 3, 3] where the configuration says [3, 16, 3, 3]");
    }

    @Test
    void weightsThatNothingReadsAreNamed() throws IOException {
        TinySd.rewrite(
                model.resolve(TinySd.UNET),
                (writer, tensor) -> tensor.name().equals("conv_in.bias")
                        ? tensor.into(tensor.as(writer, "add_embedding.linear_1.bias", tensor.shape()))
                        : tensor.into(writer));
        assertRefused("has 1 weights that config.json does not speak of", "add_embedding.linear_1.bias");
    }
}
