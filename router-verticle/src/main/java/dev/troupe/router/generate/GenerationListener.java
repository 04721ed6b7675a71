package dev.troupe.router.generate;

import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.stream.Delta;

/** Who asked. Exactly one of {@link #ended}, {@link #failed} and {@link #taken} is called, last; after a cancel none is. */
public interface GenerationListener {
    /** A replica has taken it; called once, before any text. */
    void admitted();

    /** Another replica goes on with it, and computes anew that many tokens at most. */
    void moved(int tokens);

    /** A number of tokens has come, whether or not their text is ready. */
    void received(int tokens);

    void text(int choice, Delta delta);

    /** All that one message brought has been told. */
    void flush();

    /** @return whether to hold back: while so, nothing is acknowledged, and the worker rests when its window is used up */
    boolean full();

    /** The tokens of a choice's whole text; told before {@link #ended}, of choices whose text is exactly its tokens. */
    default void spoken(int choice, TokenIds tokens) {}

    /** The journal has nothing of the request any more; it should be opened there again. Told again until it is. */
    void missing();

    /** All of it has been told. */
    void ended();

    void failed(ApiError error);

    /** The request is another router's now, or over: nothing more comes here. */
    void taken();
}
