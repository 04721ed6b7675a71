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
        return tooLong(request).or(() -> unknownToken(request));
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

    private Optional<Refused> unknownToken(GenerateRequest request) {
        TokenIds prompt = request.prompt();
        for (int i = 0; i < prompt.size(); i++) {
            if (prompt.get(i) < 0 || prompt.get(i) >= replica.vocabSize()) {
                return refused(
                        request,
                        ErrorCode.INVALID_REQUEST,
                        "token id " + prompt.get(i) + " at position " + i
                                + " of the prompt is outside the vocabulary of " + replica.vocabSize());
            }
        }
        return Optional.empty();
    }

    private static Optional<Refused> refused(GenerateRequest request, ErrorCode code, String message) {
        return Optional.of(new Refused(request.attempt(), code, message, 0));
    }
}
