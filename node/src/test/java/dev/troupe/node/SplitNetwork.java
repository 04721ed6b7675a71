package dev.troupe.node;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** Three hosts with a process each, and a cable to each that can be cut. The tests' own requests do not go over those cables. */
interface SplitNetwork extends AutoCloseable {
    int HOSTS = 3;

    /** @param arguments of {@code troupe node} but for addresses and ports; the process joins those that are there */
    TroupeProcess start(int host, List<String> arguments) throws IOException;

    /** @return where its router answers */
    URI url(int host);

    /** From now on nothing passes between this host and the others, in neither direction, and no connection is seen to close. */
    void cut(int host);

    /** Everything passes again. */
    void heal();

    @Override
    void close();
}
