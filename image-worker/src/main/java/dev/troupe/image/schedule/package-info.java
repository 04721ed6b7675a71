/**
 * From noise to picture on paper: the noise that a model was trained with, the samplers, and the generator that the noise comes
 * from. A sampler is a list of {@link dev.troupe.image.schedule.DenoisingStep}s, numbers that are known before the first network
 * call; what a step does is one linear combination.
 *
 * <p>Plain Java, no native memory, no thread of its own; everything is immutable.
 */
package dev.troupe.image.schedule;
