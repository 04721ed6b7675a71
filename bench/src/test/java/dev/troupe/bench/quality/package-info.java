/** What fast kernels cost in quality. May use everything; runs on the test's own thread. */
package dev.troupe.bench.quality;
