/** What a picture costs: step times on weights of real size. Whole processes, run by hand on a quiet machine. */
package dev.troupe.bench.picture;
