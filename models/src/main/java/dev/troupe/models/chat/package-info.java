/**
 * Conversations to prompts: the Jinja chat template of a model, rendered by Jinjava as Python's jinja2 renders it for
 * transformers.
 *
 * <p>Jinjava differs from jinja2 in places that published templates use; {@link dev.troupe.models.chat.JinjaSource} rewrites
 * those of syntax, {@link dev.troupe.models.chat.PythonResolver} and the filters here stand in for those of the library.
 * A template is the model's; what users write are values to it and never evaluated.
 *
 * <p>May use {@code dev.troupe.models}, Jinjava and Jackson. Everything is immutable and works on any thread; rendering
 * takes about a millisecond and is bounded in time and size.
 */
package dev.troupe.models.chat;
