"""What a user of the Python client does, with the default model."""

import openai

client = openai.OpenAI(max_retries=0)
QUESTION = [{"role": "user", "content": "12 + 30 ="}]

model = client.models.list().data[0].id
assert client.models.retrieve(model).id == model

# Whole
answer = client.chat.completions.create(model=model, messages=QUESTION, temperature=0, max_tokens=16)
text = answer.choices[0].message.content
assert text.startswith("The answer is 12 + 30 = 32"), text
assert answer.object == "chat.completion" and answer.choices[0].message.role == "assistant"
assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
assert 1 <= answer.usage.completion_tokens <= 16

# Streamed: the same text, the usage at the end
chunks = list(
    client.chat.completions.create(
        model=model, messages=QUESTION, temperature=0, max_tokens=16, stream=True, stream_options={"include_usage": True}
    )
)
assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == text
assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == answer.choices[0].finish_reason
assert chunks[-1].usage.prompt_tokens == answer.usage.prompt_tokens and not chunks[-1].choices

# Log-probabilities
scored = client.chat.completions.create(
    model=model, messages=QUESTION, temperature=0, max_tokens=4, logprobs=True, top_logprobs=3
)
tokens = scored.choices[0].logprobs.content
assert "".join(t.token for t in tokens) == scored.choices[0].message.content
for token in tokens:
    assert token.logprob <= 0 and len(token.top_logprobs) == 3
    assert token.top_logprobs[0].logprob >= token.top_logprobs[1].logprob

# Two choices, seeded
def two():
    both = client.chat.completions.create(
        model=model, messages=QUESTION, temperature=1.2, seed=7, n=2, max_tokens=12
    ).choices
    assert [c.index for c in both] == [0, 1]
    return [c.message.content for c in both]


drawn = two()
assert drawn[0] != drawn[1], drawn

# Stop strings never show
stopped = client.chat.completions.create(model=model, messages=QUESTION, temperature=0, max_tokens=32, stop=["= 3"])
assert "= 3" not in stopped.choices[0].message.content and stopped.choices[0].finish_reason == "stop"

# Completions
plain = client.completions.create(model=model, prompt="One, two, three,", max_tokens=4, temperature=0)
assert plain.object == "text_completion" and plain.choices[0].text

# Errors arrive as the client's own types
for error, arguments in [
    (openai.NotFoundError, {"model": "no-such-model"}),
    (openai.BadRequestError, {"temperature": 3}),
    (openai.BadRequestError, {"n": 1000}),
    (openai.BadRequestError, {"max_tokens": -1}),
    (openai.BadRequestError, {"messages": []}),
]:
    try:
        client.chat.completions.create(**{"model": model, "messages": QUESTION, "max_tokens": 1, **arguments})
    except error as e:
        assert e.body["message"], arguments
    else:
        raise AssertionError(f"{arguments} was accepted")
again = client.chat.completions.create(model=model, messages=QUESTION, temperature=0, max_tokens=16)
assert again.choices[0].message.content == text, "the server must serve on"
assert again.usage.prompt_tokens_details.cached_tokens > 0

print("python openai", openai.__version__, "ok")
