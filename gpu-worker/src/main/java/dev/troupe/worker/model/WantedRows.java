package dev.troupe.worker.model;

import dev.troupe.worker.sampling.LogitRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The wanted rows in the order in which the program takes them, those that only want their likeliest token first, and
 * what is asked of the others.
 */
final class WantedRows {
    private final long[] rows;
    private final int plain;
    private final int[] place;
    private final float[] temperature;
    private final boolean logprobs;
    private final List<long[]> repeatAt = new ArrayList<>();
    private final List<Float> repeat = new ArrayList<>();
    private final List<long[]> addAt = new ArrayList<>();
    private final List<Float> add = new ArrayList<>();

    /** @param sampled row of each wanted token; {@code requests} in the same order */
    WantedRows(long[] sampled, List<LogitRequest> requests) {
        rows = new long[sampled.length];
        place = new int[sampled.length];
        plain = (int) requests.stream().filter(LogitRequest::onlyLikeliest).count();
        temperature = new float[sampled.length - plain];
        logprobs = requests.stream().anyMatch(LogitRequest::logprobs);
        int nextPlain = 0;
        int nextOther = plain;
        for (int i = 0; i < sampled.length; i++) {
            LogitRequest request = requests.get(i);
            place[i] = request.onlyLikeliest() ? nextPlain++ : nextOther++;
            rows[place[i]] = sampled[i];
            if (!request.onlyLikeliest()) {
                ask(place[i] - plain, request);
            }
        }
    }

    private void ask(int row, LogitRequest request) {
        temperature[row] = request.temperature();
        for (int token : request.repeated()) {
            repeatAt.add(new long[] {row, token});
            repeat.add(request.repetition());
        }
        request.added().forEach((token, value) -> {
            addAt.add(new long[] {row, token});
            add.add(value);
        });
    }

    /** [S]. */
    long[] rows() {
        return rows;
    }

    int plain() {
        return plain;
    }

    /** Where the wanted token {@code i} stands in {@link #rows}. */
    int place(int i) {
        return place[i];
    }

    float[] temperature() {
        return temperature;
    }

    boolean logprobs() {
        return logprobs;
    }

    /** [2, N]: row among the others, token. */
    long[] repeatAt() {
        return columns(repeatAt);
    }

    float[] repeat() {
        return floats(repeat);
    }

    /** [2, N]: row among the others, token. */
    long[] addAt() {
        return columns(addAt);
    }

    float[] add() {
        return floats(add);
    }

    private static long[] columns(List<long[]> pairs) {
        var out = new long[2 * pairs.size()];
        for (int i = 0; i < pairs.size(); i++) {
            out[i] = pairs.get(i)[0];
            out[pairs.size() + i] = pairs.get(i)[1];
        }
        return out;
    }

    private static float[] floats(List<Float> values) {
        var out = new float[values.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = values.get(i);
        }
        return out;
    }
}
