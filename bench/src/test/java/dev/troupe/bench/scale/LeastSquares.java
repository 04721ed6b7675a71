package dev.troupe.bench.scale;

/** Linear least squares by the normal equations, for a handful of unknowns. */
final class LeastSquares {
    private LeastSquares() {}

    /** @param rows each the factors of the unknowns, then what their sum should be */
    static double[] solve(double[][] rows) {
        int unknowns = rows[0].length - 1;
        double[][] normal = new double[unknowns][unknowns + 1];
        for (double[] row : rows) {
            for (int i = 0; i < unknowns; i++) {
                for (int j = 0; j <= unknowns; j++) {
                    normal[i][j] += row[i] * row[j];
                }
            }
        }
        for (int i = 0; i < unknowns; i++) {
            eliminate(normal, i);
        }
        double[] solution = new double[unknowns];
        for (int i = 0; i < unknowns; i++) {
            solution[i] = normal[i][unknowns] / normal[i][i];
        }
        return solution;
    }

    /** No pivoting: the matrix is positive definite unless the rows say nothing of an unknown. */
    private static void eliminate(double[][] normal, int pivot) {
        for (int other = 0; other < normal.length; other++) {
            if (other != pivot) {
                double factor = normal[other][pivot] / normal[pivot][pivot];
                for (int j = 0; j < normal[other].length; j++) {
                    normal[other][j] -= factor * normal[pivot][j];
                }
            }
        }
    }
}
