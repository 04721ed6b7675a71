package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

/**
 * Router to router: the client of a stream that you work on does not want it any more, and the journal has that. Lost: the owner hears it
 * from the journal with the next token. Doubled or late: nothing is left to stop.
 */
public record StopStream(String streamId) {
    public StopStream {
        notBlank("streamId", streamId);
    }
}
