package dev.troupe.router.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.cluster.message.TokenIds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFieldsTest {
    private static final String CHAT = "\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @Test
    void absentFieldsTakeOpenAisDefaults() {
        ChatRequest request = chat("{" + CHAT + "}");

        GenerationOptions options = request.options();
        assertThat(options.choices()).isOne();
        assertThat(options.maxTokens()).isEmpty();
        assertThat(options.stop()).isEmpty();
        assertThat(options.stream()).isFalse();
        assertThat(options.sampling())
                .isEqualTo(new SamplingOptions(
                        1, 1, OptionalInt.empty(), 0, 0, 0, 1, Map.of(), OptionalLong.empty(), OptionalInt.empty()));
        assertThat(request.messages()).extracting(ChatTurn::content).containsExactly("hi");
    }

    @Test
    void nullIsAbsentAndUnknownFieldsAreIgnored() {
        String nulls = List.of(
                        "temperature",
                        "top_p",
                        "n",
                        "stop",
                        "seed",
                        "stream",
                        "stream_options",
                        "logit_bias",
                        "logprobs",
                        "top_logprobs",
                        "user",
                        "metadata",
                        "tools",
                        "response_format",
                        "top_k",
                        "max_tokens")
                .stream()
                .map(name -> ",\"" + name + "\":null")
                .collect(Collectors.joining());

        assertThat(chat("{" + CHAT + nulls + "}")).isEqualTo(chat("{" + CHAT + ",\"frobnicate\":[{}]}"));
    }

    @Test
    void everyFieldTakesEffect() {
        ChatRequest request = chat(
                "{" + CHAT
                        + """
                ,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,"presence_penalty":-2,"frequency_penalty":2,
                "repetition_penalty":1.5,"logit_bias":{"7":-100,"9":3.5},"seed":-5,"logprobs":true,"top_logprobs":20,
                "n":3,"max_completion_tokens":9,"stop":["a","b"],"ignore_eos":true,"stream":true,"background":true,
                "stream_options":{"include_usage":true},"user":"u","metadata":{"k":"v"},
                "response_format":{"type":"text"},"tools":[]}""");

        assertThat(request.options())
                .isEqualTo(new GenerationOptions(
                        "m",
                        3,
                        OptionalInt.of(9),
                        new SamplingOptions(
                                0.5f,
                                0.9f,
                                OptionalInt.of(40),
                                0.1f,
                                -2,
                                2,
                                1.5f,
                                Map.of(7, -100f, 9, 3.5f),
                                OptionalLong.of(-5),
                                OptionalInt.of(20)),
                        List.of("a", "b"),
                        true,
                        true,
                        true,
                        true));
    }

    @Test
    void contentMayBeTextPartsAndDeveloperIsSystem() {
        ChatRequest request = chat(
                """
                {"model":"m","messages":[{"role":"developer","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
                {"role":"user","content":"","name":"ann"}]}""");

        assertThat(request.messages())
                .extracting(ChatTurn::role, ChatTurn::content)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("system", "ab"),
                        org.assertj.core.groups.Tuple.tuple("user", ""));
        assertThat(request.messages().get(1).name()).contains("ann");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"temperature\":2.1|temperature|decimal_above_max_value|Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.1 instead.",
                "\"temperature\":-1|temperature|decimal_below_min_value|Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
                "\"temperature\":1e999|temperature|decimal_above_max_value|<= 2",
                "\"temperature\":\"1\"|temperature|invalid_type|Invalid type for 'temperature': expected a decimal, but got a string instead.",
                "\"n\":1000|n|integer_above_max_value|Invalid 'n': integer above maximum value. Expected a value <= 128, but got 1000 instead.",
                "\"n\":0|n|integer_below_min_value|>= 1",
                "\"n\":1.5|n|invalid_type|Invalid type for 'n': expected an integer, but got a decimal number instead.",
                "\"n\":99999999999999999999999|n|integer_above_max_value|<= 128",
                "\"seed\":-99999999999999999999999|seed|integer_below_min_value|-9223372036854775808",
                "\"max_tokens\":0|max_tokens|integer_below_min_value|>= 1",
                "\"max_tokens\":1,\"max_completion_tokens\":1|max_tokens|invalid_parameter_combination|same time",
                "\"stream\":\"yes\"|stream|invalid_type|expected a boolean, but got a string",
                "\"stream_options\":{\"include_usage\":true}|stream_options|invalid_value|only allowed when 'stream'",
                "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]|stop|array_above_max_length|maximum length 4, but got an array with length 5",
                "\"stop\":\"\"|stop|empty_string|empty string",
                "\"stop\":[\"a\",1]|stop|invalid_type|expected a string, but got an integer",
                "\"stop\":{}|stop|invalid_type|one of a string or array of strings, but got an object",
                "\"logit_bias\":{\"x\":1}|logit_bias|invalid_value|Only token ids",
                "\"logit_bias\":{\"-1\":1}|logit_bias|invalid_value|Only token ids",
                "\"logit_bias\":{\"99999999999\":1}|logit_bias|invalid_value|Only token ids",
                "\"logit_bias\":{\"1\":101}|logit_bias.1|decimal_above_max_value|<= 100",
                "\"logit_bias\":[1]|logit_bias|invalid_type|expected an object, but got an array",
                "\"top_logprobs\":1|top_logprobs|invalid_value|'logprobs' is true",
                "\"logprobs\":true,\"top_logprobs\":21|top_logprobs|integer_above_max_value|<= 20",
                "\"logprobs\":3|logprobs|invalid_type|expected a boolean",
                "\"top_p\":1.01|top_p|decimal_above_max_value|<= 1",
                "\"repetition_penalty\":0|repetition_penalty|decimal_below_min_value|>= 0.01",
                "\"user\":7|user|invalid_type|expected a string",
                "\"metadata\":{\"a\":1}|metadata.a|invalid_type|expected a string",
                "\"tools\":[{}]|tools|unsupported_parameter|not supported",
                "\"tools\":\"x\"|tools|invalid_type|expected an array",
                "\"response_format\":{\"type\":\"json_object\"}|response_format|unsupported_parameter|json_object",
                "\"modalities\":[\"audio\"]|modalities|unsupported_parameter|text",
            })
    void aWrongFieldIsNamed(String field, String param, String code, String message) {
        ApiError error = refused("{" + CHAT + "," + field + "}");

        assertThat(error.status()).isEqualTo(400);
        assertThat(error.type()).isEqualTo("invalid_request_error");
        assertThat(error.param()).contains(param);
        assertThat(error.code()).contains(code);
        assertThat(error.message()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"messages\":[]}|model|missing_required_parameter",
                "{\"model\":\"m\"}|messages|missing_required_parameter",
                "{\"model\":7,\"messages\":[]}|model|invalid_type",
                "{\"model\":\"m\",\"messages\":[]}|messages|empty_array",
                "{\"model\":\"m\",\"messages\":{}}|messages|invalid_type",
                "{\"model\":\"m\",\"messages\":[\"hi\"]}|messages[0]|invalid_type",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}|messages[0].content|missing_required_parameter",
                "{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}|messages[0].role|missing_required_parameter",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]}|messages[0].role|invalid_value",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}|messages[0].role|unsupported_parameter",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":5}]}|messages[0].content|invalid_type",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[]}]}|messages[0].content|empty_array",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}|messages[0].content[0].type|invalid_value",
            })
    void aWrongMessageIsNamed(String body, String param, String code) {
        ApiError error = refused(body);

        assertThat(error.param()).contains(param);
        assertThat(error.code()).contains(code);
    }

    @Test
    void metadataHasOpenAisLimits() {
        String many =
                IntStream.range(0, 17).mapToObj(i -> "\"k" + i + "\":\"v\"").collect(Collectors.joining(","));

        assertThat(refused("{" + CHAT + ",\"metadata\":{" + many + "}}").message())
                .contains("at most 16");
        assertThat(refused("{" + CHAT + ",\"metadata\":{\"" + "k".repeat(65) + "\":\"v\"}}")
                        .message())
                .contains("64");
        assertThat(refused("{" + CHAT + ",\"metadata\":{\"k\":\"" + "v".repeat(513) + "\"}}")
                        .message())
                .contains("512");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "nonsense",
                "[1]",
                "\"text\"",
                "null",
                "{\"a\":1}{",
                "{\"a\":1} trailing",
                "{\"a\":1,\"a\":2}",
                "{\"temperature\":NaN}",
                "{\"a\":+1}",
                "{'a':1}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":1,}"
            })
    void whatIsNoJsonObjectIsSaidToBeMalformed(String body) {
        ApiError error = refused(body);

        assertThat(error.status()).isEqualTo(400);
        assertThat(error.param()).isEmpty();
        assertThat(error.message())
                .startsWith("We could not parse the JSON body of your request: ")
                .doesNotContain("\n", "JsonReadFeature", "StreamRead");
    }

    @Test
    void nanIsNamed() {
        assertThat(refused("{\"temperature\":NaN}").message()).contains("'NaN' is not JSON");
    }

    @Test
    void deepNestingAndInvalidUtf8AreRefused() {
        assertThat(refused("{\"a\":" + "[".repeat(100_000)).message()).contains("deeper than 64");
        assertThat(refused("{\"a\":[" + "1,".repeat(1_000_001) + "1]}").message())
                .contains("more than 1000000");
        byte[] latin = "{\"a\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Json.parse(latin)).hasMessageContaining("not valid UTF-8");
    }

    @Test
    void promptsComeInFourForms() {
        assertThat(completion("\"a\"").prompts()).containsExactly(new Prompt.Text("a"));
        assertThat(completion("[\"a\",\"b\"]").prompts()).containsExactly(new Prompt.Text("a"), new Prompt.Text("b"));
        assertThat(completion("[1,2]").prompts()).containsExactly(new Prompt.Tokens(TokenIds.of(1, 2)));
        assertThat(completion("[[1,2],[3]]").prompts())
                .containsExactly(new Prompt.Tokens(TokenIds.of(1, 2)), new Prompt.Tokens(TokenIds.of(3)));
        assertThat(completion("\"a\"").options().maxTokens()).hasValue(16);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"prompt\":7|prompt|invalid_type",
                "\"prompt\":[]|prompt|empty_array",
                "\"prompt\":[\"a\",1]|prompt[1]|invalid_type",
                "\"prompt\":[1,\"a\"]|prompt|invalid_type",
                "\"prompt\":[-1]|prompt|integer_below_min_value",
                "\"prompt\":[[1],[]]|prompt[1]|empty_array",
                "\"prompt\":[{}]|prompt[0]|invalid_type",
                "\"user\":\"u\"|prompt|missing_required_parameter",
                "\"prompt\":\"a\",\"suffix\":\"b\"|suffix|unsupported_parameter",
                "\"prompt\":\"a\",\"best_of\":2|best_of|unsupported_parameter",
                "\"prompt\":\"a\",\"logprobs\":6|logprobs|integer_above_max_value",
                "\"prompt\":\"a\",\"logprobs\":true|logprobs|invalid_type",
                "\"prompt\":\"a\",\"logprobs\":1,\"echo\":true|logprobs|unsupported_parameter",
                "\"prompt\":[\"a\",\"b\"],\"n\":65|n|integer_above_max_value",
            })
    void aWrongCompletionFieldIsNamed(String fields, String param, String code) {
        ApiError error = catchThrowableOfType(
                        ApiException.class, () -> CompletionFields.read(parse("{\"model\":\"m\"," + fields + "}")))
                .error();

        assertThat(error.param()).contains(param);
        assertThat(error.code()).contains(code);
    }

    @Test
    void errorsHaveOpenAisShape() {
        assertThat(ApiError.unknownModel("x").toJson())
                .hasToString(
                        "{\"error\":{\"message\":\"The model `x` does not exist or you do not have access to it.\","
                                + "\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}");
        assertThat(ApiError.unknownModel("a\nb".repeat(1000)).message())
                .hasSizeLessThan(200)
                .doesNotContain("\n");
    }

    private static ChatRequest chat(String body) {
        return ChatFields.read(parse(body));
    }

    private static CompletionRequest completion(String prompt) {
        return CompletionFields.read(parse("{\"model\":\"m\",\"prompt\":" + prompt + "}"));
    }

    private static ApiError refused(String body) {
        return catchThrowableOfType(ApiException.class, () -> chat(body)).error();
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode parse(String body) {
        return Json.parse(body.getBytes(StandardCharsets.UTF_8));
    }
}
