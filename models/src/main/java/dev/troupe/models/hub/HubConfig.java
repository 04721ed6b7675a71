package dev.troupe.models.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the hub keeps and finds things.
 *
 * @param data directory of everything Troupe keeps; models go under {@code models} in it
 * @param huggingFace base address of the Hugging Face hub or a mirror
 * @param token for models that need an account there
 * @param pythons commands to try as Python 3, in order
 * @param retryPause before a broken transfer is taken up again; doubles each time
 * @param stallLimit without a byte before a transfer counts as broken
 */
public record HubConfig(
        Path data,
        URI huggingFace,
        Optional<String> token,
        List<String> pythons,
        Duration retryPause,
        Duration stallLimit) {
    public HubConfig {
        data = data.toAbsolutePath().normalize();
        Objects.requireNonNull(huggingFace, "huggingFace");
        Objects.requireNonNull(token, "token");
        pythons = List.copyOf(pythons);
        Objects.requireNonNull(retryPause, "retryPause");
        Objects.requireNonNull(stallLimit, "stallLimit");
    }

    /**
     * From the environment: {@code TROUPE_DATA} (or system property {@code troupe.data}; else {@code .troupe} in the home
     * directory), and the Hugging Face hub's own {@code HF_ENDPOINT} and {@code HF_TOKEN}.
     */
    public static HubConfig fromEnvironment() {
        String data = System.getProperty("troupe.data", System.getenv("TROUPE_DATA"));
        return of(data == null || data.isBlank() ? Path.of(System.getProperty("user.home"), ".troupe") : Path.of(data));
    }

    /** With a given data directory, and the rest from the environment. */
    public static HubConfig of(Path data) {
        String endpoint = System.getenv("HF_ENDPOINT");
        return new HubConfig(
                data,
                URI.create(endpoint == null || endpoint.isBlank() ? "https://huggingface.co" : endpoint),
                Optional.ofNullable(System.getenv("HF_TOKEN")).filter(token -> !token.isBlank()),
                List.of("python3", "python"),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
    }

    Path models() {
        return data.resolve("models");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "HubConfig[data=" + data + ", huggingFace=" + huggingFace + ", pythons=" + pythons + "]";
    }
}
