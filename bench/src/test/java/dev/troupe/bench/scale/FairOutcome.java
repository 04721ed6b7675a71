package dev.troupe.bench.scale;

import dev.troupe.bench.load.Samples;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What became of a trace.
 *
 * @param firstTokens by request's number, milliseconds of virtual time; who was refused or too late has none
 * @param ends the same of the last tokens
 * @param refused how many were, at once
 * @param longestQueue requests that waited at a time
 * @param tokens of answers and when they came
 */
record FairOutcome(
        List<FairRequest> requests,
        Map<Integer, Double> firstTokens,
        Map<Integer, Double> ends,
        int refused,
        int longestQueue,
        List<Double> tokens) {

    /** Part of a run that counts. */
    record Window(double fromMillis, double untilMillis) {
        boolean holds(double millis) {
            return millis >= fromMillis && millis < untilMillis;
        }

        double seconds() {
            return (untilMillis - fromMillis) / 1e3;
        }
    }

    /** @return milliseconds from coming to the first token */
    Samples timeToFirst(Window window, Predicate<FairRequest> which) {
        return Samples.of(requests.stream()
                .filter(request -> window.holds(request.atMillis()) && which.test(request))
                .filter(request -> firstTokens.containsKey(request.number()))
                .mapToDouble(request -> firstTokens.get(request.number()) - request.atMillis())
                .toArray());
    }

    /** @return tokens of answers that came in that time, a second */
    double tokensPerSecond(Window window) {
        return tokens.stream().filter(window::holds).count() / window.seconds();
    }

    /** @return tokens a second of the requests that came in that time, were answered whole, and whose first token came in time */
    double goodTokensPerSecond(Window window, double withinMillis) {
        return requests.stream()
                        .filter(request -> window.holds(request.atMillis()) && ends.containsKey(request.number()))
                        .filter(request -> firstTokens.get(request.number()) - request.atMillis() <= withinMillis)
                        .mapToInt(FairRequest::answer)
                        .sum()
                / window.seconds();
    }
}
