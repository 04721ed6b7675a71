/**
 * Pictures and files: PNG, JPEG and WebP read and written, with what a file says of its origin. Files that are read may be anybody's: they
 * are measured before they are decoded, PNG and WebP by Java code, JPEG by the C code that Java brings along. Any thread; every call computes for
 * as long as it takes.
 */
package dev.troupe.image.codec;
