package dev.troupe.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.bench.scale.StepTime.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTimeTest {
    private final StepTime measured = ReplicaProfile.cpu().time();

    @Test
    void everyMeasuredDecodeIsMetWithinAFourth() {
        for (Cell cell : ReplicaProfile.measuredDecodes()) {
            assertThat(measured.decode(cell.count(), (long) cell.count() * cell.length()))
                    .as("%s", cell)
                    .isCloseTo(cell.millis(), within(0.25 * cell.millis()));
        }
    }

    @Test
    void everyMeasuredPromptIsMetWithinAnEighth() {
        for (Cell cell : ReplicaProfile.measuredPrompts()) {
            assertThat(measured.prompt(cell.count(), (long) cell.count() * cell.length()))
                    .as("%s", cell)
                    .isCloseTo(cell.millis(), within(0.125 * cell.millis()));
        }
    }

    @Test
    void exactTablesGiveBackTheirSum() {
        List<Cell> exact =
                List.of(new Cell(1, 10, 3 + 0.5 + 0.1), new Cell(2, 10, 3 + 1 + 0.2), new Cell(4, 100, 3 + 2 + 4));

        StepTime found = StepTime.fit(exact, exact);

        assertThat(found.decodeFixed()).isCloseTo(3, within(1e-6));
        assertThat(found.perDecode()).isCloseTo(0.5, within(1e-6));
        assertThat(found.perRowContext()).isCloseTo(0.01, within(1e-6));
    }

    @Test
    void aStepOfBothKindsReadsTheWeightsOnce() {
        double both = measured.step(8, 800, 64, 6400);

        assertThat(both)
                .isLessThan(measured.decode(8, 800) + measured.prompt(64, 6400))
                .isGreaterThan(measured.prompt(64, 6400));
    }

    @Test
    void aStepOfNothingTakesNoTime() {
        assertThat(measured.step(0, 0, 0, 0)).isZero();
    }
}
