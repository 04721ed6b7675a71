// What a user of OpenAI's JavaScript client does with pictures, against any server that makes some.
import assert from "node:assert/strict";
import fs from "node:fs";
import OpenAI, { toFile } from "openai";

const client = new OpenAI({ maxRetries: 0 });
const folder = process.argv[2];
const png = (name) => toFile(fs.createReadStream(`${folder}/${name}`), name, { type: "image/png" });
const isPng = (image) => Buffer.from(image.b64_json, "base64").subarray(1, 4).toString() === "PNG";

const made = await client.images.generate({ prompt: "a red boat", n: 2, seed: 7, num_inference_steps: 4 });
assert.equal(made.data.length, 2);
assert.ok(made.data.every(isPng));
const shown = await fetch(made.data[0].url);
assert.equal(Buffer.from(await shown.arrayBuffer()).toString("base64"), made.data[0].b64_json);

const types = [];
for await (const event of await client.images.generate({ prompt: "a boat", stream: true, partial_images: 1 })) {
  types.push(event.type);
  assert.ok(isPng(event));
}
assert.equal(types.at(-1), "image_generation.completed");

const edited = await client.images.edit({ image: await png("rgb.png"), mask: await png("rgba.png"), prompt: "a lighthouse" });
assert.ok(isPng(edited.data[0]));
await assert.rejects(client.images.generate({ prompt: "a boat", size: "1x1" }), (error) => error.status === 400 && error.param === "size");
console.log("PASS JavaScript client");
