package dev.troupe.node.admin;

import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.node.DataOption;
import dev.troupe.node.TrustOption;
import dev.troupe.node.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which pool is administered, and by whom. */
final class AdminOptions {
    static final String KEY = "TROUPE_ADMIN_KEY";

    @Option(names = "--url", paramLabel = "URL", description = "Any router of the pool (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--admin-key-file",
            paramLabel = "FILE",
            description = "File with the admin key (default: $$" + KEY
                    + ", else admin.key in the data folder, where serve" + " keeps it).")
    private Path keyFile;

    @Mixin
    private TrustOption trust;

    @Mixin
    private DataOption data;

    AdminClient client() {
        return new AdminClient(trust.client(), url, key(System.getenv()));
    }

    /** @throws UserError when there is none; says nothing of what stands in its place */
    KeySecret key(Map<String, String> environment) {
        String variable = environment.get(KEY);
        if (keyFile == null && variable != null) {
            return KeySecret.parse(variable.strip())
                    .orElseThrow(() -> new UserError(KEY + " is no key; one looks like sk-troupe-…"));
        }
        Path file = keyFile == null ? data.directory().resolve("admin.key") : keyFile;
        try {
            return KeySecret.parse(Files.readString(file).strip())
                    .orElseThrow(() -> new UserError(file + " holds no key; one looks like sk-troupe-…"));
        } catch (NoSuchFileException e) {
            throw new UserError(
                    "no admin key at " + file + ", where serve would keep it; give --admin-key-file or set " + KEY, e);
        } catch (IOException e) {
            throw new UserError("cannot read the admin key in " + file + ": " + e, e);
        }
    }
}
