package dev.troupe.models.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.OutputTooBigException;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.Node;
import dev.troupe.models.ModelCard;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The chat template of a model. Immutable and safe on any thread.
 *
 * <p>Rendered as transformers' {@code apply_chat_template} does it: blocks trimmed, lines before blocks stripped, and with
 * {@code messages}, {@code tools}, {@code add_generation_prompt}, {@code bos_token}, {@code eos_token},
 * {@code raise_exception}, {@code strftime_now} and {@code tojson}.
 */
public final class ChatTemplate {
    private static final String CHAT_ML = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n'"
            + " + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static final String DEADLINE = "__deadline";
    private static final Duration TIME_LIMIT = Duration.ofSeconds(5);
    private static final int MAX_PROMPT_CHARS = 16 << 20;
    private static final int MAX_TEMPLATE_CHARS = 1 << 20;

    private final JinjaSource source;
    private final Map<String, Object> tokens;
    private final boolean byDefault;
    private final Duration timeLimit;
    private final Jinjava jinjava;

    private ChatTemplate(
            String template, String bosToken, String eosToken, boolean byDefault, Clock clock, Duration timeLimit) {
        if (template.length() > MAX_TEMPLATE_CHARS) {
            throw ChatTemplateException.broken("the chat template has " + template.length() + " characters", null);
        }
        this.source = new JinjaSource(template);
        this.tokens = Map.of("bos_token", bosToken, "eos_token", eosToken);
        this.byDefault = byDefault;
        this.timeLimit = timeLimit;
        this.jinjava = jinjava(clock);
    }

    /** The template of a card; ChatML for a model that has none, which {@link #isDefault} tells. */
    public static ChatTemplate from(ModelCard card) {
        return new ChatTemplate(
                card.chatTemplate().orElse(CHAT_ML),
                card.specialTokens().bosToken(),
                card.specialTokens().eosToken(),
                card.chatTemplate().isEmpty(),
                Clock.system(ZoneId.systemDefault()),
                TIME_LIMIT);
    }

    /** A template by its text; the clock is what {@code strftime_now} reads. */
    public static ChatTemplate of(String template, String bosToken, String eosToken, Clock clock) {
        return of(template, bosToken, eosToken, clock, TIME_LIMIT);
    }

    static ChatTemplate of(String template, String bosToken, String eosToken, Clock clock, Duration timeLimit) {
        return new ChatTemplate(template, bosToken, eosToken, false, clock, timeLimit);
    }

    /** Whether the model brings no template of its own, so that it may not know the one that is used. */
    public boolean isDefault() {
        return byDefault;
    }

    /**
     * The prompt of a conversation.
     *
     * @throws ChatTemplateException when the template refuses the conversation or fails on it
     */
    public String render(List<ChatMessage> messages, ChatOptions options) {
        checkFilters();
        Map<String, Object> variables = new HashMap<>(options.variables());
        variables.putAll(tokens);
        variables.put("messages", messages.stream().map(ChatMessage::toMap).toList());
        variables.put("add_generation_prompt", options.addGenerationPrompt());
        variables.put("strftime_now", "a function"); // some templates ask whether it is defined
        if (!options.tools().isEmpty()) {
            variables.put("tools", options.tools());
        } else {
            variables.remove("tools");
        }
        variables.put(DEADLINE, System.nanoTime() + timeLimit.toNanos());
        RenderResult result;
        try {
            result = jinjava.renderForResult(source.text(), variables);
        } catch (RuntimeException | StackOverflowError e) {
            throw ChatTemplateException.broken("the model's chat template fails: " + e.getMessage(), e);
        }
        result.getErrors().stream()
                .filter(error -> error.getSeverity() == TemplateError.ErrorType.FATAL)
                .findFirst()
                .ifPresent(ChatTemplate::fail);
        return result.getOutput();
    }

    private void checkFilters() {
        for (String filter : source.filters()) {
            if (jinjava.getGlobalContext().getFilter(filter) == null) {
                throw ChatTemplateException.broken(
                        "the model's chat template uses the filter '" + filter + "', which is not known here", null);
            }
        }
    }

    private static void fail(TemplateError error) {
        String problem = error.getMessage();
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ChatTemplateException known) {
                if (known.refusedByTemplate()) {
                    throw known;
                }
                problem = known.getMessage();
            }
        }
        if (error.getException() instanceof OutputTooBigException) {
            throw ChatTemplateException.refused(
                    "the rendered conversation is longer than " + MAX_PROMPT_CHARS + " characters; send less");
        }
        throw ChatTemplateException.broken(
                "the model's chat template fails at line " + error.getLineno() + ": " + problem, error.getException());
    }

    private static Jinjava jinjava(Clock clock) {
        var jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withLocale(Locale.US)
                .withTimeZone(clock.getZone())
                .withDateTimeProvider(clock::millis)
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withNestedInterpretationEnabled(false)
                .withMaxOutputSize(MAX_PROMPT_CHARS)
                .withMaxStringLength(MAX_PROMPT_CHARS)
                .withElResolver(PythonResolver.composite())
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor(ChatTemplate::checkTime)
                        .build())
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withEvaluateMapKeys(true)
                        .withIterateOverMapKeys(true)
                        .withUsePyishObjectMapper(true)
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withAllowAdjacentTextNodes(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .withKeepNullableLoopValues(true)
                        .withHandleBackslashInQuotesOnly(true)
                        .build())
                .build());
        JinjaLibrary.register(jinjava);
        return jinjava;
    }

    private static void checkTime(Node node, JinjavaInterpreter interpreter) {
        if (interpreter.getContext().get(DEADLINE) instanceof Long deadline && System.nanoTime() - deadline > 0) {
            throw ChatTemplateException.refused("rendering the conversation takes too long; send less");
        }
    }
}
