package dev.troupe.router.refine;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a turn comes to.
 *
 * @param prompt complete, as the picture model shall read it
 * @param negativePrompt what it shall not show; may be empty
 * @param of the picture that the turn is about; empty when it begins anew
 * @param understood what is done, in words for whoever asked
 * @param unclear the words that no rule understands; they are in the prompt as they were said
 */
public record Refinement(
        String prompt,
        String negativePrompt,
        Start start,
        Optional<String> of,
        List<String> understood,
        List<String> unclear) {
    public Refinement {
        Objects.requireNonNull(prompt);
        Objects.requireNonNull(negativePrompt);
        Objects.requireNonNull(start);
        Objects.requireNonNull(of);
        understood = List.copyOf(understood);
        unclear = List.copyOf(unclear);
    }

    /** Somebody's words are not for a log. */
    @Override
    public String toString() {
        return "Refinement[" + start + "]";
    }
}
