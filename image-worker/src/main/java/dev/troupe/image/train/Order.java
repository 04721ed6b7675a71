package dev.troupe.image.train;

import dev.troupe.image.train.Draws.Purpose;

/** An order of the numbers below some count, by number (Fisher, Yates, in Durstenfeld's form). */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Order(int[] numbers, long seed, long round) {
    /** The last one asked for: samples ask in turn, thousands of times for the same. */
    private static volatile Order last = new Order(new int[0], 0, -1);

    static Order of(long seed, long round, int count) {
        Order known = last;
        if (known.seed == seed && known.round == round && known.numbers.length == count) {
            return known;
        }
        var numbers = new int[count];
        var draws = new Draws(seed, Purpose.ORDER, round);
        for (int i = 0; i < count; i++) {
            int j = draws.below(i + 1);
            numbers[i] = numbers[j];
            numbers[j] = i;
        }
        Order order = new Order(numbers, seed, round);
        last = order;
        return order;
    }

    int at(int place) {
        return numbers[place];
    }
}
