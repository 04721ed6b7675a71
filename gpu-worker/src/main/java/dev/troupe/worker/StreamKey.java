package dev.troupe.worker;

import dev.troupe.cluster.message.Attempt;

/** Names one continuation of one attempt at a request. */
record StreamKey(Attempt attempt, int choice) {}
