package dev.troupe.models.tokenizer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.models.CompressedJson;
import dev.troupe.models.GenerationDefaults;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.SpecialTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** The text parts of a Hugging Face directory. Only {@code tokenizer.json} must be there. */
final class DirectoryText {
    private static final ObjectMapper MAPPER = new ObjectMapper(TokenizerJson.JSON);

    /** Far above any file read here (Gemma's tokenizer.json has 33 MB). */
    private static final long MAX_BYTES = 256L << 20;

    private final Path directory;

    DirectoryText(Path directory) {
        this.directory = directory;
    }

    TextParts read() throws IOException {
        byte[] json = bytes("tokenizer.json")
                .orElseThrow(() -> new ModelFormatException(directory
                        + ": there is no tokenizer.json; save the tokenizer with transformers' save_pretrained"));
        TokenTable table;
        try {
            table = TokenizerJson.read(json);
        } catch (ModelFormatException e) {
            throw new ModelFormatException(directory + ": " + e.getMessage(), e);
        }
        JsonNode config = json("tokenizer_config.json");
        JsonNode generation = json("generation_config.json");
        return new TextParts(
                CompressedJson.compress(json),
                specialTokens(table, config, generation),
                chatTemplate(config),
                defaults(generation),
                licence());
    }

    private SpecialTokens specialTokens(TokenTable table, JsonNode config, JsonNode generation) throws IOException {
        JsonNode map = json("special_tokens_map.json");
        JsonNode model = json("config.json");
        String bosToken = token(config, map, "bos_token");
        String eosToken = token(config, map, "eos_token");
        Set<Integer> ends = new LinkedHashSet<>();
        table.addedId(eosToken).ifPresent(ends::add);
        ends.addAll(ids(generation.path("eos_token_id")));
        ends.addAll(ids(model.path("eos_token_id")));
        OptionalInt bos = table.addedId(bosToken);
        return new SpecialTokens(bos, bos.isPresent() ? bosToken : "", eosToken, List.copyOf(ends));
    }

    /** A token is a string, or an object that tells how it is matched. */
    private static String token(JsonNode config, JsonNode map, String name) {
        JsonNode node = config.hasNonNull(name) ? config.path(name) : map.path(name);
        return node.isObject() ? node.path("content").asText() : node.asText("");
    }

    private static List<Integer> ids(JsonNode node) {
        List<Integer> ids = new ArrayList<>();
        if (node.isInt()) {
            ids.add(node.asInt());
        }
        node.forEach(id -> ids.add(id.asInt()));
        return ids;
    }

    /** In a file of its own, or in the configuration: as a string or as named templates. */
    private Optional<String> chatTemplate(JsonNode config) throws IOException {
        Optional<byte[]> file = bytes("chat_template.jinja");
        if (file.isPresent()) {
            return file.map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }
        JsonNode template = config.has("chat_template")
                ? config.path("chat_template")
                : json("chat_template.json").path("chat_template");
        for (JsonNode named : template) {
            if (named.path("name").asText().equals("default")) {
                return Optional.of(named.path("template").asText());
            }
        }
        return template.isTextual() ? Optional.of(template.asText()) : Optional.empty();
    }

    private GenerationDefaults defaults(JsonNode generation) {
        try {
            return new GenerationDefaults(
                    number(generation, "temperature"),
                    number(generation, "top_p"),
                    generation.path("top_k").isInt()
                            ? OptionalInt.of(generation.path("top_k").asInt())
                            : OptionalInt.empty(),
                    number(generation, "min_p"),
                    number(generation, "repetition_penalty"));
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(
                    directory.resolve("generation_config.json") + ": " + e.getMessage() + "; correct or remove it", e);
        }
    }

    private static OptionalDouble number(JsonNode node, String name) {
        return node.path(name).isNumber() ? OptionalDouble.of(node.path(name).asDouble()) : OptionalDouble.empty();
    }

    /** The model page's header, between two lines of dashes, has a line {@code license: apache-2.0}. */
    private String licence() throws IOException {
        String page = bytes("README.md")
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        return page.lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("---"))
                .filter(line -> line.startsWith("license:"))
                .map(line -> line.substring("license:".length()).strip())
                .findFirst()
                .orElse("");
    }

    private JsonNode json(String name) throws IOException {
        Optional<byte[]> bytes = bytes(name);
        if (bytes.isEmpty()) {
            return MAPPER.missingNode();
        }
        try {
            return MAPPER.readTree(bytes.get());
        } catch (JacksonException e) {
            throw new ModelFormatException(
                    directory.resolve(name) + ": not valid JSON at line "
                            + e.getLocation().getLineNr() + "; fetch the file again",
                    e);
        }
    }

    private Optional<byte[]> bytes(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new ModelFormatException(
                    file + ": larger than " + (MAX_BYTES >> 20) + " MB, so no tokenizer file; fetch the file again");
        }
        return Optional.of(Files.readAllBytes(file));
    }
}
