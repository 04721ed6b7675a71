package dev.troupe.bench.prompt;

/** An endless supply of questions. The same number is always the same question. */
@FunctionalInterface
public interface Prompts {
    /** @return the {@code messages} of a request, as JSON text */
    String messages(long number);
}
