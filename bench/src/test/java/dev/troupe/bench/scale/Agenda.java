package dev.troupe.bench.scale;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What happens when, in virtual nanoseconds. Of two things at one time the one planned first happens first. */
final class Agenda {
    private record Event(long at, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long planned;

    long now() {
        return now;
    }

    /** @throws IllegalArgumentException when that time is over */
    void at(long time, Runnable action) {
        if (time < now) {
            throw new IllegalArgumentException("it is " + now + ", too late for " + time);
        }
        events.add(new Event(time, planned++, action));
    }

    /** Runs all that happens until then, and what follows from it until then. */
    void runUntil(long end) {
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event event = events.poll();
            now = event.at();
            event.action().run();
        }
        now = end;
    }
}
