package dev.troupe.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenLogprobs.Alternative;
import dev.troupe.models.tokenizer.Tokenizer;
import dev.troupe.router.api.Json;
import dev.troupe.router.stream.ScoredToken;
import java.util.List;

/** {@code chat.completion} and {@code chat.completion.chunk}. */
record ChatShape(Tokenizer tokenizer, boolean logprobs) implements AnswerShape {
    @Override
    public String object(boolean stream) {
        return stream ? "chat.completion.chunk" : "chat.completion";
    }

    @Override
    public List<ObjectNode> opening(int index) {
        ObjectNode delta =
                Json.object().put("role", "assistant").put("content", "").putNull("refusal");
        return List.of(entry(index, "delta", delta, NullNode.instance, null));
    }

    @Override
    public ObjectNode delta(int index, String text, List<ScoredToken> scores) {
        return entry(index, "delta", Json.object().put("content", text), scores(scores), null);
    }

    @Override
    public ObjectNode finish(int index, FinishReason reason) {
        return entry(index, "delta", Json.object(), NullNode.instance, AnswerShape.reason(reason));
    }

    @Override
    public ObjectNode whole(int index, String text, List<ScoredToken> scores, FinishReason reason) {
        ObjectNode message =
                Json.object().put("role", "assistant").put("content", text).putNull("refusal");
        message.putArray("annotations");
        return entry(index, "message", message, scores(scores), AnswerShape.reason(reason));
    }

    private static ObjectNode entry(int index, String field, ObjectNode content, JsonNode logprobs, String reason) {
        ObjectNode entry = Json.object().put("index", index);
        entry.set(field, content);
        entry.set("logprobs", logprobs);
        return entry.put("finish_reason", reason);
    }

    private JsonNode scores(List<ScoredToken> scores) {
        if (!logprobs) {
            return NullNode.instance;
        }
        ObjectNode all = Json.object();
        ArrayNode content = all.putArray("content");
        for (ScoredToken score : scores) {
            ObjectNode token = token(score.token(), score.logprobs().logprob());
            ArrayNode top = token.putArray("top_logprobs");
            for (Alternative alternative : score.logprobs().top()) {
                top.add(token(alternative.token(), alternative.logprob()));
            }
            content.add(token);
        }
        return all.putNull("refusal");
    }

    private ObjectNode token(int token, float logprob) {
        TokenText text = TokenText.of(tokenizer, token);
        ObjectNode node = Json.object().put("token", text.text()).put("logprob", Logprobs.finite(logprob));
        ArrayNode bytes = node.putArray("bytes");
        text.bytes().forEach(bytes::add);
        return node;
    }
}
