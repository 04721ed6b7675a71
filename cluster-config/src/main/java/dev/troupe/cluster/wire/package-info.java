/**
 * The bytes of the messages: one codec a type, a version byte first, identity on local delivery.
 *
 * <p>May use Vert.x buffers. Reading is bounds-checked: hostile or torn bytes give a {@link dev.troupe.cluster.wire.WireException}, never
 * a huge allocation.
 */
package dev.troupe.cluster.wire;
