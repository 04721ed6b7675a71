package dev.troupe.node;

import dev.troupe.router.picture.PictureConfig;
import dev.troupe.router.picture.PromptPolicy;
import dev.troupe.router.picture.WordListPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How pictures are served. */
final class ImageOptions {
    private static final int MOST_HOURS = 24 * 366;
    private static final int MOST_DAYS = 36_500;
    private static final String NO_LIST = "none";

    @Option(
            names = "--image-url-hours",
            paramLabel = "HOURS",
            defaultValue = "1",
            description = "How long the signed address of a picture shows it (default: ${DEFAULT-VALUE}).")
    private int urlHours;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description =
                    "Where clients reach this pool, such as https://pictures.example: what addresses of pictures begin"
                            + " with (default: as a trusted proxy or the request itself says).")
    private String publicUrl;

    @Option(
            names = "--image-word-list",
            paramLabel = "FILE",
            description =
                    "Words that no prompt for a picture may have, one rule a line (default: a small list of our own;"
                            + " none: everything may be asked for). See docs/images.md.")
    private String wordList;

    @Option(names = "--image-mark", description = "Show in a corner of every picture that a machine made it.")
    private boolean mark;

    @Option(
            names = "--image-days",
            paramLabel = "DAYS",
            description = "How long pictures are kept (default: until they are deleted).")
    private Integer days;

    /** @throws UserError that names the option */
    PictureConfig pictures() {
        if (urlHours < 1 || urlHours > MOST_HOURS) {
            throw new UserError("--image-url-hours must be between 1 and " + MOST_HOURS + ", not " + urlHours);
        }
        if (days != null && (days < 1 || days > MOST_DAYS)) {
            throw new UserError("--image-days must be between 1 and " + MOST_DAYS + ", not " + days);
        }
        try {
            return new PictureConfig(
                    Duration.ofHours(urlHours),
                    Optional.ofNullable(publicUrl),
                    mark,
                    policy(),
                    Optional.ofNullable(days).map(Duration::ofDays));
        } catch (IllegalArgumentException e) {
            throw new UserError("--public-url: " + e.getMessage(), e);
        }
    }

    private PromptPolicy policy() {
        if (wordList == null) {
            return WordListPolicy.standard();
        }
        if (wordList.equals(NO_LIST)) {
            return PromptPolicy.NONE;
        }
        try {
            return WordListPolicy.of(Files.readString(Path.of(wordList)));
        } catch (IOException e) {
            throw new UserError("cannot read --image-word-list " + wordList + ": " + e, e);
        } catch (IllegalArgumentException e) {
            throw new UserError("--image-word-list " + wordList + ": " + e.getMessage(), e);
        }
    }
}
