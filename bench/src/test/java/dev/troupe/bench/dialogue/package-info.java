/** The dialogues: that they are rewritten as they should be, and that what measures their pictures measures right. */
package dev.troupe.bench.dialogue;
