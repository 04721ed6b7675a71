/**
 * The transformer on the device: one program text for all families, its weights, its keys and values, and one call a step. There are two
 * of it: {@code transformer.py} for PyTorch, {@code transformer.c} for the CPU alone.
 *
 * <p>May use {@code models} for what a model is and {@code device} for where it runs. Everything here belongs to one model
 * thread; nothing here knows Vert.x.
 */
package dev.troupe.worker.model;
