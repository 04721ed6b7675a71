package dev.troupe.router.refine;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A language model that is asked where the rules have words left over. */
@FunctionalInterface
public interface TurnRewriter {
    /**
     * Makes one prompt of a prompt and a remark on its picture. Whoever implements this promises nothing: what comes back is checked, and what
     * does not come in time is not waited for.
     *
     * @param prompt of the picture that the turn is about
     * @param words of the turn
     * @return the whole new prompt, or empty where it has none; on any thread
     */
    CompletionStage<Optional<String>> rewrite(String prompt, String words);
}
