/**
 * The networks of a diffusers directory on the device: what their configurations say, one program for each written from its configuration,
 * their weights, and adapters merged into these.
 *
 * <p>May use {@code models} for files and {@code device} for where it runs. A loaded network belongs to one thread at a time.
 */
package dev.troupe.image.model;
