package dev.troupe.image.train;

/**
 * Colours as the eye weighs them: CIE 1976 L*a*b* under D65 (CIE 015:2018, section 8.2.1), from and to sRGB (IEC 61966-2-1).
 *
 * @param l lightness from 0 to 100
 * @param a from green to red
 * @param b from blue to yellow
 */
record Lab(double l, double a, double b) {
    private static final double WHITE_X = 0.95047;
    private static final double WHITE_Z = 1.08883;
    private static final double EDGE = 6.0 / 29;

    static Lab ofRgb(float[] rgb) {
        double r = linear(rgb[0]);
        double g = linear(rgb[1]);
        double b = linear(rgb[2]);
        double x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE_X);
        double y = f(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
        double z = f((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / WHITE_Z);
        return new Lab(116 * y - 16, 500 * (x - y), 200 * (y - z));
    }

    /** Distance from grey. */
    double chroma() {
        return Math.hypot(a, b);
    }

    /** Angle in degrees from 0 to 360. */
    double hue() {
        double degrees = Math.toDegrees(Math.atan2(b, a));
        return degrees < 0 ? degrees + 360 : degrees;
    }

    static Lab ofHue(double lightness, double chroma, double hue) {
        double angle = Math.toRadians(hue);
        return new Lab(lightness, chroma * Math.cos(angle), chroma * Math.sin(angle));
    }

    /** The nearest colour that a screen shows: what is beyond is cut off. */
    void toRgb(float[] rgb) {
        double fy = (l + 16) / 116;
        double x = WHITE_X * inverse(fy + a / 500);
        double y = inverse(fy);
        double z = WHITE_Z * inverse(fy - b / 200);
        rgb[0] = display(3.2404542 * x - 1.5371385 * y - 0.4985314 * z);
        rgb[1] = display(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z);
        rgb[2] = display(0.0556434 * x - 0.2040259 * y + 1.0572252 * z);
    }

    private static double f(double t) {
        return t > EDGE * EDGE * EDGE ? Math.cbrt(t) : t / (3 * EDGE * EDGE) + 4.0 / 29;
    }

    private static double inverse(double t) {
        return t > EDGE ? t * t * t : 3 * EDGE * EDGE * (t - 4.0 / 29);
    }

    private static double linear(double v) {
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    private static float display(double v) {
        double clipped = Math.min(1, Math.max(0, v));
        return (float) (clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * Math.pow(clipped, 1 / 2.4) - 0.055);
    }
}
