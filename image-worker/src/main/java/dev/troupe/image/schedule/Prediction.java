package dev.troupe.image.schedule;

/**
 * What the network's answer stands for, of a picture x mixed as {@code alpha * x + sigma * noise} with alpha² + sigma² = 1.
 */
public enum Prediction {
    /** The noise (Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models, 2020, section 3.2). */
    EPSILON,
    /** {@code alpha * noise - sigma * x} (Salimans, Ho: Progressive Distillation, 2022, appendix D). */
    V_PREDICTION,
    /** The picture. */
    SAMPLE
}
