/**
 * Pictures by diffusion: what is asked for, the engine that moves many pictures one step at a time in one pass of the network, and what it
 * wants of a model.
 *
 * <p>{@link dev.troupe.image.Denoiser} is the entrance: whoever schedules calls it from the one thread that owns the model. Nothing here
 * knows Vert.x. Packages beside: {@code schedule}, the samplers; {@code text}, the tokenizer; {@code model}, the networks on the device.
 */
package dev.troupe.image;
