package dev.troupe.router.picture;

import dev.troupe.cluster.picture.EncodedPicture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fault of whoever listens must not harm the job. */
record GuardedListener(PictureListener listener) implements PictureListener {
    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    @Override
    public void moved(PictureStatus status) {
        guarded(() -> listener.moved(status));
    }

    @Override
    public void preview(int index, EncodedPicture picture) {
        guarded(() -> listener.preview(index, picture));
    }

    @Override
    public void ended(PictureStatus status) {
        guarded(() -> listener.ended(status));
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            log.error("Whoever waits for a picture failed", e);
        }
    }
}
