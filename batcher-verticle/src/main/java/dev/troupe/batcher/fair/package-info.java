/** How the tenants of a replica, and of a pool of replicas, share the work. Pure; a batcher's event loop owns everything here. */
package dev.troupe.batcher.fair;
