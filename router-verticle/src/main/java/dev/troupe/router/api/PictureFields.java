package dev.troupe.router.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.picture.PictureOutput.Background;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.router.api.PictureRequest.Talk;
import dev.troupe.router.api.PictureRequest.Telling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The fields of a request for pictures: OpenAI's, with its ranges and defaults, and those that diffusion has besides. What is OpenAI's and
 * cannot be done is refused with what to say instead; what changes nothing here is read and left alone. Others are not looked at, as in
 * texts.
 */
public final class PictureFields {
    static final int MAX_PICTURES = 10;
    static final int MAX_PROMPT = 32_000;
    private static final int MAX_NAME = 512;
    private static final int WHOLE_QUALITY = 100;

    /** What an operator might have set for other servers; here the number of steps is what costs time and buys quality. */
    private static final List<String> QUALITIES =
            List.of("auto", "standard", "hd", "low", "medium", "high", "xhigh", "max");

    private static final Map<String, String> INSTEAD = Map.of(
            "style", "say it in the prompt",
            "input_fidelity", "say 'strength', between 0 (the picture as it is) and 1 (next to nothing of it)");

    /** Whose fields these are. */
    public enum Kind {
        /** {@code /v1/generate-image}: one picture, perhaps of a talk. */
        TURN,
        /** {@code /v1/images/generations}. */
        GENERATION,
        /** {@code /v1/images/edits}. */
        EDIT,
        /** {@code /v1/images/variations}: without words. */
        VARIATION;

        public boolean hasSource() {
            return this == EDIT || this == VARIATION;
        }
    }

    private final Fields in;
    private final Kind kind;

    private PictureFields(ObjectNode node, Kind kind) {
        this.in = Fields.root(node);
        this.kind = kind;
    }

    /** @throws ApiException that names the field that is wrong */
    public static PictureRequest read(ObjectNode node, Kind kind) {
        return new PictureFields(node, kind).read();
    }

    private PictureRequest read() {
        refuseWhatCannotBeDone();
        PictureType type = word(
                        "output_format",
                        Arrays.stream(PictureType.values())
                                .map(PictureType::word)
                                .toList())
                .flatMap(PictureType::of)
                .orElse(PictureType.PNG);
        return new PictureRequest(
                name("model"),
                prompt(),
                in.string("negative_prompt").map(text -> bounded("negative_prompt", text, MAX_PROMPT)),
                in.integer("n", 1, kind == Kind.TURN ? 1 : MAX_PICTURES).orElse(1),
                name("size").filter(size -> !size.equals("auto")),
                in.integer("num_inference_steps", 1, PictureSpec.MAX_STEPS),
                in.decimal("guidance_scale", 0, PictureSpec.MAX_GUIDANCE),
                name("sampler"),
                in.wideInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                in.decimal("strength", 0, 1),
                type,
                quality(type),
                background(type),
                talk(),
                telling());
    }

    private void refuseWhatCannotBeDone() {
        INSTEAD.forEach((name, what) -> {
            if (in.value(name).isPresent()) {
                throw Fields.error(name, "unsupported_parameter", "'" + name + "' is not supported: " + what + ".");
            }
        });
        if (!kind.hasSource() && in.value("strength").isPresent()) {
            throw Fields.error(
                    "strength",
                    "unsupported_parameter",
                    "'strength' says how far to go from a picture, and here is none: send one to /v1/images/edits.");
        }
        word("quality", QUALITIES);
        word("moderation", List.of("auto", "low"));
        in.string("user");
        in.string("safety_identifier");
    }

    private String prompt() {
        if (kind == Kind.VARIATION) {
            return "";
        }
        String prompt = bounded("prompt", Fields.string(in.required("prompt"), "prompt"), MAX_PROMPT);
        if (prompt.isBlank()) {
            throw Fields.error(
                    "prompt", "empty_string", "Invalid 'prompt': it is empty. Say what the picture shall show.");
        }
        return prompt;
    }

    private int quality(PictureType type) {
        int quality = in.integer("output_compression", 0, WHOLE_QUALITY).orElse(WHOLE_QUALITY);
        if (type == PictureType.PNG && quality != WHOLE_QUALITY) {
            throw Fields.error(
                    "output_compression",
                    "invalid_value",
                    "Invalid 'output_compression': a PNG loses nothing, so it takes 100 only. Ask for jpeg or webp.");
        }
        return Math.max(1, quality);
    }

    private Background background(PictureType type) {
        Background background = word(
                        "background",
                        Arrays.stream(Background.values())
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .toList())
                .map(word -> Background.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Background.AUTO);
        if (background == Background.TRANSPARENT && type == PictureType.JPEG) {
            throw Fields.error(
                    "background",
                    "invalid_value",
                    "Invalid 'background': a JPEG cannot be transparent. Ask for 'output_format' png or webp.");
        }
        return background;
    }

    private Talk talk() {
        if (kind != Kind.TURN) {
            return new Talk(Optional.empty(), Optional.empty());
        }
        return new Talk(name("previous_image_id"), name("conversation"));
    }

    private Telling telling() {
        boolean stream = in.flag("stream");
        boolean wait = in.value("wait").isEmpty() || in.flag("wait");
        int previews = in.integer("partial_images", 0, PictureSpec.MAX_PREVIEWS).orElse(0);
        if (previews > 0 && !stream) {
            throw Fields.error(
                    "partial_images",
                    "invalid_value",
                    "The 'partial_images' parameter is only allowed when 'stream' is enabled.");
        }
        if (stream && !wait) {
            throw Fields.error(
                    "stream", "invalid_value", "A stream waits for its picture: leave out 'stream' or 'wait'.");
        }
        boolean content = word("response_format", List.of("url", "b64_json"))
                .map("b64_json"::equals)
                .orElse(kind != Kind.TURN);
        return new Telling(content, stream, previews, wait);
    }

    private Optional<String> word(String name, List<String> allowed) {
        Optional<String> word = in.string(name);
        if (word.isPresent() && !allowed.contains(word.get())) {
            throw unknown(name, word.get(), allowed);
        }
        return word;
    }

    /** What a word may be instead. */
    public static ApiException unknown(String name, String word, List<String> allowed) {
        return Fields.error(
                name,
                "invalid_value",
                "Invalid value: '" + Json.excerpt(word) + "'. Supported values are: "
                        + allowed.stream().map(each -> "'" + each + "'").collect(Collectors.joining(", ")) + ".");
    }

    private Optional<String> name(String field) {
        return in.string(field).map(text -> bounded(field, text, MAX_NAME));
    }

    private static String bounded(String name, String value, int most) {
        if (value.length() > most) {
            throw Fields.error(
                    name,
                    "string_above_max_length",
                    "Invalid '" + name + "': string too long. Expected a string with maximum length " + most
                            + ", but got a string with length " + value.length() + " instead.");
        }
        return value;
    }
}
