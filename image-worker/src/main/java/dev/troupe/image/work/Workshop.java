package dev.troupe.image.work;

import dev.troupe.cluster.picture.PictureModel;

/**
 * A model that is ready to work.
 *
 * @param model what routers are told of it
 * @param engine belongs to the model's thread from now on
 */
public record Workshop(PictureModel model, PictureEngine engine, Studio studio) {}
