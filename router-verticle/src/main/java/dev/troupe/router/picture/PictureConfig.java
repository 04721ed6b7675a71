package dev.troupe.router.picture;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a router serves pictures.
 *
 * @param urlLife of a signed address
 * @param publicUrl that clients reach the pool at, such as {@code https://pictures.example}; empty: as each request says it came
 * @param mark whether every picture shows that a machine made it
 * @param policy what may be asked for
 * @param kept how long pictures stay; empty: until somebody deletes them
 */
public record PictureConfig(
        Duration urlLife, Optional<String> publicUrl, boolean mark, PromptPolicy policy, Optional<Duration> kept) {
    public static final PictureConfig DEFAULT = new PictureConfig(
            Duration.ofHours(1), Optional.empty(), false, WordListPolicy.standard(), Optional.empty());

    public PictureConfig {
        Objects.requireNonNull(policy);
        Objects.requireNonNull(kept);
        if (urlLife.toSeconds() < 1) {
            throw new IllegalArgumentException("an address must live for a second at least, not " + urlLife);
        }
        publicUrl.ifPresent(url -> {
            if (!url.matches("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._~/-]*)?") || url.endsWith("/")) {
                throw new IllegalArgumentException(
                        "\"" + url
                                + "\" is no public URL; write http:// or https://, a host, perhaps a path, and no / at the end");
            }
        });
    }
}
