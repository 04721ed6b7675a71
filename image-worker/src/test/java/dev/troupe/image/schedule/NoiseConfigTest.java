package dev.troupe.image.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.image.TinySd;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseConfigTest {
    @TempDir
    Path folder;

    private NoiseConfig read(String json) throws Exception {
        return NoiseConfig.read(Json.read(Files.writeString(folder.resolve("scheduler_config.json"), json)));
    }

    @Test
    void tinyModelsFileIsRead() throws Exception {
        var config = NoiseConfig.read(Json.read(TinySd.directory().resolve("scheduler/scheduler_config.json")));
        assertThat(config)
                .isEqualTo(new NoiseConfig(
                        1000,
                        0.00085,
                        0.012,
                        BetaSchedule.SCALED_LINEAR,
                        false,
                        Prediction.EPSILON,
                        Sampler.DDIM,
                        Optional.of(Spacing.LEADING),
                        1,
                        false));
    }

    @Test
    void whatIsLeftOutIsAsInDiffusers() throws Exception {
        assertThat(read("{}"))
                .isEqualTo(new NoiseConfig(
                        1000,
                        0.0001,
                        0.02,
                        BetaSchedule.LINEAR,
                        false,
                        Prediction.EPSILON,
                        Sampler.DDIM,
                        Optional.empty(),
                        0,
                        true));
    }

    @ParameterizedTest
    @CsvSource({
        "EulerDiscreteScheduler, EULER",
        "EulerAncestralDiscreteScheduler, EULER_A",
        "DPMSolverMultistepScheduler, DPMPP_2M",
        "PNDMScheduler, DPMPP_2M",
        "LCMScheduler, LCM"
    })
    void samplerIsThatOfTheFileOrTheNearest(String name, Sampler sampler) throws Exception {
        assertThat(read("{\"_class_name\": \"" + name + "\"}").sampler()).isEqualTo(sampler);
    }

    @Test
    void spacingOfTheFileIsForItsOwnSampler() throws Exception {
        var config = read(
                "{\"_class_name\": \"EulerDiscreteScheduler\", \"timestep_spacing\": \"leading\", \"steps_offset\": 1}");
        assertThat(Sampler.EULER.plan(config, 10, 0).steps().get(0).timestep()).isEqualTo(901);
        assertThat(Sampler.EULER_A.plan(config, 10, 0).steps().get(0).timestep())
                .isEqualTo(999);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prediction_type\": \"flow\"} | 'prediction_type' is 'flow'",
                "{\"beta_schedule\": \"sigmoid\"} | known are linear, scaled_linear, squaredcos_cap_v2",
                "{\"timestep_spacing\": \"odd\"} | 'timestep_spacing' is 'odd'",
                "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\"} | 'FlowMatchEulerDiscreteScheduler'",
                "{\"clip_sample\": true} | 'clip_sample' is true",
                "{\"thresholding\": true} | 'thresholding' is true",
                "{\"trained_betas\": [0.1]} | 'trained_betas'",
                "{\"num_train_timesteps\": 0} | num_train_timesteps 0 is out of range",
                "{\"num_train_timesteps\": 2000000000} | num_train_timesteps",
                "{\"beta_start\": 0} | beta_start",
                "{\"beta_start\": 0.1, \"beta_end\": 0.01} | beta_end",
                "{\"beta_end\": 1e400} | beta_end",
                "{\"steps_offset\": 1000} | steps_offset",
                "{\"steps_offset\": -1} | 'steps_offset' is not a count",
                "[] | not a JSON object"
            })
    void unknownOrImpossibleValueIsRefusedByName(String json, String problem) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("scheduler_config.json")
                .hasMessageContaining(problem);
    }
}
