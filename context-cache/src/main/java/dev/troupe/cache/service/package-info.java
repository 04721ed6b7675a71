/**
 * What the replicas of a model have done for each tenant, added up over the pool. Pure values and a port; any thread may use them.
 */
package dev.troupe.cache.service;
