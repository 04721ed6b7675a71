/**
 * What a picture is to those who ask for one, make it and keep it: immutable records that check themselves. Uses nothing but Java; any thread.
 */
package dev.troupe.cluster.picture;
