/**
 * Whether this machine can run Troupe: one small check a question, each with a plain verdict.
 *
 * <p>May use every module. Checks run one after the other on the main thread and may block for a second or two.
 */
package dev.troupe.node.doctor;
