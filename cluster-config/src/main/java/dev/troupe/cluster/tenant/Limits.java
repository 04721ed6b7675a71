package dev.troupe.cluster.tenant;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a tenant or a key may use at most. A limit is the pool's, however many routers there are.
 *
 * @param most by kind; a kind that is not there is not limited
 */
public record Limits(Map<Kind, Long> most) {
    public static final Limits NONE = new Limits(Map.of());

    /** What is counted. */
    public enum Kind {
        REQUESTS_PER_MINUTE,
        /** Prompt and answer. */
        TOKENS_PER_MINUTE,
        IMAGES_PER_MINUTE,
        CONCURRENT_REQUESTS,
        /** Prompt and answer. */
        TOKENS_PER_DAY,
        STORAGE_BYTES;

        /** @return the word of JSON and SQL */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @return empty when no kind has that word */
        public static Optional<Kind> of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst();
        }
    }

    public Limits {
        most = Map.copyOf(most);
        most.forEach((kind, value) -> {
            if (value < 0) {
                throw new IllegalArgumentException(kind.word() + " must be at least 0, not " + value);
            }
        });
    }

    public OptionalLong of(Kind kind) {
        Long value = most.get(kind);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** @return the same with one limit more, or another value of it */
    public Limits with(Kind kind, long value) {
        Map<Kind, Long> changed = new EnumMap<>(Kind.class);
        changed.putAll(most);
        changed.put(kind, value);
        return new Limits(changed);
    }
}
