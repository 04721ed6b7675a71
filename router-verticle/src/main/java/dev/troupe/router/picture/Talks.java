package dev.troupe.router.picture;

import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import dev.troupe.router.api.PictureRequest;
import dev.troupe.router.conversation.ConversationAccess;
import dev.troupe.router.picture.PictureKeeper.Kept;
import dev.troupe.router.picture.PictureOrder.Lineage;
import dev.troupe.router.picture.PictureOrder.Origin;
import dev.troupe.router.refine.Refinement;
import dev.troupe.router.refine.Start;
import dev.troupe.router.refine.Start.FromPicture;
import dev.troupe.router.refine.Start.NewNoise;
import dev.troupe.router.refine.Start.SameNoise;
import dev.troupe.router.refine.Turn;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns of a talk about pictures: what was made before is looked up, the words are understood, and it is found what to start from. */
public final class Talks {
    /** What lies further back is not asked about any more. */
    private static final int MOST_BEFORE = 24;

    private final PictureLibrary library;
    private final Optional<ConversationAccess> conversations;
    private final TurnRefiner refiner;

    public Talks(PictureLibrary library, Optional<ConversationAccess> conversations, TurnRefiner refiner) {
        this.library = library;
        this.conversations = conversations;
        this.refiner = refiner;
    }

    private record History(List<Kept> pictures, Optional<String> conversation) {
        Optional<Kept> find(String id) {
            return pictures.stream()
                    .filter(kept -> kept.order().id().equals(id))
                    .findFirst();
        }
    }

    /** @return fails with {@link ApiException} when this tenant has no such picture or conversation */
    public Future<Beginning> begin(String tenant, PictureRequest request) {
        return history(tenant, request.talk())
                .compose(history -> refiner.refine(past(history.pictures()), request.prompt())
                        .compose(refined -> begin(tenant, request, history, refined)));
    }

    private Future<History> history(String tenant, PictureRequest.Talk talk) {
        Future<Void> known = talk.conversation().isPresent() && conversations.isPresent()
                ? conversations.get().find(tenant, talk.conversation().get()).mapEmpty()
                : Future.succeededFuture();
        return known.compose(exists -> talk.previous().isPresent()
                ? chain(tenant, talk.previous().get(), new ArrayList<>())
                        .map(pictures ->
                                new History(pictures, talk.conversation().or(() -> last(pictures)
                                        .order()
                                        .lineage()
                                        .conversation())))
                : library.conversation(tenant, talk.conversation().orElseThrow())
                        .map(pictures -> new History(newest(pictures), talk.conversation())));
    }

    private static List<Kept> newest(List<Kept> pictures) {
        return pictures.subList(Math.max(0, pictures.size() - MOST_BEFORE), pictures.size());
    }

    private static Kept last(List<Kept> pictures) {
        return pictures.get(pictures.size() - 1);
    }

    /** @return a picture and those that it comes from, the oldest first */
    private Future<List<Kept>> chain(String tenant, String id, List<Kept> newestFirst) {
        return library.find(tenant, id).compose(found -> {
            if (found.isEmpty() && newestFirst.isEmpty()) {
                return Future.failedFuture(new ApiException(unknown(id)));
            }
            found.ifPresent(newestFirst::add);
            Optional<String> parent =
                    found.flatMap(kept -> kept.order().lineage().parent());
            if (parent.isPresent() && newestFirst.size() < MOST_BEFORE) {
                return chain(tenant, parent.get(), newestFirst);
            }
            Collections.reverse(newestFirst);
            return Future.succeededFuture(newestFirst);
        });
    }

    private static ApiError unknown(String id) {
        return ApiError.field(
                "previous_image_id",
                "image_not_found",
                "No image '" + Json.excerpt(id) + "' is kept. Say the id of one that GET /v1/images lists.");
    }

    private static List<Turn> past(List<Kept> pictures) {
        return pictures.stream()
                .map(kept -> new Turn(
                        kept.order().id(),
                        kept.order().spec().prompt(),
                        kept.order().spec().negativePrompt(),
                        kept.order().spec().seed(),
                        kept.order().lineage().asked()))
                .toList();
    }

    private Future<Beginning> begin(String tenant, PictureRequest request, History history, Refinement refined) {
        Optional<Kept> about = refined.of().flatMap(history::find);
        Optional<PictureSpec> parent = about.map(kept -> kept.order().spec());
        Optional<Origin> origin = origin(refined.start(), history);
        return source(tenant, origin)
                .map(source -> new Beginning(
                        refined.prompt(),
                        refined.negativePrompt(),
                        seed(refined.start(), history),
                        source,
                        parent,
                        new Lineage(
                                request.prompt(),
                                about.map(kept -> kept.order().id()),
                                history.conversation(),
                                source.flatMap(found -> origin)),
                        notes(refined)));
    }

    private static List<String> notes(Refinement refined) {
        List<String> notes = new ArrayList<>(refined.understood());
        if (!refined.unclear().isEmpty()) {
            notes.add("not understood: " + String.join(" ", refined.unclear()));
        }
        return notes;
    }

    private static OptionalLong seed(Start start, History history) {
        String of = start instanceof SameNoise same ? same.of() : start instanceof FromPicture from ? from.of() : "";
        return history.find(of)
                .map(kept -> OptionalLong.of(kept.order().spec().seed()))
                .orElse(OptionalLong.empty());
    }

    private static Optional<Origin> origin(Start start, History history) {
        if (start instanceof NewNoise) {
            return Optional.empty();
        }
        if (start instanceof FromPicture from) {
            return Optional.of(new Origin(from.of(), from.strength()));
        }
        return history.find(((SameNoise) start).of())
                .flatMap(kept -> kept.order().lineage().origin());
    }

    /** @return empty when there is none, or it was deleted */
    private Future<Optional<PictureSource>> source(String tenant, Optional<Origin> origin) {
        return origin.isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : library.content(tenant, origin.get().imageId())
                        .map(content -> content.map(picture -> new PictureSource(
                                picture, Optional.empty(), origin.get().strength())));
    }
}
