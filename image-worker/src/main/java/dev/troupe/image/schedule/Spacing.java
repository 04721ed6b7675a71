package dev.troupe.image.schedule;

/**
 * Which of the trained times are visited (Lin, Liu, Li, Yang: Common Diffusion Noise Schedules and Sample Steps are Flawed, 2024,
 * table 2).
 */
public enum Spacing {
    /** Both ends and evenly between. */
    LINSPACE,
    /** Whole strides from the first time on; the last ones are not reached. */
    LEADING,
    /** Whole strides from the last time down. */
    TRAILING
}
