package dev.troupe.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of files. */
final class Checksum {
    private Checksum() {}

    /** In lower-case hex. */
    static String of(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        try (InputStream in = Files.newInputStream(file)) {
            var buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Deletes a file that is not what it should be, for a damaged beginning would be resumed for ever. */
    static void require(Path file, String name, long bytes, String sha256) throws IOException {
        String problem = Files.size(file) != bytes
                ? "has " + Files.size(file) + " bytes where " + bytes + " are expected"
                : !of(file).equals(sha256) ? "does not have the expected SHA-256 " + sha256 : null;
        if (problem != null) {
            Files.delete(file);
            throw new HubException("the download of " + name + " " + problem
                    + "; it was damaged on its way or replaced at its source, so it was deleted: try again");
        }
    }
}
