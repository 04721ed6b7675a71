package dev.troupe.cache.limits;

import java.util.PriorityQueue;

/** A clock and what is to be done, for tests in no real time. What falls due at the same time is done in the order in which it was asked for. */
final class VirtualTime implements SharedLimits.Timer {
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private long now;
    private long count;

    private record Due(long atMillis, long number, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    long now() {
        return now;
    }

    @Override
    public Runnable after(long millis, Runnable task) {
        Due due = new Due(now + millis, count++, task);
        agenda.add(due);
        return () -> agenda.remove(due);
    }

    void pass(long millis) {
        long end = now + millis;
        while (!agenda.isEmpty() && agenda.peek().atMillis() <= end) {
            Due next = agenda.remove();
            now = next.atMillis();
            next.task().run();
        }
        now = end;
    }
}
