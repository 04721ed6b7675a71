package dev.troupe.router.picture;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Kept pictures as their tenants see them. Event loop only. */
public interface PictureLibrary extends PictureKeeper {
    /**
     * The newest first.
     *
     * @param after what is older than this one of the tenant's; none, where it has none of that id
     */
    Future<List<Kept>> page(String tenant, Optional<String> after, int most);

    /** @return whose picture that is; for nobody's eyes */
    Future<Optional<String>> owner(String id);

    /** @return completes when there is room left; fails with {@link dev.troupe.router.api.ApiException} when there is none */
    Future<Void> checkRoom(String tenant, Optional<String> keyId);
}
