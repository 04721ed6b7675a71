package dev.troupe.models.weights;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** A short name for what a model computes. */
final class Fingerprint {
    private static final int SAMPLE_BYTES = 1024;
    private static final int BYTES = 16;

    private Fingerprint() {}

    static String of(ModelConfig config, Map<String, Weight> weights) {
        MessageDigest digest = sha256();
        digest.update(describe(config).getBytes(StandardCharsets.UTF_8));
        for (Weight weight : new TreeMap<>(weights).values()) {
            digest.update(weight.toString().getBytes(StandardCharsets.UTF_8));
            digest.update(weight.sample(SAMPLE_BYTES));
        }
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), BYTES));
    }

    /** The order of a set is no fact about the model and changes from one JVM to the next. */
    private static String describe(ModelConfig config) {
        StringBuilder out = new StringBuilder();
        out.append(config.architecture())
                .append(' ')
                .append(config.layers())
                .append(' ')
                .append(config.heads());
        out.append(' ').append(config.kvHeads()).append(' ').append(config.rmsEps());
        out.append(' ').append(config.queryScale()).append(' ').append(config.embeddingScale());
        for (int layer = 0; layer < config.layers(); layer++) {
            out.append(' ').append(config.rope(layer));
            if (config.isLocal(layer)) {
                out.append(' ').append(config.slidingWindow().orElseThrow().tokens());
            }
        }
        return out.append('\n').toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
