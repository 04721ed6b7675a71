package dev.troupe.router.http;

import dev.troupe.router.api.ApiError;
import dev.troupe.router.stream.Delta;

/** An answer without a client: the journal has it, for whoever comes for it. */
final class Unheard implements Answer {
    static final Unheard ANSWER = new Unheard();

    private Unheard() {}

    @Override
    public void start() {}

    @Override
    public void text(int index, Delta delta) {}

    @Override
    public void flush() {}

    @Override
    public void finish(Usage usage) {}

    @Override
    public void fail(ApiError error) {}

    @Override
    public boolean full() {
        return false;
    }

    @Override
    public void tick(long now) {}
}
