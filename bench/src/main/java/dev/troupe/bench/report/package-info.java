/** From what the requests met to figures, and from figures to a table, JSON and HTML. Pure. */
package dev.troupe.bench.report;
