/**
 * The pool's conversations as the router's event loop sees them: futures that complete there, errors as a client hears them, ids that
 * nobody guesses.
 *
 * <p>May use {@code api} and the conversations of {@code context-cache}.
 */
package dev.troupe.router.conversation;
