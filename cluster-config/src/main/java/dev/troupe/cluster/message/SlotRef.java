package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;

/**
 * A contiguous home for one sequence's keys and values.
 *
 * <p>KV memory is a row of equal <i>slabs</i>; the batcher formats each into slots of one capacity, so that sequences of like length lie side
 * by side and a decode step reads them in place.
 *
 * @param slab index of the slab
 * @param capacity tokens that the slot holds; all slots of a slab have the same
 * @param index of the slot in the slab
 */
public record SlotRef(int slab, int capacity, int index) {
    public SlotRef {
        atLeast("slab", slab, 0);
        atLeast("capacity", capacity, 1);
        atLeast("index", index, 0);
    }
}
