package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.router.stream.ScoredToken;
import java.util.List;

/** How one route writes its answers, whole or in chunks. */
interface AnswerShape {
    /** @return what the field {@code object} says */
    String object(boolean stream);

    /** @return whether log-probabilities go with the text */
    boolean logprobs();

    /** @return what opens a choice in a stream, before any text; each is an entry of a chunk's {@code choices} */
    List<ObjectNode> opening(int index);

    /** @return an entry of a chunk's {@code choices} */
    ObjectNode delta(int index, String text, List<ScoredToken> scores);

    /** @return the last entry of a choice */
    ObjectNode finish(int index, FinishReason reason);

    /** @return an entry of a whole answer's {@code choices} */
    ObjectNode whole(int index, String text, List<ScoredToken> scores, FinishReason reason);

    /** OpenAI's word for why a text ended. */
    static String reason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED, FAILED, OUT_OF_MEMORY, LATE ->
                throw new IllegalArgumentException(reason + " is no end of an answer");
        };
    }
}
