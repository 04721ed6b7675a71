package dev.troupe.node.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.node.MemorySize;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** Rows for people, each column as wide as it must be. */
final class Table {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(List.of(heads));
    }

    /** @param cells as many as there are heads */
    void add(String... cells) {
        rows.add(List.of(cells));
    }

    void print(PrintWriter out) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append(row.get(column))
                        .append(" ".repeat(widths[column] - row.get(column).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** @param empty what to say of none */
    static String words(JsonNode list, String empty) {
        StringJoiner words = new StringJoiner(",").setEmptyValue(empty);
        list.forEach(word -> words.add(word.asText()));
        return words.toString();
    }

    /** Such as {@code 60 rpm, 1000 tpm}, in the words of the options. */
    static String limits(JsonNode limits) {
        StringJoiner text = new StringJoiner(", ").setEmptyValue("-");
        limits.properties().forEach(limit -> {
            if (!limit.getValue().isNull()) {
                text.add(limit(limit.getKey(), limit.getValue().asLong()));
            }
        });
        return text.toString();
    }

    private static String limit(String kind, long most) {
        return switch (kind) {
            case "requests_per_minute" -> most + " rpm";
            case "tokens_per_minute" -> most + " tpm";
            case "images_per_minute" -> most + " ipm";
            case "concurrent_requests" -> most + " at once";
            case "tokens_per_day" -> most + " tokens/day";
            case "storage_bytes" -> MemorySize.text(most) + " stored";
            default -> most + " " + kind;
        };
    }

    /** @param seconds since 1970, or null */
    static String time(JsonNode seconds) {
        return seconds.isNumber() ? TIME.format(Instant.ofEpochSecond(seconds.asLong())) : "-";
    }
}
