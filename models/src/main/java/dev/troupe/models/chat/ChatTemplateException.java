package dev.troupe.models.chat;

/** A conversation that cannot be rendered. The message is one line. */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean refusedByTemplate;

    private ChatTemplateException(String message, boolean refusedByTemplate, Throwable cause) {
        super(message.replaceAll("\\p{Cntrl}+", " ").strip(), cause);
        this.refusedByTemplate = refusedByTemplate;
    }

    static ChatTemplateException refused(String message) {
        return new ChatTemplateException(message, true, null);
    }

    static ChatTemplateException broken(String message, Throwable cause) {
        return new ChatTemplateException(message, false, cause);
    }

    /**
     * Whether the template itself refuses this conversation, with a reason written for whoever sent it (roles out of order,
     * say). Otherwise the template is at fault.
     */
    public boolean refusedByTemplate() {
        return refusedByTemplate;
    }
}
