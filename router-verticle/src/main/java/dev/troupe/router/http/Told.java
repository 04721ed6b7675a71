package dev.troupe.router.http;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.api.ApiRequest;
import dev.troupe.router.api.ChatRequest;
import dev.troupe.router.api.GenerationOptions;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.generate.Inheritance;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.stream.GenerationTracker.Pending;
import dev.troupe.router.stream.StopStrings;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A request as the journal has it, understood: how it is generated, and in what form it is told. The same on every router. */
record Told(StreamHead head, ApiRequest request, ServedModel model) {
    Told {
        requireNonNull(head);
        requireNonNull(request);
        requireNonNull(model);
    }

    /** @return empty while this router does not know the model, or when the route is none of ours */
    static Optional<Told> of(StreamHead head, Models models) {
        return Kind.of(head.route()).flatMap(kind -> models.withFingerprint(head.fingerprint())
                .map(model -> new Told(head, kind.read(head.body().toArray()), model)));
    }

    GenerationOptions options() {
        return request.options();
    }

    StopStrings stops() {
        return StopStrings.of(options().stop());
    }

    /** @param share where the request stands among others */
    List<GenerationSpec> specs(Share share) {
        StopStrings stops = stops();
        List<GenerationSpec> specs = new ArrayList<>();
        int firstChoice = 0;
        for (StreamHead.Prompt prompt : head.prompts()) {
            String id = head.prompts().size() == 1 ? head.streamId() : head.streamId() + "-" + specs.size();
            specs.add(new GenerationSpec(
                    id,
                    head.tenant(),
                    model,
                    prompt.tokens(),
                    prompt.choices(),
                    prompt.sampling(),
                    stops,
                    new GenerationSpec.Place(head.streamId(), specs.size(), firstChoice),
                    conversation(),
                    share));
            firstChoice += prompt.choices();
        }
        return specs;
    }

    /** @param deaths of replicas at which it may have been running */
    List<Inheritance> inheritances(JournaledStream stream, int deaths) {
        List<Inheritance> inheritances = new ArrayList<>();
        int choice = 0;
        for (StreamHead.Prompt prompt : head.prompts()) {
            List<Pending> written = new ArrayList<>();
            for (int i = 0; i < prompt.choices(); i++) {
                written.add(new Pending(i, stream.choices().get(choice)));
                choice++;
            }
            inheritances.add(
                    new Inheritance(stream.term(), deaths, stream.cachedTokens().get(inheritances.size()), written));
        }
        return inheritances;
    }

    /** @return id of the conversation that it is a turn of */
    Optional<String> conversation() {
        return request instanceof ChatRequest chat ? chat.conversation() : Optional.empty();
    }

    Replay replay(StreamPosition from) {
        return new Replay(head, model.tokenizer(), stops(), from);
    }

    StreamAnswer stream(
            HttpServerResponse response,
            RouterConfig config,
            LongSupplier clock,
            StreamPosition from,
            boolean usageTold) {
        return new StreamAnswer(
                response,
                answerHead(),
                shape(),
                head.choices(),
                options().includeUsage(),
                config.keepAlive().toMillis(),
                config.stall().toMillis(),
                clock,
                from,
                usageTold);
    }

    WholeAnswer whole(HttpServerResponse response) {
        return new WholeAnswer(response, answerHead(), shape(), head.choices());
    }

    private AnswerHead answerHead() {
        return new AnswerHead(head.streamId(), model.id(), model.systemFingerprint(), head.created());
    }

    private AnswerShape shape() {
        boolean logprobs = options().sampling().topLogprobs().isPresent();
        return request instanceof ChatRequest
                ? new ChatShape(model.tokenizer(), logprobs)
                : new TextShape(model.tokenizer(), logprobs, echoes());
    }

    private List<String> echoes() {
        return head.prompts().stream()
                .flatMap(prompt -> Collections.nCopies(prompt.choices(), prompt.echo()).stream())
                .toList();
    }
}
