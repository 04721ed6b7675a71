package dev.troupe.image.codec;

/** The letters AI in a corner, drawn by hand: a server need not have fonts. */
final class VisibleMark {
    private static final String[] LETTERS = {
        " ### ###", //
        "#   # # ",
        "#   # # ",
        "##### # ",
        "#   # # ",
        "#   # # ",
        "#   ####"
    };
    private static final int EDGE = 2;
    /** Pixels of the shorter side for each that a pixel of a letter is wide. */
    private static final int SHARE = 160;

    private VisibleMark() {}

    static Pixels on(Pixels plain) {
        int scale = Math.max(1, Math.min(plain.width(), plain.height()) / SHARE);
        int cols = LETTERS[0].length() + 2 * EDGE;
        int rows = LETTERS.length + 2 * EDGE;
        int[] argb = plain.argb().clone();
        for (int y = 0; y < rows * scale; y++) {
            for (int x = 0; x < cols * scale; x++) {
                int toX = plain.width() - (cols + 1) * scale + x;
                int toY = plain.height() - (rows + 1) * scale + y;
                if (toX >= 0 && toY >= 0) {
                    int at = toY * plain.width() + toX;
                    argb[at] = isInk(x / scale - EDGE, y / scale - EDGE) ? 0xffffffff : darkened(argb[at]);
                }
            }
        }
        return new Pixels(plain.width(), plain.height(), argb);
    }

    private static boolean isInk(int x, int y) {
        return y >= 0 && y < LETTERS.length && x >= 0 && x < LETTERS[y].length() && LETTERS[y].charAt(x) == '#';
    }

    /** A third of its light, and opaque, so that white letters stand on it whatever is there. */
    private static int darkened(int pixel) {
        int red = (pixel >> 16 & 0xff) / 3;
        int green = (pixel >> 8 & 0xff) / 3;
        int blue = (pixel & 0xff) / 3;
        return 0xff000000 | (red << 16) | (green << 8) | blue;
    }
}
