package dev.troupe.router.http;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far a stream has been told: what stands in an event's {@code id}. It speaks of tokens, not of events, since how tokens are bundled
 * into events depends on the moment; so any router can go on from it.
 *
 * <p>For each choice a number: 0 before its first event, else 1 + 3·t + s, where t is how many tokens have led to the text that was told,
 * and s is 0 in the middle, 1 when all text has been told, and 2 when its end has, too. Numbers are parted by dots. After the usage it is
 * {@code u}, after {@code [DONE]} it is {@code d}.
 */
final class StreamPosition {
    private static final int BEFORE = 0;
    private static final int OPEN = 1;
    private static final int STAGES = 3;
    private static final Pattern FORM = Pattern.compile("\\d{1,9}(\\.\\d{1,9})*");

    static final String USAGE = "u";
    static final String DONE = "d";

    private final int[] choices;

    private StreamPosition(int[] choices) {
        this.choices = choices;
    }

    static StreamPosition begin(int choices) {
        return new StreamPosition(new int[choices]);
    }

    /** @return empty when it is none of a stream with so many choices; {@link #USAGE} and {@link #DONE} are the end of every choice */
    static Optional<StreamPosition> parse(String id, int choices) {
        if (id.equals(USAGE) || id.equals(DONE)) {
            int[] ends = new int[choices];
            Arrays.fill(ends, STAGES);
            return Optional.of(new StreamPosition(ends));
        }
        if (!FORM.matcher(id).matches()) {
            return Optional.empty();
        }
        int[] numbers = Pattern.compile("\\.")
                .splitAsStream(id)
                .mapToInt(Integer::parseInt)
                .toArray();
        return numbers.length == choices ? Optional.of(new StreamPosition(numbers)) : Optional.empty();
    }

    StreamPosition copy() {
        return new StreamPosition(choices.clone());
    }

    boolean isOpen(int choice) {
        return choices[choice] != BEFORE;
    }

    int tokens(int choice) {
        return Math.max(0, choices[choice] - OPEN) / STAGES;
    }

    boolean isAllText(int choice) {
        return isOpen(choice) && (choices[choice] - OPEN) % STAGES >= 1;
    }

    boolean isEnd(int choice) {
        return isOpen(choice) && (choices[choice] - OPEN) % STAGES == 2;
    }

    void open(int choice) {
        choices[choice] = Math.max(choices[choice], OPEN);
    }

    void text(int choice, int tokens, boolean allText) {
        choices[choice] = OPEN + STAGES * tokens + (allText ? 1 : 0);
    }

    void end(int choice, int tokens) {
        choices[choice] = OPEN + STAGES * tokens + 2;
    }

    @Override
    public String toString() {
        return choices.length == 1
                ? Integer.toString(choices[0])
                : Arrays.stream(choices).mapToObj(Integer::toString).collect(Collectors.joining("."));
    }
}
