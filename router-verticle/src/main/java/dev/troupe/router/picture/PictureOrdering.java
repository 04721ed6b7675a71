package dev.troupe.router.picture;

import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.picture.PictureModel.Size;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureOutput.Background;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.PictureFields;
import dev.troupe.router.api.PictureRequest;
import dev.troupe.router.tenant.Caller;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Requests become orders, one a picture, by what a model can do. Pure. */
public final class PictureOrdering {
    private static final int RETRY_SECONDS = 1;

    private final PictureConfig config;

    public PictureOrdering(PictureConfig config) {
        this.config = config;
    }

    /**
     * @param usual id of the model where none is named
     * @throws ApiException when there is none of that name that the caller may use
     */
    public static PictureModel model(
            List<PictureModel> served, PictureRequest request, Optional<String> usual, Caller caller) {
        List<PictureModel> usable =
                served.stream().filter(model -> caller.mayUse(model.id())).toList();
        if (served.isEmpty()) {
            throw new ApiException(ApiError.unavailable(
                    "no_image_model", "No model for pictures is served now. Please try again later.", RETRY_SECONDS));
        }
        if (request.model().isEmpty()) {
            return usable.stream()
                    .filter(model -> usual.isEmpty() || usual.get().equals(model.id()))
                    .findFirst()
                    .or(() -> usable.stream().findFirst())
                    .orElseThrow(() -> unknown("", usable));
        }
        return usable.stream()
                .filter(model -> model.id().equals(request.model().get()))
                .findFirst()
                .orElseThrow(() -> unknown(request.model().get(), usable));
    }

    private static ApiException unknown(String name, List<PictureModel> usable) {
        ApiError error = PictureFields.unknown(
                        "model", name, usable.stream().map(PictureModel::id).toList())
                .error();
        return new ApiException(ApiError.field("model", "model_not_found", error.message()));
    }

    /**
     * What the orders of one request have in common.
     *
     * @param created milliseconds since 1970
     */
    public record Placing(Caller caller, Share share, PictureIds ids, long created) {}

    /** @throws ApiException when the model cannot do what is asked for, or may not */
    public List<PictureOrder> orders(PictureRequest request, PictureModel model, Beginning beginning, Placing placing) {
        checkPolicy(request.prompt(), beginning.prompt());
        PictureSpec first = spec(request, model, beginning, placing.ids());
        return IntStream.range(0, request.count())
                .mapToObj(index -> new PictureOrder(
                        placing.ids().id(index),
                        placing.caller().name(),
                        placing.caller().keyId(),
                        model.fingerprint(),
                        placing.share(),
                        first.withSeed(first.seed() + index),
                        beginning.lineage(),
                        placing.created()))
                .toList();
    }

    private void checkPolicy(String asked, String prompt) {
        config.policy().refuse(asked).or(() -> config.policy().refuse(prompt)).ifPresent(reason -> {
            throw new ApiException(ApiError.field("prompt", "content_policy_violation", reason));
        });
    }

    private PictureSpec spec(PictureRequest request, PictureModel model, Beginning beginning, PictureIds ids) {
        Optional<PictureSpec> parent =
                beginning.parent().filter(before -> before.modelId().equals(model.id()));
        Size size = size(request, model, parent);
        return new PictureSpec(
                model.id(),
                beginning.prompt(),
                request.negativePrompt().orElse(beginning.negativePrompt()),
                size.width(),
                size.height(),
                request.steps().orElse(parent.map(PictureSpec::steps).orElse(model.steps())),
                request.guidance().orElse(parent.map(PictureSpec::guidance).orElse(model.guidance())),
                sampler(request, model, parent),
                request.seed().orElse(beginning.seed().orElseGet(ids::seed)),
                beginning.source(),
                output(request, model),
                request.telling().previews());
    }

    private static Size size(PictureRequest request, PictureModel model, Optional<PictureSpec> parent) {
        if (request.size().isEmpty()) {
            return parent.map(before -> new Size(before.width(), before.height()))
                    .filter(model.sizes()::contains)
                    .orElse(model.sizes().get(0));
        }
        String wanted = request.size().get();
        return model.sizes().stream()
                .filter(size -> size.toString().equals(wanted))
                .findFirst()
                .orElseThrow(() -> PictureFields.unknown(
                        "size",
                        wanted,
                        Stream.concat(Stream.of("auto"), model.sizes().stream().map(Size::toString))
                                .toList()));
    }

    private static String sampler(PictureRequest request, PictureModel model, Optional<PictureSpec> parent) {
        if (request.sampler().isEmpty()) {
            return parent.map(PictureSpec::sampler)
                    .filter(model.samplers()::contains)
                    .orElse(model.samplers().get(0));
        }
        String wanted = request.sampler().get();
        if (!model.samplers().contains(wanted)) {
            throw PictureFields.unknown("sampler", wanted, model.samplers());
        }
        return wanted;
    }

    private PictureOutput output(PictureRequest request, PictureModel model) {
        if (request.background() == Background.TRANSPARENT && !model.transparent()) {
            throw new ApiException(ApiError.field(
                    "background",
                    "invalid_value",
                    "Invalid 'background': the model `" + model.id()
                            + "` makes no transparent pictures. Ask for 'auto' or 'opaque'."));
        }
        return new PictureOutput(request.type(), request.quality(), request.background(), config.mark());
    }
}
