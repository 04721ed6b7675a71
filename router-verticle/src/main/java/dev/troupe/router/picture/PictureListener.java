package dev.troupe.router.picture;

import dev.troupe.cluster.picture.EncodedPicture;

/** Who waits for a picture. Called on the router's event loop, in this order; after {@link #ended} nothing follows. */
public interface PictureListener {
    /** It waits elsewhere in the queue, or a step has been done. Some may be left out. */
    void moved(PictureStatus status);

    /**
     * What it looks like on the way.
     *
     * @param index from 0
     */
    void preview(int index, EncodedPicture picture);

    /**
     * It is over: kept, failed or cancelled. Exactly once. One that another router goes on with, since this one leaves or has lost sight of its
     * pool, ends here as failed with the code {@code moved} or {@code no_majority}; {@link Pictures#status} of any router knows of it.
     */
    void ended(PictureStatus status);
}
