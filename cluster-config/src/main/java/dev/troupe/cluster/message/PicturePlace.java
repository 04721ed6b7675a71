package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;

/**
 * Router to router, in answer to {@link PictureQuestion}: all numbers are 0 when the job is not here any more.
 *
 * @param place how many are before it, from 1; 0 once it has begun
 * @param done steps, of {@code of}
 */
public record PicturePlace(int place, int done, int of) {
    public PicturePlace {
        atLeast("place", place, 0);
        atLeast("done", done, 0);
        atLeast("of", of, done);
    }
}
