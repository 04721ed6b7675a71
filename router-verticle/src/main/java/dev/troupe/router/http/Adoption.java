package dev.troupe.router.http;

import dev.troupe.cache.journal.ChoiceLog;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.stream.ChoiceStream;
import dev.troupe.router.tenant.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes on with what dead routers have left, without a client until one comes for it. */
public final class Adoption {
    private static final Logger log = LoggerFactory.getLogger(Adoption.class);

    private final HttpParts parts;
    private final long mostWaitMillis;
    private List<Orphan> waiting = new ArrayList<>();

    /** @param mostWaitMillis for a model to become known here */
    public Adoption(HttpParts parts, long mostWaitMillis) {
        this.parts = parts;
        this.mostWaitMillis = mostWaitMillis;
    }

    /** @param deaths of replicas at which it may have been running */
    private record Orphan(JournaledStream stream, int deaths, long since) {}

    /** @param replicaDied whether a replica died together with its router */
    public void take(List<JournaledStream> streams, boolean replicaDied) {
        if (!streams.isEmpty()) {
            log.info("Going on with {} requests of a router that is gone", streams.size());
        }
        for (JournaledStream stream : streams) {
            adopt(new Orphan(stream, replicaDied ? stream.deaths() : 0, now()));
        }
    }

    /** Tries those again whose model was not known. */
    public void tick() {
        List<Orphan> again = waiting;
        waiting = new ArrayList<>();
        again.forEach(this::adopt);
    }

    private void adopt(Orphan orphan) {
        JournaledStream stream = orphan.stream();
        String id = stream.head().streamId();
        if (parts.exchanges().has(id) || parts.book().isClosing(id)) {
            return;
        }
        Optional<Told> told = Told.of(stream.head(), parts.models());
        if (told.isPresent()) {
            begin(orphan, told.get());
        } else if (now() - orphan.since() < mostWaitMillis) {
            waiting.add(orphan);
        } else {
            ApiError error = ApiError.unavailable("no_replica", "No replica serves this answer's model any more.", 1);
            parts.book().close(id, stream.term(), List.of(), Outcome.failed(StreamBook.text(error)));
        }
    }

    private void begin(Orphan orphan, Told told) {
        JournaledStream stream = orphan.stream();
        String id = stream.head().streamId();
        // An answer that is told whole, on a connection that is gone, to somebody who has no name for it: nobody can
        // come for it.
        if (!stream.head().kept() && !told.options().stream()) {
            parts.book().close(id, stream.term(), List.of(), Outcome.CANCELLED);
            return;
        }
        Exchange exchange = parts.exchanges().adopt(id, stream.head().route(), caller(stream.head()));
        exchange.model(told.model().id());
        exchange.adopted(stream.head());
        ConversationTurn.resume(parts.conversations(), exchange, told, said(told, stream))
                .onSuccess(resumed -> exchange.begin(
                        Unheard.ANSWER,
                        told.specs(exchange.share()),
                        told.inheritances(stream, orphan.deaths()),
                        parts.generations()));
    }

    private Caller caller(StreamHead head) {
        return parts.ring().get().of(head.tenant(), head.keyId());
    }

    /** @return what the first choice has said so far */
    private static String said(Told told, JournaledStream stream) {
        ChoiceStream choice = new ChoiceStream(
                told.model().tokenizer(),
                told.stops(),
                told.head().prompts().get(0).sampling().stopTokens());
        ChoiceLog log = stream.choices().get(0);
        choice.feed(log.tokens(), log.logprobs(), log.finish());
        return choice.take().text();
    }

    private long now() {
        return parts.clock().getAsLong();
    }
}
