package dev.troupe.router.picture;

import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.tenant.Share;
import java.util.Objects;
import java.util.Optional;

/**
 * One picture that somebody has asked for: all that any router needs to have it made, kept and accounted for.
 *
 * @param id of the picture, and of the job that makes it: {@code img_…}
 * @param tenant whose it is
 * @param keyId that it was asked for with
 * @param fingerprint of the weights that shall make it
 * @param share where it stands among the others
 * @param lineage where it comes from
 * @param created milliseconds since 1970: turns of a talk follow each other within a second
 */
public record PictureOrder(
        String id,
        String tenant,
        Optional<String> keyId,
        String fingerprint,
        Share share,
        PictureSpec spec,
        Lineage lineage,
        long created) {

    /**
     * What a picture remembers of the talk that led to it.
     *
     * @param asked in the user's words
     * @param parent the picture that it refines
     * @param conversation that it is a turn of
     * @param origin the kept picture that it starts from, which need not be its parent
     */
    public record Lineage(
            String asked, Optional<String> parent, Optional<String> conversation, Optional<Origin> origin) {
        public Lineage {
            Objects.requireNonNull(asked);
            Objects.requireNonNull(origin);
            Objects.requireNonNull(parent);
            Objects.requireNonNull(conversation);
        }

        /** Somebody's words are not for a log. */
        @Override
        public String toString() {
            return "Lineage[" + parent.orElse("-") + ", " + conversation.orElse("-") + "]";
        }
    }

    /**
     * A kept picture that another starts from.
     *
     * @param strength 0 is that picture as it is, 1 keeps next to nothing of it
     */
    public record Origin(String imageId, double strength) {
        public Origin {
            Objects.requireNonNull(imageId);
        }
    }

    public PictureOrder {
        Objects.requireNonNull(id);
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(keyId);
        Objects.requireNonNull(fingerprint);
        Objects.requireNonNull(share);
        Objects.requireNonNull(spec);
        Objects.requireNonNull(lineage);
    }

    /** @return another picture of the same request */
    public PictureOrder renamed(String newId, long newSeed) {
        return new PictureOrder(newId, tenant, keyId, fingerprint, share, spec.withSeed(newSeed), lineage, created);
    }
}
