package dev.troupe.router.picture;

import dev.troupe.router.refine.Refinement;
import dev.troupe.router.refine.Refiner;
import dev.troupe.router.refine.Turn;
import io.vertx.core.Future;
import java.util.List;

/** Makes a complete prompt out of what is said about pictures that were made before. Event loop only. */
public interface TurnRefiner {
    /** Without a language model. */
    TurnRefiner BY_RULES = (before, words) -> Future.succeededFuture(new Refiner().refine(before, words));

    /** @param before the pictures of the talk, the oldest first; may be none */
    Future<Refinement> refine(List<Turn> before, String words);
}
