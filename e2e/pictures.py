"""What a user of OpenAI's Python client does with pictures, against any server that makes some."""

import base64
import io
import sys
import urllib.request

import openai

client = openai.OpenAI(max_retries=0)
SIGNATURES = {"png": b"\x89PNG", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}


def pixels(image):
    return base64.b64decode(image.b64_json)


def png(name):
    return (name, open(f"{sys.argv[1]}/{name}", "rb"), "image/png")


made = client.images.generate(prompt="a red boat", n=2, size="auto", extra_body={"seed": 7, "num_inference_steps": 4})
assert len(made.data) == 2 and made.created > 0 and made.usage.total_tokens == 0
assert all(pixels(image).startswith(SIGNATURES["png"]) for image in made.data)
assert made.data[0].revised_prompt == "a red boat"
with urllib.request.urlopen(made.data[0].url) as shown:
    assert shown.read() == pixels(made.data[0]) and shown.headers["content-type"] == "image/png"

for kind, signature in SIGNATURES.items():
    one = client.images.generate(prompt="a boat", output_format=kind, extra_body={"num_inference_steps": 2})
    assert one.output_format == kind and pixels(one.data[0]).startswith(signature), kind

only = client.images.generate(prompt="a boat", response_format="url", extra_body={"num_inference_steps": 2})
assert only.data[0].b64_json is None and only.data[0].url

events = list(client.images.generate(prompt="a boat", stream=True, partial_images=2))
assert events[-1].type == "image_generation.completed" and pixels(events[-1]).startswith(SIGNATURES["png"])
assert all(event.type == "image_generation.partial_image" for event in events[:-1])
assert [event.partial_image_index for event in events[:-1]] == list(range(len(events) - 1))

edited = client.images.edit(image=png("rgb.png"), mask=png("rgba.png"), prompt="a lighthouse")
assert pixels(edited.data[0]).startswith(SIGNATURES["png"])
edited = client.images.edit(image=[png("rgb.png")], prompt="a lighthouse", extra_body={"strength": 0.3})
assert edited.data[0].url
events = list(client.images.edit(image=png("rgb.png"), prompt="a lighthouse", stream=True))
assert events[-1].type == "image_edit.completed"
if hasattr(client.images, "create_variation"):
    varied = client.images.create_variation(image=io.BytesIO(pixels(made.data[0])))
    assert pixels(varied.data[0]).startswith(SIGNATURES["png"])

for wrong in ({"size": "1x1"}, {"n": 11}, {"extra_body": {"num_inference_steps": 10_000}}):
    try:
        client.images.generate(prompt="a boat", **wrong)
        raise AssertionError(wrong)
    except openai.BadRequestError as error:
        assert error.param in ("size", "n", "num_inference_steps"), error
print("PASS Python client", openai.__version__)
