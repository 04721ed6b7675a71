package dev.troupe.cluster.tenant;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as its owner holds it: {@code sk-troupe-ID-SECRET}, where ID is 12 characters of base32, by which the key is found and named, and
 * SECRET is 32 random bytes in base64url, which nobody keeps but its owner.
 *
 * <p>Not a record, and without {@code equals}: the one way to compare secrets takes as long whatever they have in common.
 */
public final class KeySecret {
    private static final String ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 12;
    private static final int SECRET_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("sk-troupe-([a-z2-7]{12})-[A-Za-z0-9_-]{43}");

    private final String id;
    private final String text;
    private final String hash;

    private KeySecret(String id, String text) {
        this.id = id;
        this.text = text;
        this.hash = HexFormat.of().formatHex(sha256(text));
    }

    /** @return a new one, which nobody can guess */
    public static KeySecret make(SecureRandom random) {
        byte[] drawn = new byte[ID_LENGTH];
        random.nextBytes(drawn);
        StringBuilder id = new StringBuilder();
        for (byte each : drawn) {
            id.append(ID_CHARACTERS.charAt(each & 31));
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new KeySecret(
                id.toString(),
                "sk-troupe-" + id + "-"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** @return empty when the text is no key of Troupe's, whether good or not */
    public static Optional<KeySecret> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() ? Optional.of(new KeySecret(matcher.group(1), text)) : Optional.empty();
    }

    /** @return what is public of it */
    public String id() {
        return id;
    }

    /** @return all of it, the secret too: for its owner's eyes, once */
    public String text() {
        return text;
    }

    /** @return SHA-256 of all of it, in hex: what may be kept */
    public String hash() {
        return hash;
    }

    /** @return whether it is the secret of that key; takes as long for any two secrets */
    public boolean matches(ApiKey key) {
        return MessageDigest.isEqual(hash.getBytes(US_ASCII), key.hash().getBytes(US_ASCII));
    }

    /** Says nothing that helps to find the secret. */
    @Override
    public String toString() {
        return "KeySecret[" + id + "]";
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
