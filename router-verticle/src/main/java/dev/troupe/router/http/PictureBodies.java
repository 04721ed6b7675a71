package dev.troupe.router.http;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureHeader;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.PictureFields;
import dev.troupe.router.api.PictureFields.Kind;
import dev.troupe.router.api.PictureRequest;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a request for pictures says: in JSON, or, where it brings a picture, in a form. */
final class PictureBodies {
    private static final Set<String> TEXTS = Set.of("prompt", "negative_prompt", "model", "user", "safety_identifier");
    private static final Set<String> IMAGE = Set.of("image", "image[]");
    /** Where nothing is said: a picture stays like itself, what is under a mask is made anew. */
    private static final double EDIT_STRENGTH = 0.75;

    private static final double MASKED_STRENGTH = 1;
    private static final double VARIATION_STRENGTH = 0.6;

    private final JsonBodies json;
    private final FormReader forms;

    PictureBodies(JsonBodies json, FormReader forms) {
        this.json = json;
        this.forms = forms;
    }

    /** @param source that it brings */
    record Body(PictureRequest request, Optional<PictureSource> source) {}

    /** @return fails with {@link ApiException} when it is not what it should be */
    Future<Body> read(HttpServerRequest request, Kind kind) {
        return kind.hasSource()
                ? forms.read(request, TEXTS).map(form -> body(form, kind))
                : json.read(request, fields -> new Body(PictureFields.read(fields, kind), Optional.empty()));
    }

    private static Body body(FormReader.Form form, Kind kind) {
        PictureRequest request = PictureFields.read(form.fields(), kind);
        List<EncodedPicture> images = pictures(form, IMAGE);
        List<EncodedPicture> masks = pictures(form, Set.of("mask"));
        if (images.size() != 1 || masks.size() > 1) {
            throw new ApiException(ApiError.field(
                    images.size() != 1 ? "image" : "mask",
                    images.isEmpty() ? "missing_required_parameter" : "invalid_value",
                    "Send one file as 'image', and at most one as 'mask'; here are " + images.size() + " and "
                            + masks.size() + "."));
        }
        if (kind == Kind.VARIATION && !masks.isEmpty()) {
            throw new ApiException(ApiError.field(
                    "mask", "unsupported_parameter", "A variation has no mask: send it to /v1/images/edits."));
        }
        double usual = kind == Kind.VARIATION ? VARIATION_STRENGTH : masks.isEmpty() ? EDIT_STRENGTH : MASKED_STRENGTH;
        return new Body(
                request,
                Optional.of(new PictureSource(
                        images.get(0),
                        masks.stream().findFirst(),
                        request.strength().orElse(usual))));
    }

    private static List<EncodedPicture> pictures(FormReader.Form form, Set<String> names) {
        return form.files().stream()
                .filter(file -> names.contains(file.field()))
                .map(PictureBodies::picture)
                .toList();
    }

    /** Measured, not decoded: that is for a worker. What the file is called and said to be does not matter. */
    private static EncodedPicture picture(FormReader.Upload file) {
        String name = file.field().replace("[]", "");
        byte[] bytes = file.content().getBytes();
        try {
            return new EncodedPicture(PictureHeader.read(bytes).type(), bytes);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiError.field(
                    name, "invalid_image_file", "The file '" + name + "' cannot be taken: " + e.getMessage() + "."));
        }
    }
}
