package dev.troupe.batcher;

import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat.Full;
import dev.troupe.cluster.tenant.Priority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Whether a request may wait: how many do already, how long it would, and how long it can. */
final class QueueRules {
    private static final long LEAST_RETRY_MILLIS = 1_000;
    private static final long MOST_RETRY_MILLIS = 30_000;
    /** Routers are told of so many queues that are full. */
    private static final int MOST_FULL = 64;

    private final BatcherConfig config;
    private final FairQueue waiting;
    private final Pace pace;

    QueueRules(BatcherConfig config, FairQueue waiting, Pace pace) {
        this.config = config;
        this.waiting = waiting;
        this.pace = pace;
    }

    /** Whose request, of which class and weight. */
    private record Asker(String tenant, Priority priority, int weight) {}

    /** What another replica had admitted is not refused: the pool has said that it will end. */
    Optional<Refused> refusal(GenerateRequest request) {
        if (!request.begun().isEmpty()) {
            return Optional.empty();
        }
        Asker asker = new Asker(
                request.tenant(), request.share().priority(), request.share().weight());
        return full(request, asker).or(() -> late(request, asker));
    }

    private Optional<Refused> full(GenerateRequest request, Asker asker) {
        OptionalLong retry = retryAfter(asker, request.choices());
        if (retry.isEmpty()) {
            return Optional.empty();
        }
        String message = waiting.size() + " sequences are waiting, and this one would for about "
                + seconds(waitMillis(asker)) + " s; at most " + config.maxWaiting() + " may, for "
                + seconds(config.maxWaitMillis()) + " s. Try again in " + seconds(retry.getAsLong()) + " s";
        return Optional.of(new Refused(request.attempt(), ErrorCode.QUEUE_FULL, message, retry.getAsLong()));
    }

    private Optional<Refused> late(GenerateRequest request, Asker asker) {
        long wait = waitMillis(asker);
        long given = request.share().deadlineMillis().orElse(Long.MAX_VALUE);
        if (wait <= given) {
            return Optional.empty();
        }
        long retry = retry(wait - given);
        String message = "this request would begin in about " + wait + " ms, and its deadline is in " + given
                + " ms; allow more time, or try again in " + seconds(retry) + " s";
        return Optional.of(new Refused(request.attempt(), ErrorCode.DEADLINE_UNREACHABLE, message, retry));
    }

    /** @return whose requests of one choice would be refused, those of the longest queues */
    List<Full> full() {
        List<Full> full = new ArrayList<>();
        longestQueues().forEach(asker -> retryAfter(asker, 1)
                .ifPresent(retry -> full.add(new Full(asker.tenant, asker.priority, retry))));
        return full;
    }

    private Stream<Asker> longestQueues() {
        return askers().sorted(Comparator.comparingInt(
                                (Asker asker) -> waiting.of(asker.priority).size(asker.tenant))
                        .reversed())
                .limit(MOST_FULL);
    }

    private Stream<Asker> askers() {
        return Stream.of(Priority.values()).flatMap(priority -> {
            ClassQueue queue = waiting.of(priority);
            return queue.tenants().stream().map(tenant -> new Asker(tenant, priority, queue.weightOf(tenant)));
        });
    }

    /** @return when it is worth another try; empty when there is room */
    private OptionalLong retryAfter(Asker asker, int choices) {
        long wait = waitMillis(asker);
        if (isCrowded(asker, choices)) {
            // By then a quarter of what is ahead has begun.
            return OptionalLong.of(retry(wait / 4));
        }
        return wait > config.maxWaitMillis()
                ? OptionalLong.of(retry(wait - config.maxWaitMillis()))
                : OptionalLong.empty();
    }

    /** In a queue that is full a tenant may still have its part, so that another's flood does not keep it out: at worst as many again. */
    private boolean isCrowded(Asker asker, int choices) {
        if (waiting.size() + choices <= config.maxWaiting()) {
            return false;
        }
        long others = askers().filter(other -> !other.tenant.equals(asker.tenant) || other.priority != asker.priority)
                .mapToLong(Asker::weight)
                .sum();
        long part = (long) config.maxWaiting() * asker.weight / (asker.weight + others);
        return waiting.of(asker.priority).size(asker.tenant) + choices > part;
    }

    private long waitMillis(Asker asker) {
        long ifNobodyCame = pace.waitMillis(waiting.ahead(asker.tenant, asker.priority, asker.weight));
        return Math.max(ifNobodyCame, waiting.of(asker.priority).waitMillis(asker.tenant));
    }

    private static long retry(long millis) {
        return Math.max(LEAST_RETRY_MILLIS, Math.min(MOST_RETRY_MILLIS, millis));
    }

    private static long seconds(long millis) {
        return (millis + 999) / 1_000;
    }
}
