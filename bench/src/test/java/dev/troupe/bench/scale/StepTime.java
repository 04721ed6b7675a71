package dev.troupe.bench.scale;

import java.util.Arrays;
import java.util.List;

/**
 * How long a step takes, as a sum: all in milliseconds.
 *
 * @param decodeFixed of a step with decodes: weights are read once, whoever decodes
 * @param perDecode for each sequence that decodes
 * @param perDecodeContext for each token that such a sequence looks back at
 * @param promptFixed of a step with rows of prompts
 * @param perRow for each of them
 * @param perRowContext for each row and token of the sequence's length after it
 */
record StepTime(
        double decodeFixed,
        double perDecode,
        double perDecodeContext,
        double promptFixed,
        double perRow,
        double perRowContext) {

    /**
     * One cell of a table.
     *
     * @param count sequences that decode, or rows of a prompt
     * @param length of each sequence at the end of the step
     */
    record Cell(int count, int length, double millis) {}

    /** The best sums for these tables, by relative error. */
    static StepTime fit(List<Cell> decodes, List<Cell> prompts) {
        double[] decode = fit(decodes);
        double[] prompt = fit(prompts);
        return new StepTime(decode[0], decode[1], decode[2], prompt[0], prompt[1], prompt[2]);
    }

    /** @param text the six numbers, with commas between them */
    static StepTime parse(String text) {
        double[] given = Arrays.stream(text.split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        if (given.length != 6) {
            throw new IllegalArgumentException("a step's time has six numbers, not \"" + text + "\"");
        }
        return new StepTime(given[0], given[1], given[2], given[3], given[4], given[5]);
    }

    private static double[] fit(List<Cell> cells) {
        double[][] rows = new double[cells.size()][];
        for (int i = 0; i < rows.length; i++) {
            Cell cell = cells.get(i);
            double weight = 1 / cell.millis();
            rows[i] = new double[] {weight, cell.count() * weight, (double) cell.count() * cell.length() * weight, 1};
        }
        return LeastSquares.solve(rows);
    }

    /** @param context tokens that all who decode look back at, together */
    double decode(int sequences, long context) {
        return sequences == 0 ? 0 : decodeFixed + perDecode * sequences + perDecodeContext * context;
    }

    /** @param rowContext sum over chunks of rows times length after the chunk */
    double prompt(int rows, long rowContext) {
        return rows == 0 ? 0 : promptFixed + perRow * rows + perRowContext * rowContext;
    }

    /** Both in one step: they share the larger of what is fixed. */
    double step(int sequences, long context, int rows, long rowContext) {
        double both = decode(sequences, context) + prompt(rows, rowContext);
        return sequences > 0 && rows > 0 ? both - Math.min(decodeFixed, promptFixed) : both;
    }
}
