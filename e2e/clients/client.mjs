// What a user of the JavaScript client does, with the default model.
import assert from "node:assert/strict";
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "user", content: "12 + 30 =" }];
const model = (await client.models.list()).data[0].id;
const base = { model, messages, temperature: 0, max_tokens: 16 };

// Whole
const answer = await client.chat.completions.create(base);
const text = answer.choices[0].message.content;
assert.match(text, /= 3/);
assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);

// Streamed
let streamed = "";
let usage = null;
const stream = await client.chat.completions.create({ ...base, stream: true, stream_options: { include_usage: true } });
for await (const chunk of stream) {
  streamed += chunk.choices[0]?.delta?.content ?? "";
  usage = chunk.usage ?? usage;
}
assert.equal(streamed, text);
assert.equal(usage.completion_tokens, answer.usage.completion_tokens);

// Breaking off a stream leaves the server well
const broken = await client.chat.completions.create({ ...base, max_tokens: 500, ignore_eos: true, stream: true });
for await (const chunk of broken) {
  if (chunk.choices[0]?.delta?.content) break;
}

// Log-probabilities, choices, stop
const scored = await client.chat.completions.create({ ...base, max_tokens: 3, logprobs: true, top_logprobs: 2 });
assert.equal(scored.choices[0].logprobs.content.length, 3);
assert.equal(scored.choices[0].logprobs.content[0].top_logprobs.length, 2);
const two = await client.chat.completions.create({ ...base, temperature: 1.2, seed: 7, n: 2 });
assert.deepEqual(two.choices.map((choice) => choice.index), [0, 1]);
const stopped = await client.chat.completions.create({ ...base, stop: "= 3" });
assert.doesNotMatch(stopped.choices[0].message.content, /= 3/);

// Errors arrive as the client's own types
await assert.rejects(client.chat.completions.create({ ...base, model: "no-such-model" }), OpenAI.NotFoundError);
await assert.rejects(client.chat.completions.create({ ...base, top_p: "high" }), OpenAI.BadRequestError);
await assert.rejects(client.chat.completions.create({ ...base, messages: [{ role: "wizard", content: "hi" }] }), (e) => {
  assert.ok(e instanceof OpenAI.BadRequestError);
  return true;
});
console.log("javascript openai ok");
