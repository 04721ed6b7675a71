package dev.troupe.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceModelTest {
    /** What every configuration below needs besides what is being tested. */
    private static final String SHAPE =
            "'num_hidden_layers':8,'hidden_size':64,'num_attention_heads':4,'intermediate_size':128,'vocab_size':288,"
                    + "'max_position_embeddings':512";

    @TempDir
    Path directory;

    private static ModelConfig config(String json) {
        return config(json, false);
    }

    private static ModelConfig config(String json, boolean headPresent) {
        byte[] bytes = ("{" + SHAPE + "," + json + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return HuggingFaceConfig.read(Json.parse(Path.of("config.json"), bytes), headPresent);
    }

    private static void refused(String json, String problem) {
        assertThatThrownBy(() -> config(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
    }

    @Test
    void readsWhatLlamaLeavesOut() {
        ModelConfig config = config("'architectures':['LlamaForCausalLM']");
        assertThat(config.architecture()).isEqualTo(Architecture.LLAMA);
        assertThat(config.kvHeads()).isEqualTo(4);
        assertThat(config.headDim()).isEqualTo(16);
        assertThat(config.rope()).isEqualTo(new Rope(16, 10_000, new RopeScaling.None()));
        assertThat(config.slidingWindow()).isEmpty();
        assertThat(config.tiedEmbeddings()).isTrue();
        assertThat(config("'model_type':'llama'", true).tiedEmbeddings()).isFalse();
    }

    @Test
    void readsMistralsWindow() {
        assertThat(config("'model_type':'mistral','sliding_window':null").slidingWindow())
                .isEmpty();
        ModelConfig config = config("'architectures':['MistralForCausalLM'],'sliding_window':16");
        assertThat(config.slidingWindow().orElseThrow().layers()).hasSize(8);
        assertThat(config.slidingWindow().orElseThrow().tokens()).isEqualTo(16);
        assertThat(config.rope(3)).isEqualTo(config.rope());
    }

    @Test
    void usesTheWindowOfQwenOnlyWhenItSaysSo() {
        String qwen = "'architectures':['Qwen2ForCausalLM'],'sliding_window':16,'max_window_layers':5";
        assertThat(config(qwen + ",'use_sliding_window':false").slidingWindow()).isEmpty();
        assertThat(config(qwen + ",'use_sliding_window':true")
                        .slidingWindow()
                        .orElseThrow()
                        .layers())
                .isEqualTo(Set.of(5, 6, 7));
        assertThat(config(qwen).qkvBias()).isTrue();
    }

    @Test
    void readsGemmaOfBothGenerationsOfTransformers() {
        String common = "'model_type':'gemma3_text','head_dim':32,'query_pre_attn_scalar':64,'sliding_window':16";
        ModelConfig old = config(common + ",'rope_theta':1000000.0,'rope_local_base_freq':10000.0,"
                + "'rope_scaling':{'factor':8.0,'rope_type':'linear'},'sliding_window_pattern':6");
        assertThat(old.queryScale()).isEqualTo(0.125f);
        assertThat(old.embeddingScale()).isEqualTo(8);
        assertThat(old.slidingWindow().orElseThrow().layers()).isEqualTo(Set.of(0, 1, 2, 3, 4, 6, 7));
        assertThat(old.rope(5)).isEqualTo(new Rope(32, 1_000_000, new RopeScaling.Linear(8)));
        assertThat(old.rope(6)).isEqualTo(new Rope(32, 10_000, new RopeScaling.None()));
        String sliding = "'sliding_attention',".repeat(5);
        ModelConfig recent = config(common + ",'layer_types':[" + sliding
                + "'full_attention','sliding_attention','sliding_attention'],'rope_parameters':{"
                + "'full_attention':{'rope_type':'linear','factor':8.0,'rope_theta':1000000.0},"
                + "'sliding_attention':{'rope_type':'default','rope_theta':10000.0}}");
        assertThat(recent).isEqualTo(old);
    }

    /** By the formula in transformers, worked out in Python for Llama 3.2 1B. */
    @Test
    void scalesRopeAsLlama3Does() {
        ModelConfig config = config("'model_type':'llama','head_dim':64,'rope_theta':500000.0,'rope_scaling':{"
                + "'factor':32.0,'high_freq_factor':4.0,'low_freq_factor':1.0,"
                + "'original_max_position_embeddings':8192,'rope_type':'llama3'}");
        float[] scaled = config.rope().inverseFrequencies();
        float[] plain = new Rope(64, 500_000, new RopeScaling.None()).inverseFrequencies();
        double[] factors = {
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.651329, 3.292262, 9.666729, 32, 32, 32, 32, 32, 32, 32, 32,
            32, 32, 32, 32, 32, 32
        };
        for (int i = 0; i < factors.length; i++) {
            assertThat(plain[i] / scaled[i])
                    .as("factor %d", i)
                    .isCloseTo((float) factors[i], within(2e-5f * (float) factors[i]));
        }
    }

    @Test
    void refusesWhatItWouldComputeWrongly() {
        refused("'architectures':['MambaForCausalLM']", "'MambaForCausalLM' is not supported; choose a model of one");
        refused("'model_type':'bert'", "'bert' is not supported");
        refused("'vocab_size2':1", "'architectures' is missing");
        refused("'model_type':'llama','hidden_act':'gelu'", "activation 'gelu'");
        refused("'model_type':'gemma3_text','final_logit_softcapping':30.0", "softcapping");
        refused("'model_type':'llama','rope_scaling':{'rope_type':'yarn','factor':4.0}", "rope scaling 'yarn'");
        refused("'model_type':'llama','rope_scaling':{'rope_type':'linear'}", "'factor' is missing");
        refused("'model_type':'llama','rope_scaling':{'rope_type':'linear','factor':0}", "factor is 0.0");
        refused("'model_type':'llama','quantization_config':{}", "quantization_config");
        refused("'model_type':'llama','num_key_value_heads':3", "cannot share");
        refused("'model_type':'llama','num_key_value_heads':'x'", "'num_key_value_heads' is not a count");
        refused("'model_type':'llama','head_dim':-2", "'head_dim' is not a count");
        refused("'model_type':'llama','tie_word_embeddings':'no'", "is not a boolean");
        refused("'model_type':'qwen3','sliding_window':4,'layer_types':['linear_attention']", "'linear_attention'");
    }

    @Test
    void refusesDirectoriesThatAreIncomplete() throws IOException {
        refusedDirectory("no config.json");
        Path model = TinyModel.of(Architecture.LLAMA).writeHuggingFace(directory, 2);
        Path shard = model.resolve("model-00002-of-00002.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        Files.delete(shard);
        refusedDirectory("model-00002-of-00002.safetensors: this shard is missing");
        Files.write(shard, Files.readAllBytes(model.resolve("model-00001-of-00002.safetensors")));
        refusedDirectory("also stands in another shard");
        Files.write(shard, bytes);
        assertThat(ModelWeights.open(model).config().layers()).isEqualTo(TinyModel.LAYERS);
        Path index = model.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"../secret.safetensors\"}}");
        refusedDirectory("names the file '../secret.safetensors'");
        Files.writeString(index, "{}");
        refusedDirectory("'weight_map' is missing");
        Files.delete(index);
        refusedDirectory("neither model.safetensors nor model.safetensors.index.json");
    }

    private void refusedDirectory(String problem) {
        assertThatThrownBy(() -> ModelWeights.open(directory))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
    }
}
