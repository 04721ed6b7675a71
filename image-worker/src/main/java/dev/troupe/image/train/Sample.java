package dev.troupe.image.train;

/** A picture with what it shows. */
record Sample(Canvas picture, String caption) {}
