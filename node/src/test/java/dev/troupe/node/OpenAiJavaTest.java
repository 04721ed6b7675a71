package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client, unchanged, against a real server. */
class OpenAiJavaTest {
    private static OpenAIClient client;

    @BeforeAll
    static void connect() {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(SharedServer.url() + "/v1")
                .apiKey("unused")
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Test
    void wholeAnswerHasTextReasonAndUsage() {
        ChatCompletion answer = client.chat().completions().create(sum().build());

        ChatCompletion.Choice choice = answer.choices().get(0);
        assertThat(choice.message().content())
                .hasValueSatisfying(text -> assertThat(text).startsWith("The answer is 12 + 30 = 32."));
        assertThat(choice.finishReason())
                .isIn(ChatCompletion.Choice.FinishReason.STOP, ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(answer.usage()).hasValueSatisfying(usage -> assertThat(usage.completionTokens())
                .isBetween(10L, 24L));
    }

    @Test
    void streamAddsUpToTheWholeAnswer() {
        ChatCompletion whole = client.chat().completions().create(sum().build());
        ChatCompletionCreateParams streamed = sum().streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        ChatCompletionAccumulator sum = ChatCompletionAccumulator.create();

        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(streamed)) {
            stream.stream().forEach(sum::accumulate);
        }

        assertThat(sum.chatCompletion().choices().get(0).message().content())
                .isEqualTo(whole.choices().get(0).message().content());
        assertThat(sum.chatCompletion().usage().orElseThrow().completionTokens())
                .isEqualTo(whole.usage().orElseThrow().completionTokens());
    }

    @Test
    void logprobsAndChoicesAreUnderstood() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(sum().logprobs(true).topLogprobs(2).n(2).build());

        assertThat(answer.choices()).hasSize(2).allSatisfy(choice -> assertThat(
                        choice.logprobs().orElseThrow().content().orElseThrow())
                .isNotEmpty()
                .allSatisfy(token -> {
                    assertThat(token.logprob()).isLessThanOrEqualTo(0);
                    assertThat(token.topLogprobs()).hasSize(2);
                }));
    }

    @Test
    void errorsBecomeTheClientsOwn() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(sum().model("no-such-model").build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no-such-model");
        assertThatThrownBy(() ->
                        client.chat().completions().create(sum().temperature(9).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("temperature");
    }

    @Test
    void modelsAreListed() {
        assertThat(client.models().list().data()).extracting(Model::id).contains(TroupeProcess.MODEL);
    }

    private static ChatCompletionCreateParams.Builder sum() {
        return ChatCompletionCreateParams.builder()
                .model(TroupeProcess.MODEL)
                .addUserMessage("12 + 30 =")
                .temperature(0)
                .maxCompletionTokens(24);
    }
}
