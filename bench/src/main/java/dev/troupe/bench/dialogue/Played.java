package dev.troupe.bench.dialogue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A dialogue as it went.
 *
 * @param error why it ended early; empty when it did not
 */
record Played(Dialogue dialogue, long seed, List<Step> steps, String error) {
    /**
     * @param words of the user
     * @param prompt as the server revised it
     * @param picture file, in base64
     */
    record Step(String words, String prompt, String picture, List<Finding> findings) {
        Step {
            findings = List.copyOf(findings);
        }
    }

    Played {
        steps = List.copyOf(steps);
    }

    boolean holds() {
        return error.isEmpty()
                && steps.stream().flatMap(step -> step.findings().stream()).allMatch(Finding::holds);
    }

    /** @param held of {@code all} */
    record Share(int held, int all) {
        Share with(boolean holds) {
            return new Share(held + (holds ? 1 : 0), all + 1);
        }

        @Override
        public String toString() {
            return held + " of " + all;
        }
    }

    /** @return by what was looked at; dialogues as a whole under "dialogue" */
    static Map<String, Share> shares(List<Played> all) {
        Map<String, Share> shares = new TreeMap<>();
        for (Played played : all) {
            count(shares, "dialogue", played.holds());
            count(shares, "kind " + played.dialogue().kind(), played.holds());
            played.steps().forEach(step -> step.findings()
                    .forEach(finding -> count(shares, finding.what(), finding.holds())));
        }
        return shares;
    }

    private static void count(Map<String, Share> shares, String what, boolean holds) {
        shares.merge(what, new Share(0, 0).with(holds), (old, one) -> old.with(holds));
    }
}
