package dev.troupe.batcher;

import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.TokenIds;
import java.util.Optional;

/** What a replica cannot take, apart from how many it can take. */
final class AdmissionRules {
    private final ReplicaSpec replica;
    private final int longest;

    AdmissionRules(ReplicaSpec replica) {
        this.replica = replica;
        this.longest = Math.min(replica.contextLength(), replica.kv().slabTokens());
    }

    Optional<Refused> refusal(GenerateRequest request) {
        return tooLong(request)
                .or(() -> unknownToken(request, "the prompt", request.prompt()))
                .or(() -> request.begun().stream()
                        .flatMap(begun -> unknownToken(request, "what was generated", begun.tokens()).stream())
                        .findFirst())
                .or(() -> nothingLeft(request));
    }

    /** The context cuts an answer short; the memory must hold all that the context lets through. */
    private Optional<Refused> tooLong(GenerateRequest request) {
        int prompt = request.prompt().size();
        int answer = request.sampling().maxTokens();
        long wanted = Math.min((long) prompt + answer, replica.contextLength());
        if (prompt < replica.contextLength() && wanted <= longest) {
            return Optional.empty();
        }
        return refused(
                request,
                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                "a prompt of " + prompt + " tokens and an answer of up to " + answer + " do not fit into " + longest
                        + "; shorten the prompt or ask for fewer tokens");
    }

    private Optional<Refused> unknownToken(GenerateRequest request, String where, TokenIds tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i) < 0 || tokens.get(i) >= replica.vocabSize()) {
                return refused(
                        request,
                        ErrorCode.INVALID_REQUEST,
                        "token id " + tokens.get(i) + " at position " + i + " of " + where
                                + " is outside the vocabulary of " + replica.vocabSize());
            }
        }
        return Optional.empty();
    }

    /** A router that moves a request has seen where it ends; one that has not is mistaken, and nobody would end it. */
    private Optional<Refused> nothingLeft(GenerateRequest request) {
        int room = Math.min(
                request.sampling().maxTokens(),
                replica.contextLength() - request.prompt().size());
        boolean allEnded =
                !request.begun().isEmpty() && request.begun().stream().allMatch(GenerateRequest.Begun::ended);
        boolean oneIsFull = request.begun().stream()
                .anyMatch(begun -> !begun.ended() && begun.tokens().size() >= room);
        return allEnded || oneIsFull
                ? refused(request, ErrorCode.INVALID_REQUEST, "there is nothing left to generate")
                : Optional.empty();
    }

    private static Optional<Refused> refused(GenerateRequest request, ErrorCode code, String message) {
        return Optional.of(new Refused(request.attempt(), code, message, 0));
    }
}
