package dev.troupe.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.bench.report.FairnessReport;
import dev.troupe.bench.report.FairnessReport.Contest;
import dev.troupe.bench.report.FairnessReport.Overload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page's claims, in virtual time. */
class FairnessModelTest {
    private final FairnessModel model = new FairnessModel(1);

    @Test
    void lightTenantsDoNotFeelTheHeavyOneAndNothingIsLost() {
        Contest contest = model.contest();

        assertThat(contest.fair().light().percentile(99))
                .isLessThan(contest.fcfs().light().percentile(99) / 5);
        assertThat(contest.fair().difference()).isLessThanOrEqualTo(contest.bound());
        assertThat(contest.lost()).isLessThanOrEqualTo(0.02);
        assertThat(contest.fcfs().light().count())
                .isEqualTo(contest.fair().light().count());
    }

    @Test
    void atFiveTimesOfWhatCanBeDoneNearlyAllOfItIsGood() {
        List<Overload> loads = model.overload();
        Overload most = loads.get(loads.size() - 1);

        assertThat(most.bounded().good())
                .isGreaterThan(0.9
                        * loads.stream()
                                .mapToDouble(load -> load.bounded().good())
                                .max()
                                .orElseThrow());
        assertThat(most.deadlines().good())
                .isGreaterThan(0.9
                        * loads.stream()
                                .mapToDouble(load -> load.deadlines().good())
                                .max()
                                .orElseThrow());
        assertThat(most.bounded().firstToken().percentile(99)).isLessThan(45_000);
        assertThat(most.deadlines().firstToken().percentile(100)).isLessThanOrEqualTo(5_500);
        assertThat(new FairnessReport(1, 1, model.contest(), loads).html())
                .contains("<svg")
                .doesNotContain("NaN");
    }
}
