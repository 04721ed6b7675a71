package dev.troupe.router.picture;

import dev.troupe.cluster.picture.EncodedPicture;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Where finished pictures are kept, and from where every router of the pool reads them. Event loop only. */
public interface PictureKeeper {
    /**
     * Keeps a picture and accounts for it. Doing it twice does it once.
     *
     * @param warnings for whoever asked, such as a prompt that was cut
     * @return completes when it outlasts this process; fails with {@link dev.troupe.router.api.ApiException} when it must not be kept, such as
     *     for want of room, and with anything else when it could not be, and then it may be tried again
     */
    Future<Void> keep(PictureOrder order, EncodedPicture picture, List<String> warnings);

    /** @return empty when this tenant has none of that id */
    Future<Optional<Kept>> find(String tenant, String id);

    /**
     * Its bytes.
     *
     * @return empty when this tenant has none of that id
     */
    Future<Optional<EncodedPicture>> content(String tenant, String id);

    /** Pictures of a conversation, oldest first. */
    Future<List<Kept>> conversation(String tenant, String conversation);

    /** @return whether there was one */
    Future<Boolean> delete(String tenant, String id);

    /** A picture without its bytes. */
    record Kept(PictureOrder order, int bytes, List<String> warnings) {
        public Kept {
            warnings = List.copyOf(warnings);
        }
    }
}
