package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

/**
 * Router to the router that a job belongs to: where is it? Answered by {@link PicturePlace}. Lost: whoever asks is told what the journal knows.
 * Doubled or late: harmless.
 */
public record PictureQuestion(String pictureId) {
    public PictureQuestion {
        notBlank("pictureId", pictureId);
    }
}
