package dev.troupe.node;

import java.util.Locale;

/** What computes a model on the CPU. */
public enum Kernels {
    /** Our own where they can be compiled and run the model, otherwise PyTorch's. */
    AUTO,
    /** Our own, compiled on this machine. */
    OWN,
    PYTORCH;

    /** As the option names it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
