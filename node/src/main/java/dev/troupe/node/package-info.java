/**
 * The composition root: the command line, which parts a process has, how it starts, drains and stops.
 *
 * <p>The only place that knows every module; nothing knows it. Commands run on the main thread and may block; what they deploy runs on its
 * own event loops.
 */
package dev.troupe.node;
