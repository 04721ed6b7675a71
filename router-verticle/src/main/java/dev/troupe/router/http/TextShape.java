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

/**
 * {@code text_completion}, whole and in chunks.
 *
 * @param echoes text before each choice's own, by choice; empty without {@code echo}
 */
record TextShape(Tokenizer tokenizer, boolean logprobs, List<String> echoes) implements AnswerShape {
    TextShape {
        echoes = List.copyOf(echoes);
    }

    @Override
    public String object(boolean stream) {
        return "text_completion";
    }

    @Override
    public List<ObjectNode> opening(int index) {
        String echo = echoes.get(index);
        return echo.isEmpty() ? List.of() : List.of(entry(index, echo, NullNode.instance, null));
    }

    @Override
    public ObjectNode delta(int index, String text, List<ScoredToken> scores) {
        return entry(index, text, scores(scores), null);
    }

    @Override
    public ObjectNode finish(int index, FinishReason reason) {
        return entry(index, "", NullNode.instance, AnswerShape.reason(reason));
    }

    @Override
    public ObjectNode whole(int index, String text, List<ScoredToken> scores, FinishReason reason) {
        return entry(index, echoes.get(index) + text, scores(scores), AnswerShape.reason(reason));
    }

    private static ObjectNode entry(int index, String text, JsonNode logprobs, String reason) {
        ObjectNode entry = Json.object().put("text", text).put("index", index);
        entry.set("logprobs", logprobs);
        return entry.put("finish_reason", reason);
    }

    private JsonNode scores(List<ScoredToken> scores) {
        if (!logprobs) {
            return NullNode.instance;
        }
        ObjectNode all = Json.object();
        ArrayNode tokens = all.putArray("tokens");
        ArrayNode logprobs = all.putArray("token_logprobs");
        ArrayNode top = all.putArray("top_logprobs");
        ArrayNode offsets = all.putArray("text_offset");
        for (ScoredToken score : scores) {
            float logprob = Logprobs.finite(score.logprobs().logprob());
            tokens.add(name(score.token()));
            logprobs.add(logprob);
            offsets.add(score.textOffset());
            ObjectNode alternatives = top.addObject();
            for (Alternative alternative : score.logprobs().top()) {
                alternatives.put(name(alternative.token()), Logprobs.finite(alternative.logprob()));
            }
            // The chosen token is always among them, so there may be one more than was asked for.
            alternatives.put(name(score.token()), logprob);
        }
        return all;
    }

    private String name(int token) {
        TokenText text = TokenText.of(tokenizer, token);
        return text.whole() ? text.text() : "bytes:" + text.text();
    }
}
