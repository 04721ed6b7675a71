package dev.troupe.image.schedule;

/** How the variance of the noise grows over the trained times. */
public enum BetaSchedule {
    /** Evenly (Ho, Jain, Abbeel 2020). */
    LINEAR,
    /** Evenly in its root (Rombach and others: High-Resolution Image Synthesis with Latent Diffusion Models, 2022). */
    SCALED_LINEAR,
    /** So that the signal falls as a cosine (Nichol, Dhariwal: Improved Denoising Diffusion Probabilistic Models, 2021, eq. 17). */
    SQUAREDCOS_CAP_V2
}
