package dev.troupe.router.api;

import dev.troupe.store.UsageLedger.GroupBy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which usage is asked for: of requests that ended in [from, to).
 *
 * @param fromMillis since 1970
 * @param toMillis since 1970
 */
public record UsageQuery(long fromMillis, long toMillis, GroupBy groupBy) {
    private static final long DAY_SECONDS = 86_400;
    private static final long DEFAULT_DAYS = 30;
    /** Of ten thousand years. */
    private static final long MOST_SECONDS = 253_402_300_800L;

    private static final Map<String, Long> WIDTHS = Map.of("1m", 60L, "1h", 3_600L, "1d", DAY_SECONDS);
    /** OpenAI's defaults and bounds of how many buckets a page has. */
    private static final Map<String, int[]> PAGES =
            Map.of("1m", new int[] {60, 1440}, "1h", new int[] {24, 168}, "1d", new int[] {7, 31});

    /** @throws ApiException when a parameter is wrong; the last 30 days, by day, where none is named */
    public static UsageQuery of(Function<String, Optional<String>> query, long nowSeconds) {
        long to = query.apply("to").map(text -> moment("to", text)).orElse(nowSeconds + 1);
        long from = query.apply("from")
                .map(text -> moment("from", text))
                .orElse(Math.max(0, to - DEFAULT_DAYS * DAY_SECONDS));
        ordered("to", from, to);
        GroupBy groupBy = query.apply("group_by").map(UsageQuery::groupBy).orElse(GroupBy.DAY);
        return new UsageQuery(from * 1000, to * 1000, groupBy);
    }

    private static GroupBy groupBy(String word) {
        return Arrays.stream(GroupBy.values())
                .filter(by -> by.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> Fields.error(
                        "group_by",
                        "invalid_value",
                        "Invalid value: '" + Json.excerpt(word)
                                + "'. Supported values are: 'day', 'model', and 'key'."));
    }

    /**
     * A page of buckets of equal width.
     *
     * @param nextPage where the next page begins, seconds since 1970
     */
    public record Buckets(long fromMillis, long toMillis, long widthMillis, Optional<String> nextPage) {}

    /** @throws ApiException when a parameter is wrong or {@code start_time} is missing */
    public static Buckets buckets(Function<String, Optional<String>> query, long nowSeconds) {
        String word = query.apply("bucket_width").orElse("1d");
        if (!WIDTHS.containsKey(word)) {
            throw Fields.error(
                    "bucket_width",
                    "invalid_value",
                    "Invalid value: '" + Json.excerpt(word) + "'. Supported values are: '1m', '1h', and '1d'.");
        }
        long width = WIDTHS.get(word);
        long start = query.apply("start_time")
                .map(text -> moment("start_time", text))
                .orElseThrow(() -> Fields.error(
                        "start_time", "missing_required_parameter", "Missing required parameter: 'start_time'."));
        long from = query.apply("page").map(text -> moment("page", text)).orElse(start);
        long end = query.apply("end_time").map(text -> moment("end_time", text)).orElse(Math.max(from, nowSeconds) + 1);
        ordered("end_time", from, end);
        int[] page = PAGES.get(word);
        int limit = query.apply("limit").map(text -> limit(text, page[1])).orElse(page[0]);
        long to = Math.min(end, from + limit * width);
        return new Buckets(
                from * 1000, to * 1000, width * 1000, to < end ? Optional.of(Long.toString(to)) : Optional.empty());
    }

    private static int limit(String text, int most) {
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw Fields.error(
                    "limit",
                    "invalid_value",
                    "Invalid 'limit': expected an integer between 1 and " + most + ", but got '" + Json.excerpt(text)
                            + "'.");
        }
        return Integer.parseInt(text);
    }

    private static void ordered(String name, long from, long to) {
        if (to <= from) {
            throw Fields.error(name, "invalid_value", "Invalid '" + name + "': the period ends before it has begun.");
        }
    }

    /** @return seconds since 1970 */
    private static long moment(String name, String text) {
        try {
            if (text.matches("\\d{1,12}") && Long.parseLong(text) < MOST_SECONDS) {
                return Long.parseLong(text);
            }
            if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
                return notBefore1970(
                        name,
                        text,
                        LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toEpochSecond());
            }
            return notBefore1970(name, text, Instant.parse(text).getEpochSecond());
        } catch (DateTimeException e) {
            throw invalidMoment(name, text);
        }
    }

    private static long notBefore1970(String name, String text, long seconds) {
        if (seconds < 0 || seconds >= MOST_SECONDS) {
            throw invalidMoment(name, text);
        }
        return seconds;
    }

    private static ApiException invalidMoment(String name, String text) {
        return Fields.error(
                name,
                "invalid_value",
                "Invalid '" + name + "': expected seconds since 1970, a date such as 2026-01-31, or a time such as"
                        + " 2026-01-31T12:00:00Z, but got '" + Json.excerpt(text) + "'.");
    }
}
