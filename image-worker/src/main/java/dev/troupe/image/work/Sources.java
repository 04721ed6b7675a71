package dev.troupe.image.work;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureSource;

/** What files to start from take. */
final class Sources {
    private Sources() {}

    static int bytes(PictureSource source) {
        return source.picture().size() + source.mask().map(EncodedPicture::size).orElse(0);
    }
}
