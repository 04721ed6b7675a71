/** What is asked: seeded random words of a measured length, or a file of prompts. Pure but for the reading of the file. */
package dev.troupe.bench.prompt;
