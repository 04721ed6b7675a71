package dev.troupe.router.picture;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Paths that show one picture to whoever has them, until they expire: HMAC-SHA-256 (RFC 2104) over the picture, its tenant and the second
 * when that is. Any thread.
 */
public final class PictureUrls {
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final Duration life;

    /** What a signature is found to be. */
    public enum Standing {
        GOOD,
        /** It was good once. */
        EXPIRED,
        WRONG
    }

    /** @param secret that all routers of the pool share */
    public PictureUrls(byte[] secret, Duration life) {
        this.key = new SecretKeySpec(secret, HMAC);
        this.life = life;
    }

    /**
     * @param nowSeconds since 1970
     * @return from the root of the server on
     */
    public String path(String tenant, String id, long nowSeconds) {
        long expires = nowSeconds + life.toSeconds();
        return "/v1/images/" + id + "/content?expires=" + expires + "&signature=" + sign(tenant, id, expires);
    }

    public Standing check(String tenant, String id, String expires, String signature, long nowSeconds) {
        if (!expires.matches("\\d{1,12}")) {
            return Standing.WRONG;
        }
        byte[] wanted = sign(tenant, id, Long.parseLong(expires)).getBytes(StandardCharsets.UTF_8);
        // In constant time: how much of a signature is right is nobody's business.
        if (!MessageDigest.isEqual(wanted, signature.getBytes(StandardCharsets.UTF_8))) {
            return Standing.WRONG;
        }
        return Long.parseLong(expires) > nowSeconds ? Standing.GOOD : Standing.EXPIRED;
    }

    private String sign(String tenant, String id, long expires) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            // No part may hold what parts them.
            byte[] signed =
                    mac.doFinal(("picture\0" + id + "\0" + tenant + "\0" + expires).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
