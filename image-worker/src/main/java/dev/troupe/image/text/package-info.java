/**
 * CLIP's own tokenizer: from a prompt to the fixed number of ids that the text encoder reads, and what of the prompt did not fit.
 *
 * <p>Plain Java, immutable, safe on any thread.
 */
package dev.troupe.image.text;
