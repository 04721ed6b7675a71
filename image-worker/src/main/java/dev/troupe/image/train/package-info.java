/**
 * The training of the default model of pictures, by the programs that serve it: data and captions, the stages, checkpoints, and measures.
 *
 * <p>{@link dev.troupe.image.train.ImageTraining} is the entrance. Data, captions, colours and measures are plain Java; what learns is {@link
 * dev.troupe.image.model.Learner}. A training belongs to one thread, beside which samples are made on all cores; nothing here is
 * used in serving.
 */
package dev.troupe.image.train;
