package dev.troupe.batcher.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;

/** Time, and a wire that loses, doubles, delays and reorders by a seed. */
public final class SimNetwork {
    private record Event(long atMillis, long order, Runnable what) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::order));
    private final Random random;
    private final double trouble;
    private boolean calm;
    private long nowMillis;
    private long order;

    /** @param trouble chance of a message to be lost; as many are doubled, and as many come seconds late */
    public SimNetwork(Random random, double trouble) {
        this.random = random;
        this.trouble = trouble;
    }

    public long now() {
        return nowMillis;
    }

    /** From now on everything arrives. */
    public void calm() {
        calm = true;
    }

    public void at(long inMillis, Runnable what) {
        events.add(new Event(nowMillis + inMillis, order++, what));
    }

    /** @return false when nothing will ever happen again */
    public boolean next() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        nowMillis = event.atMillis;
        event.what.run();
        return true;
    }

    public void send(Runnable delivery) {
        int copies = strikes() ? 0 : strikes() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            at(strikes() ? random.nextInt(8_000) : 1 + random.nextInt(5), delivery);
        }
    }

    /** A question whose answer may be lost too; after the timeout silence is told instead. */
    public <R> void request(Consumer<Consumer<R>> question, long timeoutMillis, Consumer<R> answer, Runnable silence) {
        boolean[] over = new boolean[1];
        send(() -> question.accept(reply -> send(() -> {
            if (!over[0]) {
                over[0] = true;
                answer.accept(reply);
            }
        })));
        at(timeoutMillis, () -> {
            if (!over[0]) {
                over[0] = true;
                silence.run();
            }
        });
    }

    private boolean strikes() {
        return !calm && random.nextDouble() < trouble;
    }
}
