package dev.troupe.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The operator's own key, in a file of the data folder that only its owner may read. Nobody is ever told more of it than where it lies.
 *
 * @param file that holds it
 * @param secret what stands in it
 * @param madeAt seconds since 1970
 */
record AdminKey(Path file, KeySecret secret, long madeAt) {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    static Path in(Path data) {
        return data.resolve("admin.key");
    }

    /**
     * Makes one, unless there is one. Of several processes that do so at once one makes it, and all have the same.
     *
     * @throws UserError when the file cannot be kept, is not a key, or others may read it
     */
    static AdminKey of(Path data, SecureRandom random) {
        Path file = in(data);
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(data);
                make(file, KeySecret.make(random));
            }
            return read(file);
        } catch (IOException | UnsupportedOperationException e) {
            throw new UserError("cannot keep the admin key in " + file + ": " + e, e);
        }
    }

    /** Written whole under another name first: whoever finds the file finds all of it, also after a crash. */
    private static void make(Path file, KeySecret secret) throws IOException {
        Path whole = Files.createTempFile(
                file.getParent(), "admin.key.", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(whole, secret.text() + "\n", US_ASCII);
            // Unlike a move, a link never replaces what another process has made meanwhile.
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            // The other's key is as good.
        } finally {
            Files.delete(whole);
        }
    }

    private static AdminKey read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNERS.containsAll(permissions)) {
            throw new UserError("others may read the admin key in " + file + " ("
                    + PosixFilePermissions.toString(permissions)
                    + "); if nobody has, chmod 600 it; otherwise revoke it and"
                    + " delete the file, and the next start makes a new one");
        }
        String text = Files.readString(file, US_ASCII).strip();
        KeySecret secret = KeySecret.parse(text)
                .orElseThrow(() ->
                        new UserError(file + " holds no admin key; delete it, and the next start makes a new one"));
        return new AdminKey(file, secret, Files.getLastModifiedTime(file).to(TimeUnit.SECONDS));
    }

    /** @return what the database keeps of it; made known there again, it stays as it is, also when it was revoked */
    ApiKey key() {
        return new ApiKey(
                secret.id(),
                Tenant.LOCAL,
                secret.hash(),
                Set.of(Scope.ADMIN),
                Limits.NONE,
                madeAt,
                OptionalLong.empty(),
                OptionalLong.empty());
    }
}
