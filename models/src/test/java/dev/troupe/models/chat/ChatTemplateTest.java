package dev.troupe.models.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.models.CompressedJson;
import dev.troupe.models.GenerationDefaults;
import dev.troupe.models.ModelCard;
import dev.troupe.models.SpecialTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-05T12:00:00Z"), ZoneOffset.UTC);
    private static final TypeReference<List<Map<String, Object>>> MAPS = new TypeReference<>() {};

    static Stream<String> templates() throws IOException {
        return expected().path("cases").findValuesAsText("template").stream().distinct();
    }

    /** The expectations are Python's; {@code make_expected.py} beside the templates makes them. */
    @ParameterizedTest
    @MethodSource("templates")
    void publishedTemplateRendersAsInPython(String name) throws IOException {
        JsonNode expected = expected();
        ChatTemplate template = template(resource(name));
        for (JsonNode example : expected.path("cases")) {
            if (!example.path("template").asText().equals(name)) {
                continue;
            }
            String conversation = example.path("conversation").asText();
            List<ChatMessage> messages = messages(expected.path("conversations").path(conversation));
            var options = new ChatOptions(
                    example.path("add_generation_prompt").asBoolean(),
                    conversation.startsWith("tool") ? MAPPER.convertValue(expected.path("tools"), MAPS) : List.of(),
                    Map.of());
            if (example.has("error")) {
                var refusal =
                        catchThrowableOfType(ChatTemplateException.class, () -> template.render(messages, options));
                assertThat(refusal)
                        .as(conversation)
                        .hasMessage(example.path("error").asText());
                assertThat(refusal.refusedByTemplate()).isTrue();
            } else {
                assertThat(template.render(messages, options))
                        .as(conversation)
                        .isEqualTo(example.path("expected").asText());
            }
        }
    }

    @Test
    void goldenPromptsOfSmolLm2AreEqual() throws IOException {
        ChatTemplate template = ChatTemplate.of(resource("smollm2.jinja"), "<|im_start|>", "<|im_end|>", CLOCK);
        JsonNode chats =
                MAPPER.readTree(resource("/goldens/smollm2-135m-q4_1.json")).path("chat");

        assertThat(chats).hasSize(12);
        for (JsonNode chat : chats) {
            assertThat(template.render(messages(chat.path("messages")), ChatOptions.ANSWER))
                    .isEqualTo(chat.path("prompt").asText());
        }
    }

    @Test
    void whatUsersWriteIsNeverEvaluated() {
        ChatTemplate template = template("{{ messages[0].content }}|{{ messages[0].role }}|{{ messages[0].name }}");
        String hostile = "{{ 7 * 7 }}{% for m in messages %}x{% endfor %}{# c #}{% raw %}";
        var message = new ChatMessage(hostile, hostile, Optional.of(hostile), Optional.empty(), List.of());

        assertThat(template.render(List.of(message), ChatOptions.ANSWER))
                .isEqualTo(hostile + "|" + hostile + "|" + hostile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ messages.getClass() }}",
                "{{ messages[0].content.getClass().forName('java.lang.Runtime') }}",
                "{{ messages[0].content.class.name }}",
                "{{ ____int3rpr3t3r____.getConfig() }}",
                "{{ ____int3rpr3t3r____.context.dynamicVariableResolver }}",
                "{{ loop_class }}{% for m in messages %}{{ loop.getClass() }}{% endfor %}"
            })
    void javaIsOutOfATemplatesReach(String source) {
        String result;
        try {
            result = template(source).render(List.of(ChatMessage.of("user", "hi")), ChatOptions.ANSWER);
        } catch (ChatTemplateException e) {
            assertThat(e.refusedByTemplate()).isFalse();
            return;
        }
        assertThat(result).isEmpty();
    }

    @Test
    void variablesReachTheTemplateButNotInPlaceOfTheMessages() {
        ChatTemplate template = template("{{ enable_thinking }} {{ messages | length }} {{ bos_token }}");
        var options = new ChatOptions(
                true, List.of(), Map.of("enable_thinking", 3, "messages", List.of(1, 2, 3), "bos_token", "no"));

        assertThat(template.render(List.of(ChatMessage.of("user", "hi")), options))
                .isEqualTo("3 1 <s>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if %}{% endif %}",
                "{% for m in messages %}",
                "{{ messages | no_such_filter }}",
                "{{ messages[0].content.no_such_method() }}",
                "{% no_such_tag %}",
                "{{ 'a'.split('') }}",
                "{% include 'file:///etc/passwd' %}"
            })
    void brokenTemplateIsNotTheUsersFault(String source) {
        var failure = catchThrowableOfType(ChatTemplateException.class, () -> template(source)
                .render(List.of(ChatMessage.of("user", "hi")), ChatOptions.ANSWER));

        assertThat(failure).hasMessageContaining("template").hasMessageNotContaining("\n");
        assertThat(failure.refusedByTemplate()).isFalse();
    }

    @Test
    void endlessTemplateIsStopped() {
        ChatTemplate template = ChatTemplate.of(
                "{% for a in range(900) %}{% for b in range(900) %}{% for c in range(900) %}{% if a %}{% endif %}"
                        + "{% endfor %}{% endfor %}{% endfor %}",
                "", "", CLOCK, Duration.ofMillis(100));

        assertThatThrownBy(() -> template.render(List.of(), ChatOptions.ANSWER))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("takes too long");
    }

    @Test
    void tooLongAPromptIsRefused() {
        ChatTemplate template = template("{% for a in range(900) %}{{ messages[0].content }}{% endfor %}");

        assertThatThrownBy(() -> template.render(
                        List.of(ChatMessage.of("user", "0123456789".repeat(10_000))), ChatOptions.ANSWER))
                .isInstanceOf(ChatTemplateException.class);
        assertThatThrownBy(() -> template(
                                "{% set ns = namespace(x='0123456789') %}{% for a in range(60) %}{% set ns.x = ns.x + ns.x %}"
                                        + "{% endfor %}{{ ns.x }}")
                        .render(List.of(), ChatOptions.ANSWER))
                .isInstanceOf(ChatTemplateException.class);
    }

    @Test
    void modelWithoutTemplateGetsChatMlAndSaysSo() {
        ChatTemplate template = ChatTemplate.from(card(Optional.empty()));

        assertThat(template.isDefault()).isTrue();
        assertThat(template.render(
                        List.of(ChatMessage.of("system", "s"), ChatMessage.of("user", "u")), ChatOptions.ANSWER))
                .isEqualTo("<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nu<|im_end|>\n<|im_start|>assistant\n");
        assertThat(ChatTemplate.from(card(Optional.of("{{ eos_token }}"))).isDefault())
                .isFalse();
    }

    @Test
    void manyThreadsAgree() throws Exception {
        ChatTemplate template = template(resource("qwen-3.jinja"));
        var threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String text = "text " + i;
                tasks.add(() -> template.render(List.of(ChatMessage.of("user", text)), ChatOptions.ANSWER));
            }
            int i = 0;
            for (Future<String> result : threads.invokeAll(tasks)) {
                assertThat(result.get())
                        .isEqualTo("<|im_start|>user\ntext " + i++ + "<|im_end|>\n<|im_start|>assistant\n");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static ChatTemplate template(String source) {
        return ChatTemplate.of(source, "<s>", "</s>", CLOCK);
    }

    private static ModelCard card(Optional<String> template) {
        return new ModelCard(
                "m",
                "f",
                10,
                10,
                new SpecialTokens(OptionalInt.empty(), "", "</s>", List.of()),
                CompressedJson.compress(new byte[0]),
                template,
                "",
                0,
                GenerationDefaults.NONE);
    }

    private static List<ChatMessage> messages(JsonNode nodes) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode node : nodes) {
            messages.add(new ChatMessage(
                    node.path("role").asText(),
                    node.path("content").asText(),
                    Optional.ofNullable(node.path("name").textValue()),
                    Optional.ofNullable(node.path("tool_call_id").textValue()),
                    node.has("tool_calls") ? MAPPER.convertValue(node.path("tool_calls"), MAPS) : List.of()));
        }
        return messages;
    }

    private static JsonNode expected() throws IOException {
        return MAPPER.readTree(resource("expected.json"));
    }

    private static String resource(String name) throws IOException {
        try (var in = ChatTemplateTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
