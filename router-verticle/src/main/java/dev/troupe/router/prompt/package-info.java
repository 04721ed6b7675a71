/**
 * A request and a model become token ids.
 *
 * <p>May use {@code models} and the {@code api} package. Rendering and tokenizing take milliseconds to seconds, so all of it runs on
 * worker threads, never on an event loop; every class is immutable.
 */
package dev.troupe.router.prompt;
