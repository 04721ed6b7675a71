package dev.troupe.worker.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.cluster.message.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A text and what a reference implementation in float32 said at each of its steps.
 *
 * @param prompt ids of the prompt
 * @param steps the reference's greedy continuation
 */
record Golden(TokenIds prompt, List<Step> steps) {

    /** The reference's token, its log-probability, its likeliest token, and by how much that leads. */
    record Step(int token, double logprob, int best, double lead) {}

    static List<Golden> read(String resource, String list) throws IOException {
        try (var in = Golden.class.getResourceAsStream("/goldens/" + resource)) {
            var goldens = new ArrayList<Golden>();
            for (JsonNode text : new ObjectMapper().readTree(in).get(list)) {
                goldens.add(of(text));
            }
            return goldens;
        }
    }

    private static Golden of(JsonNode text) {
        JsonNode ids = text.get("prompt_ids");
        var prompt = new int[ids.size()];
        for (int i = 0; i < prompt.length; i++) {
            prompt[i] = ids.get(i).asInt();
        }
        var steps = new ArrayList<Step>();
        for (JsonNode step : text.get("steps")) {
            JsonNode top = step.get("top");
            double lead = top.get(0).get(1).asDouble() - top.get(1).get(1).asDouble();
            int token = step.get("token").asInt();
            steps.add(new Step(
                    token, step.get("logprob").asDouble(), top.get(0).get(0).asInt(), lead));
        }
        return new Golden(TokenIds.of(prompt), steps);
    }

    /** Steps before the first at which two tokens are nearly equally likely. */
    int clearSteps(double nearTie) {
        int clear = 0;
        while (clear < steps.size() && steps.get(clear).lead() > nearTie) {
            clear++;
        }
        return clear;
    }
}
