package dev.troupe.router.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads what is sent to {@code /admin/v1}. Every method throws {@link ApiException} when a field is wrong. */
public final class TenancyFields {
    private static final int MOST_WORDS = 100;
    private static final long MOST_GRACE_SECONDS = 30 * 86_400;

    private TenancyFields() {}

    /**
     * A key that is wanted.
     *
     * @param expiresAt seconds since 1970
     */
    public record NewKey(String tenant, Set<Scope> scopes, Limits limits, OptionalLong expiresAt) {}

    /** A new tenant. */
    public static Tenant create(ObjectNode body, long nowSeconds) {
        String name = Fields.string(Fields.root(body).required("name"), "name");
        return change(body, checked("name", () -> Tenant.named(name, nowSeconds)));
    }

    /** @return the tenant with what the body names; the rest stays */
    public static Tenant change(ObjectNode body, Tenant before) {
        Fields in = Fields.root(body);
        int weight = in.integer("weight", 1, Tenant.MOST_WEIGHT).orElse(before.weight());
        Priority priority = in.string("priority")
                .map(word -> word("priority", word, Priority::of, Priority.values(), Priority::word))
                .orElse(before.priority());
        Tenant.Logging logging = in.string("logging")
                .map(word ->
                        word("logging", word, TenancyFields::logging, Tenant.Logging.values(), TenancyFields::wordOf))
                .orElse(before.logging());
        Limits limits =
                in.object("limits").map(given -> limits(given, before.limits())).orElse(before.limits());
        Set<String> models =
                in.value("models").map(value -> words(value, "models")).orElse(before.models());
        return new Tenant(before.name(), weight, priority, limits, models, logging, before.createdAt());
    }

    /** A new key. */
    public static NewKey key(ObjectNode body, long nowSeconds) {
        Fields in = Fields.root(body);
        String tenant = Fields.string(in.required("tenant"), "tenant");
        Set<Scope> scopes = new LinkedHashSet<>();
        in.value("scopes")
                .map(value -> words(value, "scopes"))
                .orElse(Set.of(Scope.INFERENCE.word(), Scope.USAGE.word()))
                .forEach(word -> scopes.add(word("scopes", word, Scope::of, Scope.values(), Scope::word)));
        if (scopes.isEmpty()) {
            throw Fields.error(
                    "scopes", "empty_array", "A key without scopes opens nothing: name one, or leave 'scopes' out.");
        }
        Limits limits =
                in.object("limits").map(given -> limits(given, Limits.NONE)).orElse(Limits.NONE);
        return new NewKey(tenant, scopes, limits, in.wideInteger("expires_at", nowSeconds + 1, Long.MAX_VALUE));
    }

    /** @return seconds that the old key goes on */
    public static long grace(ObjectNode body) {
        return Fields.root(body)
                .wideInteger("grace_seconds", 0, MOST_GRACE_SECONDS)
                .orElse(0);
    }

    /** A limit that is null is lifted. */
    private static Limits limits(Fields in, Limits before) {
        Map<Limits.Kind, Long> most = new EnumMap<>(Limits.Kind.class);
        most.putAll(before.most());
        for (Map.Entry<String, JsonNode> entry : in.entries()) {
            String path = in.path(entry.getKey());
            Limits.Kind kind = word(path, entry.getKey(), Limits.Kind::of, Limits.Kind.values(), Limits.Kind::word);
            if (entry.getValue().isNull()) {
                most.remove(kind);
            } else {
                most.put(kind, Fields.integer(entry.getValue(), path, 0, Long.MAX_VALUE));
            }
        }
        return new Limits(most);
    }

    private static Set<String> words(JsonNode value, String path) {
        if (Fields.isEmptyArray(value, path)) {
            return Set.of();
        }
        ArrayNode array = Fields.array(value, path, MOST_WORDS);
        Set<String> words = new LinkedHashSet<>();
        for (int i = 0; i < array.size(); i++) {
            words.add(Fields.string(array.get(i), path + "[" + i + "]"));
        }
        return words;
    }

    private static <E> E word(
            String path, String word, Function<String, Optional<E>> parse, E[] all, Function<E, String> wordOf) {
        return parse.apply(word)
                .orElseThrow(() -> Fields.error(
                        path,
                        "invalid_value",
                        "Invalid value: '" + Json.excerpt(word) + "'. Supported values are: '"
                                + String.join(
                                        "', '", Arrays.stream(all).map(wordOf).toList()) + "'."));
    }

    private static Optional<Tenant.Logging> logging(String word) {
        return List.of(Tenant.Logging.values()).stream()
                .filter(logging -> wordOf(logging).equals(word))
                .findFirst();
    }

    /** @return the word of commands and JSON */
    public static String wordOf(Tenant.Logging logging) {
        return logging.name().toLowerCase(Locale.ROOT);
    }

    private static Tenant checked(String path, Supplier<Tenant> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw Fields.error(path, "invalid_value", "Invalid '" + path + "': " + e.getMessage() + ".");
        }
    }
}
