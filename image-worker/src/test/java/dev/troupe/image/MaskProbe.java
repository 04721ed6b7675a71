package dev.troupe.image;

/** What a mask says, for tests of other packages. */
public final class MaskProbe {
    private MaskProbe() {}

    public static Picture over(Picture above, Picture below, Mask mask) {
        return above.over(below, mask);
    }
}
