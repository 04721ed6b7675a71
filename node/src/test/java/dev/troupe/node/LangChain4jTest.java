package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** LangChain4j, unchanged, against a real server. */
class LangChain4jTest {
    private static final String SUM = "12 + 30 =";
    private static final String ANSWER = "The answer is 12 + 30 = 32.";

    @Test
    void wholeAnswerComesThrough() {
        assertThat(model(TroupeProcess.MODEL, 0).chat(SUM)).startsWith(ANSWER);
    }

    @Test
    void streamAddsUpToTheWholeAnswer() throws Exception {
        OpenAiStreamingChatModel streaming = OpenAiStreamingChatModel.builder()
                .baseUrl(SharedServer.url() + "/v1")
                .apiKey("unused")
                .modelName(TroupeProcess.MODEL)
                .temperature(0.0)
                .maxTokens(24)
                .build();
        StringBuilder pieces = new StringBuilder();
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

        streaming.chat(SUM, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                pieces.append(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                whole.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                whole.completeExceptionally(error);
            }
        });

        ChatResponse response = whole.get(2, TimeUnit.MINUTES);
        assertThat(pieces.toString())
                .startsWith(ANSWER)
                .isEqualTo(response.aiMessage().text());
        assertThat(response.tokenUsage().outputTokenCount()).isBetween(10, 24);
    }

    @Test
    void errorsBecomeTheClientsOwn() {
        assertThatThrownBy(() -> model("no-such-model", 0).chat(SUM)).isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> model(TroupeProcess.MODEL, 9).chat(SUM))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("temperature");
    }

    private static OpenAiChatModel model(String name, double temperature) {
        return OpenAiChatModel.builder()
                .baseUrl(SharedServer.url() + "/v1")
                .apiKey("unused")
                .modelName(name)
                .temperature(temperature)
                .maxTokens(24)
                .maxRetries(0)
                .build();
    }
}
