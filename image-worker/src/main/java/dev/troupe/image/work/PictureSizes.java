package dev.troupe.image.work;

import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.picture.PictureSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which sizes may be asked for, and which one the model makes for each: what it was trained on, square, and from 256 pixels on also half as
 * wide or high again. Whatever is larger by a power of two is one of these, scaled; up to 512 pixels, or twice what the model makes.
 */
public final class PictureSizes {
    private static final int SCALED_UP_TO = 512;
    private static final int OBLONG_FROM = 256;

    private final Map<PictureModel.Size, Made> made = new LinkedHashMap<>();

    /** In pixels, as the model makes it. */
    public record Made(int width, int height) {}

    /**
     * @param side that the model was trained on, in pixels
     * @param factor that sides are multiples of
     */
    public PictureSizes(int side, int factor) {
        if (side < factor || side % factor != 0 || side > PictureSpec.MAX_SIDE) {
            throw new IllegalArgumentException("a model that makes pictures of " + side
                    + " pixels a side is none that this worker can run: a multiple of " + factor + " up to "
                    + PictureSpec.MAX_SIDE + " is");
        }
        List<Made> natives = new ArrayList<>(List.of(new Made(side, side)));
        int longer = side + side / 2;
        if (side >= OBLONG_FROM && longer % factor == 0 && longer <= PictureSpec.MAX_SIDE) {
            natives.add(new Made(longer, side));
            natives.add(new Made(side, longer));
        }
        int most = Math.min(PictureSpec.MAX_SIDE, Math.max(SCALED_UP_TO, 2 * side));
        for (Made one : natives) {
            for (int scale = 1; scale * Math.max(one.width(), one.height()) <= Math.max(most, longer); scale *= 2) {
                made.putIfAbsent(new PictureModel.Size(one.width() * scale, one.height() * scale), one);
            }
        }
    }

    /** What may be asked for, what the model makes first. */
    public List<PictureModel.Size> all() {
        return List.copyOf(made.keySet());
    }

    /** @throws IllegalArgumentException if that size is not made here; the message lists those that are */
    public Made made(int width, int height) {
        Made one = made.get(new PictureModel.Size(width, height));
        if (one == null) {
            throw new IllegalArgumentException("size " + width + "x" + height + " is not made by this model; ask for "
                    + made.keySet().stream().map(PictureModel.Size::toString).collect(Collectors.joining(", ")));
        }
        return one;
    }
}
