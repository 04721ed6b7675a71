package dev.troupe.router.picture;

import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.router.picture.PictureOrder.Lineage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a request begins from, once its words are understood.
 *
 * @param prompt complete
 * @param seed that it must have; empty: any
 * @param parent what is not said is as it was there
 * @param notes for whoever asked
 */
public record Beginning(
        String prompt,
        String negativePrompt,
        OptionalLong seed,
        Optional<PictureSource> source,
        Optional<PictureSpec> parent,
        Lineage lineage,
        List<String> notes) {
    public Beginning {
        Objects.requireNonNull(prompt);
        Objects.requireNonNull(negativePrompt);
        Objects.requireNonNull(lineage);
        notes = List.copyOf(notes);
    }

    /** With nothing before it. */
    public static Beginning of(String prompt, Optional<PictureSource> source) {
        return new Beginning(
                prompt,
                "",
                OptionalLong.empty(),
                source,
                Optional.empty(),
                new Lineage(prompt, Optional.empty(), Optional.empty(), Optional.empty()),
                List.of());
    }

    /** Somebody's words are not for a log. */
    @Override
    public String toString() {
        return "Beginning[" + lineage + "]";
    }
}
