/**
 * Pictures to files and back. Pure functions of their arguments, for any thread; never the event loop's, and never the model's: a large
 * file takes long.
 */
package dev.troupe.image.codec;
