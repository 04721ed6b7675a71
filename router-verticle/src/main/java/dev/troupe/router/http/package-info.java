/**
 * OpenAI's routes over Vert.x Web: bodies in, JSON and server-sent events out.
 *
 * <p>May use every package of the router. Everything runs on the router's event loop, except parsing of large bodies, rendering and
 * tokenizing, which go to a small pool of worker threads.
 */
package dev.troupe.router.http;
