package dev.troupe.bench.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.troupe.bench.BenchException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompts from a file, in its order and from the start again at its end. Either one JSON object a line, with {@code prompt} (text) or {@code
 * messages} (OpenAI's); or one JSON array of ShareGPT's {@code {"conversations": [{"from": "human", "value": text}, …]}}, of which the first
 * human turn is asked.
 */
public final class Dataset implements Prompts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> prompts;

    private Dataset(List<String> prompts) {
        this.prompts = List.copyOf(prompts);
    }

    /** @throws BenchException naming file and line, when there is anything in it that is not understood */
    public static Dataset read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new BenchException("no such file: " + file, e);
        } catch (MalformedInputException e) {
            throw new BenchException(file + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new BenchException("cannot read " + file + ": " + e.getMessage(), e);
        }
        List<String> prompts = text.stripLeading().startsWith("[") ? shareGpt(file, text) : lines(file, text);
        if (prompts.isEmpty()) {
            throw new BenchException(file + " has no prompt in it");
        }
        return new Dataset(prompts);
    }

    public int size() {
        return prompts.size();
    }

    @Override
    public String messages(long number) {
        return prompts.get((int) (number % prompts.size()));
    }

    private static List<String> lines(Path file, String text) {
        List<String> prompts = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                prompts.add(messages(parsed(line, file + ", line " + number), file + ", line " + number));
            }
        }
        return prompts;
    }

    private static List<String> shareGpt(Path file, String text) {
        List<String> prompts = new ArrayList<>();
        int number = 0;
        for (JsonNode entry : parsed(text, file.toString())) {
            number++;
            if (entry.has("conversations")) {
                firstHuman(entry, prompts);
            } else {
                prompts.add(messages(entry, file + ", entry " + number));
            }
        }
        return prompts;
    }

    /** Conversations that nobody began are passed over: ShareGPT's own file has some. */
    private static void firstHuman(JsonNode entry, List<String> prompts) {
        for (JsonNode turn : entry.path("conversations")) {
            String from = turn.path("from").asText();
            if ((from.equals("human") || from.equals("user"))
                    && !turn.path("value").asText().isBlank()) {
                prompts.add(userMessage(turn.path("value").asText()));
                return;
            }
        }
    }

    private static String messages(JsonNode entry, String where) {
        if (entry.path("prompt").isTextual()) {
            return userMessage(entry.path("prompt").asText());
        }
        JsonNode messages = entry.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw new BenchException(where + ": neither \"prompt\" (text) nor \"messages\" (a list) in it");
        }
        return messages.toString();
    }

    private static String userMessage(String text) {
        ArrayNode messages = JSON.createArrayNode();
        messages.addObject().put("role", "user").put("content", text);
        return messages.toString();
    }

    private static JsonNode parsed(String json, String where) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            String at = e.getLocation() == null
                    ? ""
                    : " (at its line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw new BenchException(where + ": not JSON" + at + ": " + e.getOriginalMessage(), e);
        }
    }
}
