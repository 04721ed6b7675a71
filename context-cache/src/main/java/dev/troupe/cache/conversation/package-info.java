/**
 * Conversations as the pool remembers them, and the two ports around them: {@link dev.troupe.cache.conversation.Conversations} for who
 * asks, {@link dev.troupe.cache.conversation.DurableConversations} for what keeps them beyond the pool's life.
 *
 * <p>Pure: immutable records and contracts, without Vert.x and Hazelcast.
 */
package dev.troupe.cache.conversation;
