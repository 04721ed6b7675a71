package dev.troupe.image.codec;

/** A file is no picture that can be taken. The message says why, fit to be told to whoever sent it. */
public final class PictureException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    PictureException(String message) {
        super(message);
    }

    PictureException(String message, Throwable cause) {
        super(message, cause);
    }
}
