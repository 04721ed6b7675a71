package dev.troupe.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.models.GenerationDefaults;
import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextPartsTest {
    @TempDir
    Path directory;

    @Test
    void ggufGivesTemplateLicenceAndEnds() throws IOException {
        TextParts parts = TinyText.parts(
                directory,
                TinyText.byteLevel()
                        .put("tokenizer.chat_template", "{{ messages }}")
                        .put("general.license", "apache-2.0"));

        assertThat(parts.chatTemplate()).contains("{{ messages }}");
        assertThat(parts.licence()).isEqualTo("apache-2.0");
        assertThat(parts.specialTokens().bosToken()).isEqualTo("<|im_start|>");
        assertThat(parts.specialTokens().eosIds()).containsExactly(TinyText.IM_END);
        assertThat(parts.defaults()).isEqualTo(GenerationDefaults.NONE);
    }

    @Test
    void directoryReadsTheFilesOfAHuggingFaceModel() throws IOException {
        write("tokenizer.json", tokenizerJson());
        write(
                "tokenizer_config.json",
                """
                {"bos_token": null, "eos_token": {"content": "<|im_end|>"},
                 "chat_template": [{"name": "tool_use", "template": "T"}, {"name": "default", "template": "D"}]}""");
        write(
                "generation_config.json",
                """
                {"eos_token_id": [257, 256], "temperature": 0.6, "top_k": 20, "do_sample": true}""");
        write("README.md", "---\nlanguage: en\nlicense: apache-2.0\n---\nlicense: not here\n");

        TextParts parts = TextParts.read(directory);

        assertThat(parts.specialTokens().bosId()).isEmpty();
        assertThat(parts.specialTokens().eosToken()).isEqualTo("<|im_end|>");
        assertThat(parts.specialTokens().eosIds()).containsExactly(257, 256);
        assertThat(parts.chatTemplate()).contains("D");
        assertThat(parts.licence()).isEqualTo("apache-2.0");
        assertThat(parts.defaults())
                .isEqualTo(new GenerationDefaults(
                        OptionalDouble.of(0.6),
                        OptionalDouble.empty(),
                        OptionalInt.of(20),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()));
        Tokenizer tokenizer = Tokenizer.from(parts.card("m", "f", 10, 261, Instant.EPOCH));
        assertThat(tokenizer.encode("abc<|im_end|>", true)).containsExactly(TinyText.ABC, TinyText.IM_END);
    }

    @Test
    void templateFileGoesBeforeTheConfiguration() throws IOException {
        write("tokenizer.json", tokenizerJson());
        write("tokenizer_config.json", "{\"chat_template\": \"old\"}");
        write("chat_template.jinja", "new");

        assertThat(TextParts.read(directory).chatTemplate()).contains("new");
    }

    @Test
    void directoryWithoutTokenizerSaysWhatToDo() {
        assertThatThrownBy(() -> TextParts.read(directory))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll(directory.toString(), "no tokenizer.json", "save_pretrained");
    }

    @Test
    void brokenTokenizerFilesAreNamed() throws IOException {
        for (String broken : List.of(
                "",
                "{",
                "[]",
                "{}",
                "{\"model\": {\"vocab\": {}}}",
                "{\"model\": {\"vocab\": [[\"a\", 0.5]]}}",
                "{\"model\": {\"vocab\": {\"a\": 2000000000}}}",
                "{\"model\": {\"vocab\": {\"a\": -1}}}",
                "{\"model\": {\"vocab\": {\"a\": \"b\"}}}")) {
            write("tokenizer.json", broken);

            assertThatThrownBy(() -> TextParts.read(directory))
                    .as(broken)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining(directory.toString())
                    .message()
                    .doesNotContain("\n");
        }
    }

    @Test
    void brokenConfigurationIsNamed() throws IOException {
        write("tokenizer.json", tokenizerJson());
        write("generation_config.json", "{\"top_p\": 7}");
        assertThatThrownBy(() -> TextParts.read(directory)).hasMessageContainingAll("generation_config.json", "top_p");

        write("generation_config.json", "{");
        assertThatThrownBy(() -> TextParts.read(directory)).hasMessageContainingAll("generation_config.json", "line 1");
    }

    @Test
    void ggufTokenizerOfUnknownKindIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> TinyText.parts(directory, TinyText.withModel("t5", "default")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll("tiny.gguf", "'t5'", "gpt2", "llama");
        assertThatThrownBy(() -> TinyText.parts(directory, TinyText.withModel("gpt2", "martian")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll("tiny.gguf", "'martian'", "smollm", "qwen2", "llama-bpe");
    }

    @Test
    void ggufWithATokenIdOutsideTheVocabularyIsRefused() {
        assertThatThrownBy(
                        () -> TinyText.parts(directory, TinyText.byteLevel().put("tokenizer.ggml.eot_token_id", 9999)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll("eot_token_id", "9999", "261");
    }

    @Test
    void everyKnownCuttingRuleBuilds() throws IOException {
        for (String pre : PreTokenizer.names()) {
            Tokenizer tokenizer = TinyText.tokenizer(directory, TinyText.withModel("gpt2", pre));

            assertThat(tokenizer.decode(tokenizer.encode("It's 2024:\n\n  día 12345!", true)))
                    .as(pre)
                    .isEqualTo("It's 2024:\n\n  día 12345!");
        }
    }

    private String tokenizerJson() throws IOException {
        TextParts parts = TinyText.parts(directory, TinyText.byteLevel());
        return new String(parts.tokenizer().uncompress(), StandardCharsets.UTF_8);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
