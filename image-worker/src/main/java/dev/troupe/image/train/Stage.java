package dev.troupe.image.train;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;

/**
 * One thing that is trained. All that a step depends on is what {@link #save} writes, the seed, and the step's number: so a stage goes on
 * after a death as if there had been none.
 */
interface Stage extends AutoCloseable {

    /**
     * Does a step.
     *
     * @param number from 0
     * @return the loss
     */
    double step(int number) throws IOException;

    /** Pictures of one step. */
    int batch();

    /** Writes what the next step depends on. */
    void save(DataOutputStream out) throws IOException;

    /** Writes what is served, from the moving means. */
    void export() throws IOException;

    /** Measures that tell more than the loss, and take seconds. */
    Map<String, Double> watch() throws IOException;

    @Override
    void close();
}
