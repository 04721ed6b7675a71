package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.router.api.Json;
import dev.troupe.router.picture.PictureKeeper.Kept;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureStatus;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Pictures as OpenAI writes them, with what it does not say. */
final class PictureJson {
    private PictureJson() {}

    static ObjectNode kept(Kept kept, String url) {
        ObjectNode json = order(kept.order(), "completed").put("url", url).put("bytes", kept.bytes());
        ArrayNode warnings = json.putArray("warnings");
        kept.warnings().forEach(warnings::add);
        return json;
    }

    /** One that is not kept: it waits, is made, or came to nothing. */
    static ObjectNode job(PictureStatus status) {
        ObjectNode json = order(status.order(), status.state().name().toLowerCase(Locale.ROOT));
        if (status.place() > 0) {
            json.put("place", status.place());
        }
        json.putObject("progress").put("done", status.done()).put("of", status.of());
        status.error().ifPresent(error -> json.set("error", error.toJson().get("error")));
        return json;
    }

    private static ObjectNode order(PictureOrder order, String status) {
        PictureSpec spec = order.spec();
        ObjectNode json = Json.object()
                .put("id", order.id())
                .put("object", "image")
                .put("created_at", order.created() / 1000)
                .put("status", status)
                .put("model", spec.modelId())
                .put("fingerprint", order.fingerprint())
                .put("prompt", order.lineage().asked())
                .put("revised_prompt", spec.prompt())
                .put("negative_prompt", spec.negativePrompt())
                .put("size", size(spec))
                .put("num_inference_steps", spec.steps())
                .put("guidance_scale", spec.guidance())
                .put("sampler", spec.sampler())
                .put("seed", spec.seed())
                .put("output_format", spec.output().type().word())
                .put("parent", order.lineage().parent().orElse(null))
                .put("conversation", order.lineage().conversation().orElse(null));
        order.lineage().origin().ifPresent(origin -> json.put("started_from", origin.imageId())
                .put("strength", origin.strength()));
        return json;
    }

    static ObjectNode list(List<ObjectNode> pictures, boolean more) {
        ObjectNode json = Json.object().put("object", "list");
        json.putArray("data").addAll(pictures);
        return json.put(
                        "first_id",
                        pictures.isEmpty() ? null : pictures.get(0).path("id").asText())
                .put(
                        "last_id",
                        pictures.isEmpty()
                                ? null
                                : pictures.get(pictures.size() - 1).path("id").asText())
                .put("has_more", more);
    }

    /** An entry of OpenAI's {@code data}. */
    static ObjectNode result(Kept kept, String url, Optional<EncodedPicture> content) {
        ObjectNode json = Json.object();
        content.ifPresent(picture -> json.put("b64_json", base64(picture)));
        return json.put("url", url)
                .put("revised_prompt", kept.order().spec().prompt())
                .put("id", kept.order().id())
                .put("seed", kept.order().spec().seed());
    }

    /** What the case study's route answers. */
    static ObjectNode turn(Kept kept, String url, Optional<EncodedPicture> content) {
        ObjectNode json = Json.object()
                .put("image_url", url)
                .put("image_id", kept.order().id())
                .put("revised_prompt", kept.order().spec().prompt())
                .put("seed", kept.order().spec().seed())
                .put("parent", kept.order().lineage().parent().orElse(null))
                .put("conversation", kept.order().lineage().conversation().orElse(null));
        content.ifPresent(picture -> json.put("b64_json", base64(picture)));
        return json;
    }

    /** What all pictures of an answer, or its events, have in common. */
    static ObjectNode common(ObjectNode json, PictureOrder order) {
        PictureOutput output = order.spec().output();
        return json.put("background", output.background().name().toLowerCase(Locale.ROOT))
                .put("output_format", output.type().word())
                .put("quality", "auto")
                .put("size", size(order.spec()));
    }

    /** OpenAI's clients look for it; pictures are counted here, not tokens. */
    static void usage(ObjectNode json) {
        ObjectNode usage = json.putObject("usage")
                .put("input_tokens", 0)
                .put("output_tokens", 0)
                .put("total_tokens", 0);
        usage.putObject("input_tokens_details").put("text_tokens", 0).put("image_tokens", 0);
    }

    static String base64(EncodedPicture picture) {
        return Base64.getEncoder().encodeToString(picture.bytes());
    }

    private static String size(PictureSpec spec) {
        return spec.width() + "x" + spec.height();
    }
}
