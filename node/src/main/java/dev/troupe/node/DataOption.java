package dev.troupe.node;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where everything that Troupe keeps lies. */
public final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for models, native libraries and the database of serve (default: $$TROUPE_DATA, else ~/.troupe).")
    private Path data;

    /** @return absolute */
    public Path directory() {
        if (data != null) {
            return data.toAbsolutePath();
        }
        String named = System.getenv("TROUPE_DATA");
        Path chosen =
                named == null || named.isBlank() ? Path.of(System.getProperty("user.home"), ".troupe") : Path.of(named);
        return chosen.toAbsolutePath();
    }
}
