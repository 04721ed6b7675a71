/**
 * Whether pictures are refined as was asked: dialogues are played against a running server, and what came back is measured. Knows of a server
 * only HTTP, and of colours what {@link dev.troupe.cluster.picture.ColourWord} says. {@link dev.troupe.bench.dialogue.Raster},
 * {@link dev.troupe.bench.dialogue.Mask} and {@link dev.troupe.bench.dialogue.Measures} are pure; the rest runs on the thread of the command and may
 * block.
 */
package dev.troupe.bench.dialogue;
