package dev.troupe.router.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON that comes from anybody: strict, and bounded in depth and in the memory that its tree may take. */
public final class Json {
    private static final int MAX_DEPTH = 64;
    /** A tree takes up to a hundred bytes a token, so a body of ten megabytes of brackets would take a gigabyte. */
    private static final int MAX_TOKENS = 1_000_000;

    private static final int EXCERPT = 64;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** @throws ApiException when the body is not one JSON object in UTF-8 */
    public static ObjectNode parse(byte[] body) {
        String text = decode(body);
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (StreamConstraintsException e) {
            throw malformed("it is nested deeper than " + MAX_DEPTH + " levels, or has more than " + MAX_TOKENS
                    + " values or a number of too many digits.");
        } catch (JsonProcessingException e) {
            throw malformed(reason(e));
        }
        if (root instanceof ObjectNode object) {
            return object;
        }
        throw malformed(
                root.isMissingNode()
                        ? "it is empty."
                        : "expected an object, but got " + Fields.describe(root) + " instead.");
    }

    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON can always be written", e);
        }
    }

    /** @return the beginning of what somebody sent, fit to be said back in one line */
    public static String excerpt(String text) {
        String line = text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "...";
        return line.replaceAll("\\p{Cntrl}", "?");
    }

    private static String decode(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("it is not valid UTF-8.");
        }
    }

    /** Jackson's reason without its hints for programmers and without the line that quotes the source. */
    private static String reason(JsonProcessingException e) {
        String reason = e.getOriginalMessage().lines().findFirst().orElse("not JSON");
        reason = reason.replaceFirst(": enable `.*", " is not JSON").replaceFirst(" \\(start marker at .*", "");
        reason = excerptOfReason(reason);
        var where = e.getLocation();
        return where == null
                ? reason + "."
                : reason + " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ").";
    }

    private static String excerptOfReason(String reason) {
        String line = reason.length() <= 200 ? reason : reason.substring(0, 200) + "...";
        return line.replaceAll("\\p{Cntrl}", "?");
    }

    private static ApiException malformed(String reason) {
        return new ApiException(ApiError.malformed(reason));
    }
}
