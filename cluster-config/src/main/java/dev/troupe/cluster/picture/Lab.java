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

    /** Where, in the scale of lightness, the cube root gives way to a line. */
    private static final double EDGE = 6.0 / 29;

    /** @param rgb sRGB, 0xRRGGBB; higher bits do not count */
    public static Lab ofSrgb(int rgb) {
        return of((rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
    }

    /** @param rgb sRGB from 0 to 1 */
    public static Lab ofSrgb(float[] rgb) {
        return of(rgb[0], rgb[1], rgb[2]);
    }

    private static Lab of(double r, double g, double b) {
        double red = linear(r);
        double green = linear(g);
        double blue = linear(b);
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

    /** Angle in degrees from 0 to 360. */
    public double hue() {
        double degrees = Math.toDegrees(Math.atan2(b, a));
        return degrees < 0 ? degrees + 360 : degrees;
    }

    /** @param hue in degrees */
    public static Lab ofHue(double lightness, double chroma, double hue) {
        double angle = Math.toRadians(hue);
        return new Lab(lightness, chroma * Math.cos(angle), chroma * Math.sin(angle));
    }

    /**
     * The nearest colour that a screen shows: what is beyond is cut off.
     *
     * @param rgb where it is put, sRGB from 0 to 1
     */
    public void toSrgb(float[] rgb) {
        double fy = (lightness + 16) / 116;
        double x = WHITE_X * cube(fy + a / 500);
        double y = cube(fy);
        double z = WHITE_Z * cube(fy - b / 200);
        rgb[0] = display(3.2404542 * x - 1.5371385 * y - 0.4985314 * z);
        rgb[1] = display(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z);
        rgb[2] = display(0.0556434 * x - 0.2040259 * y + 1.0572252 * z);
    }

    /** IEC 61966-2-1. */
    private static double linear(double value) {
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static float display(double value) {
        double clipped = Math.min(1, Math.max(0, value));
        return (float) (clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * Math.pow(clipped, 1 / 2.4) - 0.055);
    }

    private static double root(double share) {
        return share > EDGE * EDGE * EDGE ? Math.cbrt(share) : share / (3 * EDGE * EDGE) + 4.0 / 29;
    }

    private static double cube(double root) {
        return root > EDGE ? root * root * root : 3 * EDGE * EDGE * (root - 4.0 / 29);
    }
}
