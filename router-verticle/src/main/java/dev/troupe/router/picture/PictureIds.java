package dev.troupe.router.picture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Ids of pictures and seeds of requests: at random, or, where a client has named its request, by the name, so that every router finds the
 * same. Nobody guesses either: without the tenant's key a name opens nothing.
 *
 * @param name of the request, hashed with its tenant; empty: none
 */
public record PictureIds(Optional<String> name) {
    private static final Pattern ID = Pattern.compile("img_[0-9a-f]{48}");
    private static final int BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    public static PictureIds random() {
        return new PictureIds(Optional.empty());
    }

    /** @param key that the client has given its request */
    public static PictureIds named(String tenant, String key) {
        return new PictureIds(Optional.of(HexFormat.of().formatHex(hash(tenant + "\0" + key))));
    }

    /** @param index of the picture in its request */
    public String id(int index) {
        byte[] bytes = new byte[BYTES];
        name.ifPresentOrElse(
                known -> System.arraycopy(hash(known + "\0id\0" + index), 0, bytes, 0, BYTES),
                () -> RANDOM.nextBytes(bytes));
        return "img_" + HexFormat.of().formatHex(bytes);
    }

    /** @return 32 bits: what every client of the field can say again */
    public long seed() {
        byte[] bytes = new byte[Integer.BYTES];
        name.ifPresentOrElse(
                known -> System.arraycopy(hash(known + "\0seed"), 0, bytes, 0, bytes.length),
                () -> RANDOM.nextBytes(bytes));
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt());
    }

    /** @return whether we could have given it; one that we never gave needs no look */
    public static boolean isOne(String id) {
        return ID.matcher(id).matches();
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
