package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.stream.Delta;
import dev.troupe.router.stream.ScoredToken;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One JSON document at the end. */
final class WholeAnswer implements Answer {
    private final HttpServerResponse response;
    private final AnswerHead head;
    private final AnswerShape shape;
    private final List<Choice> choices;

    WholeAnswer(HttpServerResponse response, AnswerHead head, AnswerShape shape, int choices) {
        this.response = response;
        this.head = head;
        this.shape = shape;
        this.choices = Stream.generate(Choice::new).limit(choices).toList();
    }

    private static final class Choice {
        private final StringBuilder text = new StringBuilder();
        private final List<ScoredToken> scores = new ArrayList<>();
        private FinishReason finish = FinishReason.FAILED;
    }

    @Override
    public void start() {}

    @Override
    public void text(int index, Delta delta) {
        Choice choice = choices.get(index);
        choice.text.append(delta.text());
        choice.scores.addAll(delta.scores());
        delta.finish().ifPresent(finish -> choice.finish = finish);
    }

    @Override
    public void flush() {}

    @Override
    public void finish(Usage usage) {
        ObjectNode body = head.toJson(shape.object(false));
        ArrayNode array = body.putArray("choices");
        for (int i = 0; i < choices.size(); i++) {
            Choice choice = choices.get(i);
            array.add(shape.whole(i, choice.text.toString(), choice.scores, choice.finish));
        }
        body.set("usage", usage.toJson());
        Responses.json(response, 200, body);
    }

    @Override
    public void fail(ApiError error) {
        Responses.error(response, error);
    }

    @Override
    public boolean full() {
        return false;
    }

    @Override
    public void tick(long now) {}
}
