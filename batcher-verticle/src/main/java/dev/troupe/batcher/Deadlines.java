package dev.troupe.batcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Until when requests must have their first token, for those that say so. */
final class Deadlines {
    private record Deadline(long atMillis, LiveRequest request) {}

    private final PriorityQueue<Deadline> next = new PriorityQueue<>(Comparator.comparingLong(Deadline::atMillis));

    void add(LiveRequest request, long nowMillis) {
        request.message()
                .share()
                .deadlineMillis()
                .ifPresent(given -> next.add(new Deadline(nowMillis + given, request)));
    }

    /** @return whose deadline has passed and who has no token; each once */
    List<LiveRequest> passed(long nowMillis) {
        List<LiveRequest> late = new ArrayList<>();
        while (!next.isEmpty() && next.peek().atMillis <= nowMillis) {
            LiveRequest request = next.remove().request;
            if (request.sequences().stream().allMatch(sequence -> sequence.generated() == 0)) {
                late.add(request);
            }
        }
        return late;
    }
}
