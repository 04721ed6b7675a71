package dev.troupe.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hazelcast's free edition lets in everybody who knows the cluster's name, and has nothing else to know. So the password goes into the
 * name, and the name, too, is a secret from then on.
 */
final class ClusterName {
    private static final String ALGORITHM = "HmacSHA256";

    private ClusterName() {}

    /** @return a name that only those come to who have the same name and password */
    static String of(String name, String password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
