/** JMH benchmarks of the hot loops, in time per operation. Compiled with the tests, run by hand: see {@code docs/benchmarks.md}. */
package dev.troupe.bench.micro;
