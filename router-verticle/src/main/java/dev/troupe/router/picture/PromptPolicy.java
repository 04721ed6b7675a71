package dev.troupe.router.picture;

import java.util.Optional;

/** What may be asked for. Any thread; quick. */
public interface PromptPolicy {
    /** Everything. */
    PromptPolicy NONE = prompt -> Optional.empty();

    /**
     * @param prompt complete, as the model would read it, or the words of a turn
     * @return why not, fit to be told to whoever asked; empty: it may be made
     */
    Optional<String> refuse(String prompt);
}
