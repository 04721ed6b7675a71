package dev.troupe.router.stream;

import java.util.List;

/** Stop strings of a request, prepared once and shared by its choices. Compared by code point, so that no character is ever cut in half. */
public final class StopStrings {
    public static final StopStrings NONE = new StopStrings(List.of());

    private final int[][] patterns;
    private final int[][] borders;

    private StopStrings(List<String> stops) {
        patterns = stops.stream().map(stop -> stop.codePoints().toArray()).toArray(int[][]::new);
        borders = new int[patterns.length][];
        for (int i = 0; i < patterns.length; i++) {
            borders[i] = borders(patterns[i]);
        }
    }

    /** @param stops none of them empty */
    public static StopStrings of(List<String> stops) {
        return stops.isEmpty() ? NONE : new StopStrings(stops);
    }

    int count() {
        return patterns.length;
    }

    int length(int stop) {
        return patterns[stop].length;
    }

    /** One step of Knuth, Morris and Pratt: how much of the stop string the text ends with, one code point later. */
    int advance(int stop, int matched, int codePoint) {
        int[] pattern = patterns[stop];
        int length = matched;
        while (length > 0 && (length == pattern.length || pattern[length] != codePoint)) {
            length = borders[stop][length - 1];
        }
        return pattern[length] == codePoint ? length + 1 : length;
    }

    /** For each prefix, the length of the longest proper prefix that is also its suffix. */
    private static int[] borders(int[] pattern) {
        int[] borders = new int[pattern.length];
        int length = 0;
        for (int i = 1; i < pattern.length; i++) {
            while (length > 0 && pattern[i] != pattern[length]) {
                length = borders[length - 1];
            }
            if (pattern[i] == pattern[length]) {
                length++;
            }
            borders[i] = length;
        }
        return borders;
    }
}
