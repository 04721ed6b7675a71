package dev.troupe.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchDeviceTest {
    @Test
    void autoTakesTheFirstGpuAndElseTheCpu() {
        assertThat(TorchDevice.pick("auto", 2)).isEqualTo(Device.gpu(0));
        assertThat(TorchDevice.pick("auto", 0)).isEqualTo(Device.cpu());
        assertThat(TorchDevice.pick("cpu", 2)).isEqualTo(Device.cpu());
        assertThat(TorchDevice.pick("cuda:1", 2)).isEqualTo(Device.gpu(1));
    }

    @Test
    void absentGpuIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> TorchDevice.pick("cuda:0", 0))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("cuda:0")
                .hasMessageContaining("no GPU")
                .hasMessageContaining("--device cpu");
        assertThatThrownBy(() -> TorchDevice.pick("cuda:2", 2)).hasMessageContaining("2 GPU(s)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cuda", "cuda:", "cuda:-1", "cuda:1x", "CPU", "cuda:99999"})
    void deviceOutsideTheGrammarIsRefused(String device) {
        assertThatThrownBy(() -> new DeviceConfig(device, 0, Path.of("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cuda:N");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1025})
    void absurdThreadCountIsRefused(int threads) {
        assertThatThrownBy(() -> new DeviceConfig("cpu", threads, Path.of("x"))).hasMessageContaining("threads");
    }

    @Test
    void cpuStartsWithoutNetwork() {
        TorchDevice device = Devices.cpu();
        assertThat(device.isCpu()).isTrue();
        assertThat(device).hasToString("cpu");
        assertThat(device.threads()).isPositive();
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
    }

    @Test
    void policyTakesFewRowKernelsOnlyForFewRows() {
        var fast = new KernelPolicy(true, true, true, 4, 4096);
        assertThat(fast.few(4)).isTrue();
        assertThat(fast.few(5)).isFalse();
        assertThat(fast.withoutInt4().few(1)).isFalse();
        assertThat(KernelPolicy.exact().few(1)).isFalse();
        assertThat(fast.fused(32, 128)).isTrue();
        assertThat(fast.fused(32, 160)).isFalse();
    }

    @Test
    void policyForThisCpuCanBeLoaded() {
        assertThat(KernelPolicy.fast(Devices.cpu()).dtype()).isIn(6, 15);
    }
}
