/**
 * Weights and their configuration, read in place from GGUF and safetensors files by memory map.
 *
 * <p>Both formats come out alike: one {@link dev.troupe.models.weights.ModelConfig} and one set of weight names (those of
 * GGUF), with query and key rows in the order that rotate-half rope wants. Nothing here copies a whole model to the heap.
 *
 * <p>May use {@code dev.troupe.models} and Jackson. All types are immutable and safe on any thread; reading a weight may
 * wait for the disk, so it stays off event loops.
 */
package dev.troupe.models.weights;
