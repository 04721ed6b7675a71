/** How time and memory of a worker's step grow with what it has to do. Run by hand; the page on performance says how. */
package dev.troupe.bench.cost;
