package dev.troupe.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One server against what queueing theory says of it: the mean time of a job with it, in units of the mean time of service. */
class StationTest {
    private static final long SERVICE = 1_000_000;
    private static final int JOBS = 2_000_000;

    private final SplittableRandom random = new SplittableRandom(1);

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.5, 0.8})
    void jobsOfOneLengthWaitAsPollaczekAndKhinchinSay(double load) {
        double expected = 1 + load / (2 * (1 - load));

        assertThat(meanTime(load, () -> 1)).isCloseTo(expected, within(0.03 * expected));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.5, 0.8})
    void jobsOfExponentialLengthTakeOneOverWhatIsFree(double load) {
        double expected = 1 / (1 - load);

        assertThat(meanTime(load, () -> -Math.log(1 - random.nextDouble())))
                .isCloseTo(expected, within(0.05 * expected));
    }

    private double meanTime(double load, DoubleSupplier length) {
        Agenda agenda = new Agenda();
        Station station = new Station();
        double[] sum = new double[1];
        int[] left = {JOBS};
        Runnable arrive = new Runnable() {
            @Override
            public void run() {
                long done = station.serve(agenda.now(), Math.round(SERVICE * length.getAsDouble()), Cause.STEPS);
                sum[0] += done - agenda.now();
                if (--left[0] > 0) {
                    double pause = -Math.log(1 - random.nextDouble()) * SERVICE / load;
                    agenda.at(agenda.now() + Math.round(pause), this);
                }
            }
        };
        agenda.at(0, arrive);
        agenda.runUntil(Long.MAX_VALUE / 4);
        return sum[0] / JOBS / SERVICE;
    }
}
