package dev.troupe.store;

import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Limits as columns of a table: one a kind, of its name. */
final class LimitColumns {
    /** With commas between them. */
    static final String NAMES = Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", "));

    /** As an update sets them. */
    static final String SET =
            Arrays.stream(Kind.values()).map(kind -> kind.word() + " = ?").collect(Collectors.joining(", "));

    private LimitColumns() {}

    /** @return in the order of {@link #NAMES} */
    static List<OptionalLong> values(Limits limits) {
        return Arrays.stream(Kind.values()).map(limits::of).toList();
    }

    static Limits read(ResultSet row) throws SQLException {
        Map<Kind, Long> most = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Statements.optionalLong(row, kind.word()).ifPresent(value -> most.put(kind, value));
        }
        return new Limits(most);
    }
}
