package dev.troupe.router.http;

import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.stream.Delta;
import io.vertx.core.Future;

/** What an answer is wanted for beside its client. After {@link #ended} or {@link #abandoned} there is no more text. */
interface AfterAnswer {
    AfterAnswer NOTHING = new AfterAnswer() {
        @Override
        public void text(int choice, Delta delta) {}

        @Override
        public void spoken(int choice, TokenIds tokens) {}

        @Override
        public Future<Void> ended() {
            return Future.succeededFuture();
        }

        @Override
        public void abandoned() {}
    };

    void text(int choice, Delta delta);

    /** The tokens of a choice's whole text, when it is exactly they. */
    void spoken(int choice, TokenIds tokens);

    /** The whole answer has come. @return completes when the client may be told so; its failure is the client's too */
    Future<Void> ended();

    /** The answer was cancelled or failed, perhaps after {@link #ended}. */
    void abandoned();
}
