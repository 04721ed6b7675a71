package dev.troupe.image;

import dev.troupe.image.schedule.DenoisingPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Moves pictures from noise to what was asked for, one step at a time, as many of them in one pass of the network as the caller names. They
 * join and leave between steps; each has its own number of steps, sampler, guidance, seed, and place on its way. It decides nothing: who is
 * next, and for how long, is the caller's business.
 *
 * <p>A picture depends on its request alone and, within the rounding of the kernels, on nothing that shares a pass with it. So it can be
 * made again by anybody from its request, and gone on with from a {@link LatentState}.
 *
 * <p>Not thread-safe: lives on the thread that owns the model.
 */
public final class Denoiser implements AutoCloseable {
    private final ImageModel model;
    private final int maxRows;
    private final TextCache texts;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /**
     * @param model closed with this
     * @param maxRows of the network in one pass; a guided picture takes two. More are done in several passes
     * @param cachedTexts how many texts are remembered
     */
    public Denoiser(ImageModel model, int maxRows, int cachedTexts) {
        if (maxRows < 2 || cachedTexts < 2) {
            throw new IllegalArgumentException(
                    "a guided picture takes two rows and two texts: not " + maxRows + " and " + cachedTexts);
        }
        this.model = model;
        this.maxRows = maxRows;
        this.texts = new TextCache(cachedTexts);
    }

    /**
     * Where a picture is after a step.
     *
     * @param done steps of it that have been done
     * @param of so many; fewer than asked for where it starts from another picture
     * @param failure why it has been given up, if it has; in words for whoever asked for it
     */
    public record Progress(String id, int done, int of, Optional<String> failure) {
        /** Whether {@link #finish} is next. */
        public boolean isDone() {
            return failure.isEmpty() && done == of;
        }
    }

    /**
     * Takes a picture in.
     *
     * @param id the caller's name for it
     * @param owner whose it is; texts are remembered for each apart
     * @return what whoever asked should be told, such as that the end of the prompt does not fit
     * @throws IllegalArgumentException if the model cannot make it, with the reason in words for whoever asked; or the id is taken
     */
    public List<String> join(String id, String owner, ImageRequest request) {
        if (rows.containsKey(id)) {
            throw new IllegalArgumentException("picture " + id + " is here already");
        }
        LatentSize size = model.latents(request.width(), request.height());
        DenoisingPlan plan = request.sampler().plan(model.noise(), request.steps(), request.skipped());
        float[] source =
                request.source().map(from -> model.encode(from.picture())).orElseGet(() -> new float[0]);
        float[] mask = request.source()
                .flatMap(ImageRequest.Source::mask)
                .map(m -> m.shrunk(model.factor()))
                .orElseGet(() -> new float[0]);
        TextEmbedding prompt = texts.get(owner, request.prompt(), model::encodeText);
        TextEmbedding negative =
                request.isGuided() ? texts.get(owner, request.negativePrompt(), model::encodeText) : prompt;
        rows.put(id, new Row(request, size, plan, model.noise().prediction(), prompt, negative, source, mask));
        Optional<String> ofNegative = request.isGuided() ? negative.warning("the negative prompt") : Optional.empty();
        return Stream.of(prompt.warning("the prompt"), ofNegative)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Takes in a picture that has been begun elsewhere.
     *
     * @throws IllegalArgumentException as {@link #join}, or if the state is not one of such a picture
     */
    public List<String> resume(String id, String owner, ImageRequest request, LatentState state) {
        List<String> warnings = join(id, owner, request);
        try {
            rows.get(id).resume(state);
        } catch (IllegalArgumentException e) {
            rows.remove(id);
            throw e;
        }
        return warnings;
    }

    /**
     * Does one step of each of these pictures. Where it fails as a whole, none of those that were in the same pass has moved, and the call may be
     * repeated with fewer.
     *
     * @param ids none that {@link Progress#isDone is done}
     * @return where each is now, in the order given; those that have failed are gone
     * @throws IllegalArgumentException if an id is unknown or its picture is done
     * @throws dev.troupe.device.DeviceException if the device fails
     */
    public List<Progress> step(Collection<String> ids) {
        var order = new LinkedHashSet<>(ids);
        var bySize = new LinkedHashMap<LatentSize, List<String>>();
        for (String id : order) {
            Row row = row(id);
            if (row.isDone()) {
                throw new IllegalArgumentException("picture " + id + " has no step left");
            }
            bySize.computeIfAbsent(row.size(), size -> new ArrayList<>()).add(id);
        }
        var done = new LinkedHashMap<String, Progress>();
        bySize.forEach((size, same) -> passes(same).forEach(pass -> step(size, pass, done)));
        return order.stream().map(done::get).toList();
    }

    private List<List<String>> passes(List<String> ids) {
        var passes = new ArrayList<List<String>>();
        int room = 0;
        for (String id : ids) {
            int width = rows.get(id).width();
            if (passes.isEmpty() || width > room) {
                passes.add(new ArrayList<>());
                room = maxRows;
            }
            passes.get(passes.size() - 1).add(id);
            room -= width;
        }
        return passes;
    }

    private void step(LatentSize size, List<String> ids, Map<String, Progress> done) {
        int width = ids.stream().mapToInt(id -> rows.get(id).width()).sum();
        var latents = new float[width * size.count()];
        var times = new float[width];
        var embeddings = new ArrayList<TextEmbedding>();
        for (String id : ids) {
            Row row = rows.get(id);
            for (int i = 0; i < row.width(); i++) {
                int at = embeddings.size();
                row.putInput(latents, at * size.count());
                times[at] = row.timestep();
                embeddings.add(i == 0 ? row.prompt() : row.negative());
            }
        }
        float[] answers = model.predict(size, latents, times, embeddings);
        int at = 0;
        for (String id : ids) {
            Row row = rows.get(id);
            boolean well = row.apply(answers, at * size.count());
            at += row.width();
            if (!well) {
                rows.remove(id);
            }
            Optional<String> failure = well
                    ? Optional.empty()
                    : Optional.of("the picture left the range of numbers in step " + row.done()
                            + "; try less guidance, more steps or another sampler");
            done.put(id, new Progress(id, row.done(), row.steps(), failure));
        }
    }

    /** Where a picture is. */
    public Progress progress(String id) {
        Row row = row(id);
        return new Progress(id, row.done(), row.steps(), Optional.empty());
    }

    /** All that is needed to go on with a picture elsewhere. */
    public LatentState state(String id) {
        return row(id).state();
    }

    /** What the picture looks like so far, from the network's own estimate of its end; mere noise before the first step. */
    public Picture preview(String id) {
        Row row = row(id);
        return composed(row, row.estimate());
    }

    /**
     * Gives a picture that is done, and forgets it.
     *
     * @throws IllegalArgumentException if it is unknown or has steps left
     */
    public Picture finish(String id) {
        Picture picture = look(id);
        rows.remove(id);
        return picture;
    }

    /**
     * Gives a picture that is done.
     *
     * @throws IllegalArgumentException if it is unknown or has steps left
     */
    public Picture look(String id) {
        Row row = row(id);
        if (!row.isDone()) {
            throw new IllegalArgumentException(
                    "picture " + id + " has done " + row.done() + " of " + row.steps() + " steps");
        }
        return row.steps() == 0
                ? row.request().source().orElseThrow().picture() // nothing was to change: not even by coding
                : composed(row, row.latents());
    }

    private Picture composed(Row row, float[] latents) {
        Picture picture = model.decode(row.size(), latents);
        return row.request()
                .source()
                .flatMap(from -> from.mask().map(mask -> picture.over(from.picture(), mask)))
                .orElse(picture);
    }

    /** Forgets a picture. @return whether it was here */
    public boolean cancel(String id) {
        return rows.remove(id) != null;
    }

    /** Pictures that have joined and neither finished, failed nor been cancelled. */
    public int size() {
        return rows.size();
    }

    private Row row(String id) {
        Row row = rows.get(id);
        if (row == null) {
            throw new IllegalArgumentException("there is no picture " + id);
        }
        return row;
    }

    @Override
    public void close() {
        rows.clear();
        model.close();
    }
}
