package dev.troupe.bench.report;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.troupe.bench.load.Exchange;
import dev.troupe.bench.load.RunResult;
import dev.troupe.bench.load.Samples;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The figures of one server under one load, over all rounds. Times in seconds; failed requests count in {@code requests} and {@code errors}
 * only.
 *
 * @param seconds that the rounds took together
 * @param good how many requests were within the bounds
 * @param perToken of each request, mean time between its tokens
 * @param clientMicrosPerToken CPU time of this process a token received
 * @param tokensPerSecondByRound tokens out, round by round: how steady the figure is
 */
public record Summary(
        long requests,
        Map<String, Long> errors,
        double seconds,
        long promptTokens,
        long cachedTokens,
        long outputTokens,
        long good,
        Samples firstToken,
        Samples gaps,
        Samples perToken,
        Samples endToEnd,
        double clientMicrosPerToken,
        List<Double> tokensPerSecondByRound) {

    public static Summary of(List<RunResult> rounds, Bounds bounds) {
        List<Exchange> all =
                rounds.stream().flatMap(round -> round.exchanges().stream()).toList();
        List<Exchange> done = all.stream().filter(Exchange::isDone).toList();
        long outputTokens = outputTokens(done);
        double cpu = rounds.stream().mapToDouble(RunResult::clientCpuSeconds).sum();
        return new Summary(
                all.size(),
                all.stream()
                        .flatMap(exchange -> exchange.error().stream())
                        .collect(groupingBy(error -> error, TreeMap::new, counting())),
                rounds.stream().mapToDouble(RunResult::seconds).sum(),
                done.stream().mapToLong(Exchange::promptTokens).sum(),
                done.stream().mapToLong(Exchange::cachedTokens).sum(),
                outputTokens,
                done.stream().filter(bounds::holds).count(),
                samples(done, Exchange::firstToken),
                Samples.merged(done.stream().map(Exchange::gaps).toList()),
                samples(done, Exchange::secondsPerToken),
                samples(done, Exchange::seconds),
                cpu * 1e6 / outputTokens,
                rounds.stream()
                        .map(round -> outputTokens(round.exchanges()) / round.seconds())
                        .toList());
    }

    public long failed() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    public long done() {
        return requests - failed();
    }

    public double tokensPerSecond() {
        return outputTokens / seconds;
    }

    public double promptTokensPerSecond() {
        return promptTokens / seconds;
    }

    public double requestsPerSecond() {
        return done() / seconds;
    }

    /** @return requests within the bounds, a second */
    public double goodput() {
        return good / seconds;
    }

    public double promptTokensPerRequest() {
        return (double) promptTokens / done();
    }

    public double cachedTokensPerRequest() {
        return (double) cachedTokens / done();
    }

    public double outputTokensPerRequest() {
        return (double) outputTokens / done();
    }

    private static long outputTokens(List<Exchange> exchanges) {
        return exchanges.stream()
                .filter(Exchange::isDone)
                .mapToLong(Exchange::outputTokens)
                .sum();
    }

    private static Samples samples(List<Exchange> done, ToDoubleFunction<Exchange> value) {
        return Samples.of(
                done.stream().mapToDouble(value).filter(Double::isFinite).toArray());
    }
}
