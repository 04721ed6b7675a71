package dev.troupe.router.picture;

import dev.troupe.cluster.picture.EncodedPicture;

/** Nobody waits at this router. */
final class Unheard implements PictureListener {
    static final PictureListener LISTENER = new Unheard();

    @Override
    public void moved(PictureStatus status) {
        // Whoever wants to know asks.
    }

    @Override
    public void preview(int index, EncodedPicture picture) {
        // As above.
    }

    @Override
    public void ended(PictureStatus status) {
        // As above.
    }
}
