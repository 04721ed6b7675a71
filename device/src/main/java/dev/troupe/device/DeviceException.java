package dev.troupe.device;

/** The device or its runtime cannot do what was asked. The message is one line for the operator. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what was asked, what is wrong and what to do. */
    public DeviceException(String message) {
        super(message);
    }

    /** The same, with the runtime's own complaint as the cause. */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
