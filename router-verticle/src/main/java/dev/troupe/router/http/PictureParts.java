package dev.troupe.router.http;

import dev.troupe.router.RouterMetrics;
import dev.troupe.router.picture.PictureConfig;
import dev.troupe.router.picture.PictureLibrary;
import dev.troupe.router.picture.PictureUrls;
import dev.troupe.router.picture.Pictures;
import dev.troupe.router.picture.Talks;
import dev.troupe.router.tenant.Metering;

/** What the routes of pictures are made of, beside what all routes are. */
public record PictureParts(
        PictureConfig config,
        Pictures pictures,
        PictureLibrary library,
        PictureUrls urls,
        Talks talks,
        Metering metering,
        RouterMetrics metrics) {}
