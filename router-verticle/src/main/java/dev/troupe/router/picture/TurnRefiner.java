package dev.troupe.router.picture;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Makes a complete prompt out of what is said about pictures that were made before. Event loop only. */
public interface TurnRefiner {
    /**
     * The words are added to the prompt of the newest picture, and its noise is kept. Where nobody understands more than that.
     */
    TurnRefiner APPENDING = (before, words) -> {
        if (before.isEmpty()) {
            return Future.succeededFuture(new Refined(words, "", new Start.NewNoise(), Optional.empty(), List.of()));
        }
        Past newest = before.get(before.size() - 1);
        return Future.succeededFuture(new Refined(
                newest.prompt() + ", " + words,
                newest.negativePrompt(),
                new Start.SameNoise(newest.id()),
                Optional.of(newest.id()),
                List.of()));
    };

    /** @param before the pictures of the talk, the oldest first; may be none */
    Future<Refined> refine(List<Past> before, String words);

    /**
     * A picture of the talk.
     *
     * @param prompt complete, that it was made from
     * @param words that it was asked for with
     */
    record Past(String id, String prompt, String negativePrompt, long seed, String words) {
        /** Somebody's words are not for a log. */
        @Override
        public String toString() {
            return "Past[" + id + "]";
        }
    }

    /**
     * What a turn comes to.
     *
     * @param prompt complete, as the model shall read it
     * @param of the picture that the turn is about; empty when it begins anew
     * @param notes for whoever asked: what was understood, and what was not
     */
    record Refined(String prompt, String negativePrompt, Start start, Optional<String> of, List<String> notes) {
        public Refined {
            Objects.requireNonNull(prompt);
            Objects.requireNonNull(negativePrompt);
            Objects.requireNonNull(start);
            Objects.requireNonNull(of);
            notes = List.copyOf(notes);
        }

        /** Somebody's words are not for a log. */
        @Override
        public String toString() {
            return "Refined[" + start + "]";
        }
    }

    /** Where the picture starts from. */
    sealed interface Start {
        record NewNoise() implements Start {}

        /** The seed of a picture of the talk and, where that started from a picture, that one too. */
        record SameNoise(String of) implements Start {}

        /** A picture of the talk; 0 is that picture as it is, 1 keeps next to nothing of it. */
        record FromPicture(String of, double strength) implements Start {}
    }
}
