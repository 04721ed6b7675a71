package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Where an attempt at a picture is. Each event says all of it, so that only the last one counts. */
public sealed interface PictureEvent {
    Attempt attempt();

    /**
     * It has done no step here, or is in none now because another one must be made alone.
     *
     * @param place how many are before it, from 1
     */
    record Waiting(Attempt attempt, int place) implements PictureEvent {
        public Waiting {
            Objects.requireNonNull(attempt);
            atLeast("place", place, 1);
        }
    }

    /**
     * It has done a step.
     *
     * @param done steps of it, of {@code of}
     * @param checkpoint to go on from elsewhere; now and then
     * @param preview of the way, where one was asked for and has come to be
     */
    record Step(Attempt attempt, int done, int of, Optional<LatentCheckpoint> checkpoint, Optional<Preview> preview)
            implements PictureEvent {
        public Step {
            Objects.requireNonNull(attempt);
            atLeast("done", done, 0);
            atLeast("of", of, done);
            Objects.requireNonNull(checkpoint);
            Objects.requireNonNull(preview);
        }
    }

    /**
     * What it looks like on the way.
     *
     * @param index from 0
     */
    record Preview(int index, EncodedPicture picture) {
        public Preview {
            atLeast("index", index, 0);
            Objects.requireNonNull(picture);
        }
    }

    /**
     * It is done. The worker keeps it until {@link PictureAck}.
     *
     * @param warnings for whoever asked
     */
    record Made(Attempt attempt, EncodedPicture picture, List<String> warnings) implements PictureEvent {
        public Made {
            Objects.requireNonNull(attempt);
            Objects.requireNonNull(picture);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * It will not be made here. The worker says so until {@link PictureAck}.
     *
     * @param message for the user: what, and what to do
     */
    record Failed(Attempt attempt, ErrorCode code, String message) implements PictureEvent {
        public Failed {
            Objects.requireNonNull(attempt);
            Objects.requireNonNull(code);
            notBlank("message", message);
        }
    }
}
