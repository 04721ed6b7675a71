package dev.troupe.models;

/** A model file that cannot be used. The message is one line: which file, what is wrong with it, what to do. */
public final class ModelFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelFormatException(String message) {
        this(message, null);
    }

    public ModelFormatException(String message, Throwable cause) {
        // Names out of a hostile file may hold line breaks and terminal escapes.
        super(message.replaceAll("\\p{Cntrl}", "?"), cause);
    }
}
