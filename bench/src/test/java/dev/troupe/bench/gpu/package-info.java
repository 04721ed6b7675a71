/** What {@code bench/gpu_check.py} takes from here to a machine with a GPU. Run by hand; the page on performance says how. */
package dev.troupe.bench.gpu;
