package dev.troupe.router.api;

/** Carries an {@link ApiError} to whoever answers the request. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    public ApiException(ApiError error) {
        // No stack trace: the fault is the request's, and hostile ones come by the thousand.
        super(error.message(), null, false, false);
        this.error = error;
    }

    public ApiError error() {
        return error;
    }
}
