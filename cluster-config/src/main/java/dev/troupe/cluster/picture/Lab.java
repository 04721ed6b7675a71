package dev.troupe.cluster.picture;

/**
 * A colour as CIE 1976 L*a*b* under D65, where equal distances look about equally far apart.
 *
 * @param lightness 0 (black) to 100 (white)
 * @param a from green (negative) to red
 * @param b from blue (negative) to yellow
 * @see <a href="https://cie.co.at/publications/colorimetry-4th-edition">CIE 15, Colorimetry</a>
 */
public record Lab(double lightness, double a, double b) {
    /** White of sRGB, D65. */
    private static final double WHITE_X = 0.95047;

    private static final double WHITE_Z = 1.08883;

    /** Below this share of white the cube root gives way to a line: (6/29)³. */
    private static final double LINEAR = 216.0 / 24_389;

    /** @param rgb sRGB, 0xRRGGBB; higher bits do not count */
    public static Lab ofSrgb(int rgb) {
        double red = linear(rgb >> 16 & 0xff);
        double green = linear(rgb >> 8 & 0xff);
        double blue = linear(rgb & 0xff);
        double x = root((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / WHITE_X);
        double y = root(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue);
        double z = root((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / WHITE_Z);
        return new Lab(116 * y - 16, 500 * (x - y), 200 * (y - z));
    }

    /** Distance of 1976 (CIE76); about 2.3 is the least that people see. */
    public double distance(Lab other) {
        return Math.hypot(Math.hypot(lightness - other.lightness, a - other.a), b - other.b);
    }

    /** How colourful it is: 0 for gray. */
    public double chroma() {
        return Math.hypot(a, b);
    }

    /** IEC 61966-2-1. */
    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static double root(double share) {
        return share > LINEAR ? Math.cbrt(share) : (24_389.0 / 27 * share + 16) / 116;
    }
}
