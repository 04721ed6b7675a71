/**
 * Text to token ids and back, on the Hugging Face tokenizers library that DJL bundles.
 *
 * <p>Whatever a model comes with, a GGUF's vocabulary or a {@code tokenizer.json}, it becomes one {@code tokenizer.json},
 * which travels in the {@link dev.troupe.models.ModelCard}.
 *
 * <p>May use {@code dev.troupe.models}, its {@code weights} package (metadata only), DJL's tokenizers and Jackson. Building
 * a {@link dev.troupe.models.tokenizer.Tokenizer} takes from tens of milliseconds to seconds and stays off event loops;
 * a built one is immutable, never blocks and works on any thread.
 */
package dev.troupe.models.tokenizer;
