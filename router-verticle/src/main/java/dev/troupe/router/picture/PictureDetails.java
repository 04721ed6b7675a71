package dev.troupe.router.picture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureOutput.Background;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.api.Json;
import dev.troupe.router.picture.PictureKeeper.Kept;
import dev.troupe.router.picture.PictureOrder.Lineage;
import dev.troupe.router.picture.PictureOrder.Origin;
import dev.troupe.store.StoredPicture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Orders as they are stored. A picture that was sent to start from is not kept with what was made of it. */
final class PictureDetails {
    private PictureDetails() {}

    static StoredPicture stored(PictureOrder order, int bytes, List<String> warnings) {
        PictureSpec spec = order.spec();
        return new StoredPicture(
                order.id(),
                order.tenant(),
                order.keyId(),
                order.created(),
                spec.modelId(),
                order.fingerprint(),
                order.lineage().parent(),
                order.lineage().conversation(),
                spec.output().type().word(),
                bytes,
                json(order, warnings).toString());
    }

    private static ObjectNode json(PictureOrder order, List<String> warnings) {
        PictureSpec spec = order.spec();
        ObjectNode json = Json.object()
                .put("asked", order.lineage().asked())
                .put("prompt", spec.prompt())
                .put("negative_prompt", spec.negativePrompt())
                .put("width", spec.width())
                .put("height", spec.height())
                .put("steps", spec.steps())
                .put("guidance", spec.guidance())
                .put("sampler", spec.sampler())
                .put("seed", spec.seed())
                .put("quality", spec.output().quality())
                .put("background", spec.output().background().name())
                .put("mark", spec.output().mark());
        spec.source().map(PictureSource::strength).ifPresent(strength -> json.put("strength", strength));
        order.lineage().origin().ifPresent(origin -> json.putObject("origin")
                .put("image", origin.imageId())
                .put("strength", origin.strength()));
        ArrayNode told = json.putArray("warnings");
        warnings.forEach(told::add);
        return json;
    }

    static Kept read(StoredPicture stored) {
        ObjectNode json = Json.parse(stored.details().getBytes(StandardCharsets.UTF_8));
        PictureOutput output = new PictureOutput(
                PictureType.of(stored.type()).orElseThrow(),
                json.path("quality").asInt(),
                Background.valueOf(json.path("background").asText()),
                json.path("mark").asBoolean());
        PictureSpec spec = new PictureSpec(
                stored.model(),
                json.path("prompt").asText(),
                json.path("negative_prompt").asText(),
                json.path("width").asInt(),
                json.path("height").asInt(),
                json.path("steps").asInt(),
                json.path("guidance").asDouble(),
                json.path("sampler").asText(),
                json.path("seed").asLong(),
                Optional.empty(),
                output,
                0);
        PictureOrder order = new PictureOrder(
                stored.id(),
                stored.tenant(),
                stored.keyId(),
                stored.fingerprint(),
                Share.EQUAL,
                spec,
                new Lineage(json.path("asked").asText(), stored.parent(), stored.conversation(), origin(json)),
                stored.createdAt());
        List<String> warnings = new ArrayList<>();
        json.path("warnings").forEach(warning -> warnings.add(warning.asText()));
        return new Kept(order, stored.bytes(), warnings);
    }

    private static Optional<Origin> origin(ObjectNode json) {
        JsonNode origin = json.path("origin");
        return origin.isMissingNode()
                ? Optional.empty()
                : Optional.of(new Origin(
                        origin.path("image").asText(), origin.path("strength").asDouble()));
    }
}
