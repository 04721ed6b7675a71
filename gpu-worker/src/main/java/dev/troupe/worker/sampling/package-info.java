/**
 * From logits to a token: what is asked of a row of logits, and the choice. Plain Java, no
 * native memory, no thread of its own.
 */
package dev.troupe.worker.sampling;
