package dev.troupe.router.stream;

/**
 * Lets text through up to the first stop string and holds back whatever may be the beginning of one.
 *
 * <p>The first stop string to be complete wins, and of several that end at the same character the longest, so the cut does not depend
 * on how the text comes in pieces.
 */
final class StopCutter {
    private final StopStrings stops;
    private final int[] matched;
    private final StringBuilder held = new StringBuilder();
    private boolean cut;

    StopCutter(StopStrings stops) {
        this.stops = stops;
        this.matched = new int[stops.count()];
    }

    /** @return text that can no longer be part of a stop string */
    String feed(String text) {
        if (cut || text.isEmpty()) {
            return "";
        }
        if (matched.length == 0) {
            return text;
        }
        for (int i = 0; i < text.length() && !cut; ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            held.appendCodePoint(codePoint);
            advance(codePoint);
        }
        return cut ? release(held.length()) : release(held.length() - possibleStop());
    }

    /** @return what was held back, when the text ends without a stop string */
    String finish() {
        return cut ? "" : release(held.length());
    }

    /** @return whether a stop string has come; nothing follows it */
    boolean isCut() {
        return cut;
    }

    private void advance(int codePoint) {
        int longest = 0;
        for (int stop = 0; stop < matched.length; stop++) {
            matched[stop] = stops.advance(stop, matched[stop], codePoint);
            if (matched[stop] == stops.length(stop)) {
                longest = Math.max(longest, matched[stop]);
            }
        }
        if (longest > 0) {
            cut = true;
            held.setLength(held.offsetByCodePoints(held.length(), -longest));
        }
    }

    /** @return chars at the end of the text that a stop string may begin with */
    private int possibleStop() {
        int codePoints = 0;
        for (int length : matched) {
            codePoints = Math.max(codePoints, length);
        }
        return held.length() - held.offsetByCodePoints(held.length(), -codePoints);
    }

    private String release(int chars) {
        String released = held.substring(0, chars);
        held.delete(0, chars);
        return released;
    }
}
