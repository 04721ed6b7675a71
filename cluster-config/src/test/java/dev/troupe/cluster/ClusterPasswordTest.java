package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClusterPasswordTest {
    @Test
    void onlyWhoHasThePasswordJoins() {
        try (Members members = new Members()) {
            Cluster first = members.start(options(17801, Discovery.ALONE, "right"));
            Cluster wrong = members.start(options(17831, Members.at(first), "wrong"));
            Cluster none = members.start(Members.options("127.0.0.1", 17841, Members.at(first)));
            Cluster right = members.start(options(17861, Members.at(first), "right"));

            assertThat(wrong.size()).isEqualTo(1);
            assertThat(none.size()).isEqualTo(1);
            assertThat(right.size()).isEqualTo(2);
        }
    }

    @Test
    void neitherPasswordNorWhatItBecomesIsInTheTextOfTheOptions() {
        ClusterOptions options = options(5701, Discovery.ALONE, "secret");

        assertThat(options.secretName()).doesNotContain("secret").matches("[0-9a-f]{64}");
        assertThat(options.toString()).doesNotContain("secret").doesNotContain(options.secretName());
    }

    @Test
    void anEmptyPasswordIsRefused() {
        assertThatThrownBy(() -> options(5701, Discovery.ALONE, " ")).hasMessageContaining("password is empty");
    }

    private static ClusterOptions options(int port, Discovery discovery, String password) {
        return Members.with(Members.options("127.0.0.1", port, discovery), 0, password);
    }
}
