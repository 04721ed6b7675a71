package dev.troupe.image.work;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.image.ImageRequest;
import dev.troupe.image.Lanczos;
import dev.troupe.image.Mask;
import dev.troupe.image.Picture;
import dev.troupe.image.codec.PictureReader;
import dev.troupe.image.codec.PictureWriter;
import dev.troupe.image.codec.Provenance;
import dev.troupe.image.schedule.NoiseConfig;
import dev.troupe.image.schedule.Sampler;
import java.util.Optional;

/** All that is done to a picture beside the model: its request read and checked, its files read and written, its size changed. Immutable; any thread. */
public final class Studio {
    private final NoiseConfig noise;
    private final PictureSizes sizes;
    private final int channels;
    private final String fingerprint;
    private final Writer writer;

    /** What makes files of pictures. */
    public interface Writer {
        /** The same always gives the same bytes. */
        EncodedPicture write(Picture picture, PictureOutput output, Provenance provenance);
    }

    /**
     * @param channels of the model's pictures
     * @param fingerprint of its weights
     */
    public Studio(NoiseConfig noise, PictureSizes sizes, int channels, String fingerprint) {
        this(noise, sizes, channels, fingerprint, PictureWriter::write);
    }

    /** With files of another kind, for tests. */
    public Studio(NoiseConfig noise, PictureSizes sizes, int channels, String fingerprint, Writer writer) {
        this.noise = noise;
        this.sizes = sizes;
        this.channels = channels;
        this.fingerprint = fingerprint;
        this.writer = writer;
    }

    /** @return what is wrong with a request, in words for whoever made it, as far as can be said without reading files */
    Optional<String> problem(PictureSpec spec) {
        try {
            made(spec);
            Sampler.parse(spec.sampler()).plan(noise, spec.steps(), 0);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** @throws IllegalArgumentException if the size is not made here */
    PictureSizes.Made made(PictureSpec spec) {
        return sizes.made(spec.width(), spec.height());
    }

    /**
     * Reads a request and its files.
     *
     * @throws IllegalArgumentException if that cannot be, with the reason in words for whoever made it
     */
    public Prepared prepare(PictureSpec spec) {
        PictureSizes.Made made = made(spec);
        Optional<ImageRequest.Source> source = Optional.empty();
        Optional<Prepared.Kept> kept = Optional.empty();
        if (spec.source().isPresent()) {
            PictureSource from = spec.source().get();
            Picture picture = PictureReader.read(from.picture(), channels);
            Optional<Mask> mask = from.mask().map(PictureReader::mask);
            source = Optional.of(new ImageRequest.Source(
                    Lanczos.scale(picture, made.width(), made.height()),
                    from.strength(),
                    mask.map(m -> Lanczos.scale(m, made.width(), made.height()))));
            boolean scaled = made.width() != spec.width() || made.height() != spec.height();
            kept = mask.filter(m -> scaled)
                    .map(m -> new Prepared.Kept(
                            Lanczos.scale(picture, spec.width(), spec.height()),
                            Lanczos.scale(m, spec.width(), spec.height())));
        }
        return new Prepared(
                new ImageRequest(
                        spec.prompt(),
                        spec.negativePrompt(),
                        made.width(),
                        made.height(),
                        spec.steps(),
                        spec.guidance(),
                        spec.seed(),
                        Sampler.parse(spec.sampler()),
                        source),
                kept);
    }

    /**
     * Brings a picture to the size that was asked for and writes it.
     *
     * @throws IllegalArgumentException if it cannot be written, with the reason in words for whoever asked
     */
    public EncodedPicture write(Picture picture, PictureSpec spec, Prepared prepared, PictureOutput output) {
        Picture whole = Lanczos.scale(picture, spec.width(), spec.height());
        return writer.write(
                prepared.kept()
                        .map(kept -> whole.over(kept.source(), kept.mask()))
                        .orElse(whole),
                output,
                Provenance.of(spec, fingerprint));
    }
}
