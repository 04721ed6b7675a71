package dev.troupe.worker.model;

import ai.djl.ndarray.NDArray;
import dev.troupe.device.NativeScope;
import dev.troupe.worker.sampling.Distribution;
import dev.troupe.worker.sampling.Ranking;
import java.util.Arrays;
import java.util.List;

/** The answer of the program's step; the tensors stay on the device until somebody wants a whole row. */
final class TorchStepOutput implements StepOutput {
    /** Tokens of a distribution that come back without being asked for. */
    static final int CANDIDATES = 64;

    /** Tensors of one kind of distribution in the answer: ids, logits, sums, whole rows. */
    private static final int PARTS = 4;

    private final NativeScope scope;
    private final WantedRows wanted;
    private final long[] likeliest;
    private final List<NDArray> adjusted;
    private final List<NDArray> raw;

    TorchStepOutput(NativeScope scope, WantedRows wanted, List<NDArray> answer) {
        this.scope = scope;
        this.wanted = wanted;
        int first = wanted.plain() > 0 ? 1 : 0;
        likeliest = first > 0 ? answer.get(0).toLongArray() : new long[0];
        boolean others = wanted.rows().length > wanted.plain();
        adjusted = others ? answer.subList(first, first + PARTS) : List.of();
        raw = others && wanted.logprobs() ? answer.subList(first + PARTS, first + 2 * PARTS) : List.of();
    }

    @Override
    public int likeliest(int i) {
        return (int) likeliest[wanted.place(i)];
    }

    @Override
    public Distribution adjusted(int i) {
        return new Row(adjusted, wanted.place(i) - wanted.plain());
    }

    @Override
    public Distribution raw(int i) {
        return new Row(raw, wanted.place(i) - wanted.plain());
    }

    @Override
    public void close() {
        scope.close();
    }

    /** Row of: ids [S, 64], logits [S, 64], sums [S], all logits [S, V]. */
    private record Row(List<NDArray> parts, int row) implements Distribution {
        @Override
        public Ranking head() {
            long width = parts.get(0).getShape().get(1);
            long vocab = parts.get(3).getShape().get(1);
            try (NDArray ids = parts.get(0).get(row);
                    NDArray logits = parts.get(1).get(row)) {
                int[] tokens = Arrays.stream(ids.toLongArray())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                return Ranking.of(tokens, logits.toFloatArray(), width == vocab);
            }
        }

        @Override
        public float logSum() {
            return parts.get(2).toFloatArray()[row];
        }

        @Override
        public float[] logits() {
            try (NDArray one = parts.get(3).get(row)) {
                return one.toFloatArray();
            }
        }
    }
}
