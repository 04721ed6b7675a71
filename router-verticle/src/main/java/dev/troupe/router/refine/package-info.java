/**
 * Pictures refined in conversation: the words of a turn become a complete prompt, and it is said where the picture starts from.
 *
 * <p>Words ({@link dev.troupe.router.refine.Token}) are read by a grammar ({@link dev.troupe.router.refine.Pattern}, with its rules in the
 * classes named {@code …Rules}) as edits ({@link dev.troupe.router.refine.Edit}); the prompt of the picture they are about is read as a
 * {@link dev.troupe.router.refine.Scene}; the {@link dev.troupe.router.refine.Editor} does the one to the other. All of it is pure and immutable,
 * for any thread; a turn costs a millisecond or two, the longest that are read (60 words) some twenty. Only {@link dev.troupe.router.refine.AssistedRefiner} waits for somebody, a language
 * model, and never for long.
 */
package dev.troupe.router.refine;
