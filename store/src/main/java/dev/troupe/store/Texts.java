package dev.troupe.store;

/**
 * Text as both engines can hold it: PostgreSQL refuses the character NUL, and half of a surrogate pair is no text in UTF-8. Either is
 * replaced by U+FFFD, so that no client's words can keep a row from being written.
 */
final class Texts {
    private static final char REPLACEMENT = '\uFFFD';

    private Texts() {}

    /** @param most chars; the rest is cut off */
    static String storable(String text, int most) {
        return storable(text.length() <= most ? text : text.substring(0, most));
    }

    static String storable(String text) {
        int bad = nextBad(text, 0);
        if (bad < 0) {
            return text;
        }
        StringBuilder changed = new StringBuilder(text);
        for (int at = bad; at >= 0; at = nextBad(text, at + 1)) {
            changed.setCharAt(at, REPLACEMENT);
        }
        return changed.toString();
    }

    /**
     * An id is not cut or changed, or it would be that of another.
     *
     * @param most chars
     */
    static String requireId(String what, String id, int most) {
        if (id.isEmpty() || id.length() > most || nextBad(id, 0) >= 0) {
            throw new IllegalArgumentException("a " + what + " has 1 to " + most + " characters without NUL");
        }
        return id;
    }

    /** @return where the first char from there on is that cannot be held; -1: nowhere */
    private static int nextBad(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                return i;
            }
        }
        return -1;
    }
}
