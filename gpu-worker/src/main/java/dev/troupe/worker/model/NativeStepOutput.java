package dev.troupe.worker.model;

import com.sun.jna.Pointer;
import dev.troupe.worker.sampling.Distribution;
import dev.troupe.worker.sampling.LogitRequest;
import dev.troupe.worker.sampling.Ranking;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The answer of a native step; whole rows of logits stay with the model until somebody wants one, or the next step comes. */
final class NativeStepOutput implements StepOutput {
    /** As {@code transformer.c} has it. */
    private static final int CANDIDATES = 64;

    private final Pointer model;
    private final int vocab;
    private final WantedRows wanted;
    private final int[] likeliest;
    private final Heads adjusted;
    private final Heads raw;

    NativeStepOutput(Pointer model, int vocab, List<LogitRequest> requests) {
        this.model = model;
        this.vocab = vocab;
        wanted = new WantedRows(
                IntStream.range(0, requests.size()).asLongStream().toArray(), requests);
        likeliest = new int[requests.size()];
        int others = requests.size() - wanted.plain();
        adjusted = new Heads(others);
        raw = new Heads(wanted.logprobs() ? others : 0);
    }

    void run(int[] pieces, int[] tokens) {
        int[] other = IntStream.range(0, likeliest.length).map(this::row).toArray();
        int answer = TransformerLibrary.step(
                model,
                pieces,
                pieces.length / 5,
                tokens,
                tokens.length,
                other,
                other.length,
                other.length - wanted.plain(),
                wanted.logprobs() ? 1 : 0,
                ints(wanted.repeatAt()),
                wanted.repeat(),
                wanted.repeat().length,
                ints(wanted.addAt()),
                wanted.add(),
                wanted.add().length,
                wanted.temperature(),
                likeliest,
                adjusted.ids,
                adjusted.logits,
                adjusted.sums,
                raw.ids,
                raw.logits,
                raw.sums);
        NativeModel.checked(answer, "a step of " + tokens.length + " rows");
    }

    /** @return which row of logits a wanted token has; below 0 when only its likeliest token is asked for */
    private int row(int i) {
        return Math.max(-1, wanted.place(i) - wanted.plain());
    }

    private static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public int likeliest(int i) {
        return likeliest[i];
    }

    @Override
    public Distribution adjusted(int i) {
        return new Row(adjusted, row(i), 0);
    }

    @Override
    public Distribution raw(int i) {
        return new Row(raw, row(i), 1);
    }

    @Override
    public void close() {
        // The model's memory is its own.
    }

    /** The likeliest tokens of each row, [rows, 64], and sums, [rows]. */
    private static final class Heads {
        private final int[] ids;
        private final float[] logits;
        private final float[] sums;

        private Heads(int rows) {
            ids = new int[rows * CANDIDATES];
            logits = new float[rows * CANDIDATES];
            sums = new float[rows];
        }
    }

    private final class Row implements Distribution {
        private final Heads heads;
        private final int row;
        private final int kind;

        private Row(Heads heads, int row, int kind) {
            this.heads = heads;
            this.row = row;
            this.kind = kind;
        }

        @Override
        public Ranking head() {
            int from = row * CANDIDATES;
            int to = from + Math.min(CANDIDATES, vocab);
            return Ranking.of(
                    Arrays.copyOfRange(heads.ids, from, to),
                    Arrays.copyOfRange(heads.logits, from, to),
                    vocab <= CANDIDATES);
        }

        @Override
        public float logSum() {
            return heads.sums[row];
        }

        @Override
        public float[] logits() {
            var out = new float[vocab];
            TransformerLibrary.logits(model, row, kind, out);
            return out;
        }
    }
}
