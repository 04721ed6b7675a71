package dev.troupe.worker.model;

import dev.troupe.worker.sampling.Distribution;

/** What a step answers for each wanted token. May hold native memory until closed. */
public interface StepOutput extends AutoCloseable {
    /** The likeliest token, where nothing else was asked for. */
    int likeliest(int wanted);

    /** The distribution after penalties and bias, where more than the likeliest token was asked for. */
    Distribution adjusted(int wanted);

    /** The model's own distribution, where log-probabilities were asked for. */
    Distribution raw(int wanted);

    @Override
    void close();
}
