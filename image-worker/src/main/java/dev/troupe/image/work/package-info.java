/**
 * Many pictures of many tenants on one model: {@link dev.troupe.image.work.StepScheduler}, a state machine that decides, and a verticle that
 * turns messages into calls of it.
 *
 * <p>Three threads: the event loop, where everything is decided; the model's own, where {@link dev.troupe.image.work.PictureEngine} runs one
 * pass after the other; and workers, where files are read and written.
 */
package dev.troupe.image.work;
