/**
 * The start of a clustered Vert.x and the typed road between its verticles.
 *
 * <p>May use Vert.x and Hazelcast, and the messages and their wire form beside it; nothing else of ours. Everything here is called
 * on event loops and never blocks, except {@link dev.troupe.cluster.Cluster#start}, which the composition root calls once.
 */
package dev.troupe.cluster;
