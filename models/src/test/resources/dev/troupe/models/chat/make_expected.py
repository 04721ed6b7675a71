"""Writes expected.json: what Python's jinja2 makes of the templates beside this file, which are those published with the models.

The environment is that of transformers' apply_chat_template (utils/chat_template_utils.py). Run with jinja2 3.1:
    python make_expected.py
"""
import json
import pathlib

from jinja2.exceptions import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


def raise_exception(message):
    raise TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def user(content):
    return {"role": "user", "content": content}


def assistant(content, **more):
    return {"role": "assistant", "content": content, **more}


SYSTEM = {"role": "system", "content": "You answer in one word.\n"}
HOSTILE = "{{ 7 * 7 }}{% for m in messages %}x{% endfor %}{# gone? #}{{ bos_token }} {%- raw %} \\n \\' \" <|im_end|> </think> ${1+1} #{2}"
CALL = {"id": "call12345", "type": "function",
        "function": {"name": "weather", "arguments": {"city": "Z\u00fcrich \"old\" <b>&'", "days": 3, "wet": True, "cold": None, "degrees": [1.5, -2]}}}
TOOLS = [{"type": "function", "function": {
    "name": "weather", "description": "Tells the weather.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string", "description": "Where?"}}, "required": ["city"]}}}]

CONVERSATIONS = {
    "user": [user("Hi")],
    "system": [SYSTEM, user("Capital of France?")],
    "turns": [SYSTEM, user(" One? \n"), assistant(" Yes. "), user("\n\nTwo?"), assistant("No."), user("Three?")],
    "turns without system": [user("a"), assistant("b"), user("c")],
    "hostile": [user(HOSTILE), assistant(HOSTILE), user(HOSTILE)],
    "unicode": [user("\U0001F469\u200d\U0001F469\u200d\U0001F467 na\u00efve \u65e5\u672c\t\u05e9\u05dc\u05d5\u05dd\u00a0\u2028.\r\n")],
    "empty": [user("")],
    "thinking": [user("1+1?"), assistant("<think>\nEasy.\n</think>\n\n2"), user("2+2?"), assistant("<think>\nHm.\n\n</think>\n\n4")],
    "users in a row": [user("a"), user("b")],
    "assistant first": [assistant("a"), user("b")],
    "tool": [user("Weather?"), assistant("", tool_calls=[CALL]), {"role": "tool", "name": "weather", "tool_call_id": "call12345", "content": "{\"sun\": true}"}, assistant("Sun."), user("Thanks")],
    "tools": [SYSTEM, user("Weather?")],
    "named": [{"role": "user", "name": "ann", "content": "Hi"}],
}


def main():
    here = pathlib.Path(__file__).parent
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = lambda form: {"%d %b %Y": "05 Mar 2026"}[form]
    cases = []
    for file in sorted(here.glob("*.jinja")):
        with open(file, newline="") as f:
            template = environment.from_string(f.read())
        for name, messages in CONVERSATIONS.items():
            tools = TOOLS if name.startswith("tool") else None
            for generate in (True, False):
                case = {"template": file.name, "conversation": name, "add_generation_prompt": generate}
                try:
                    case["expected"] = template.render(messages=messages, add_generation_prompt=generate, tools=tools,
                                                       documents=None, bos_token="<s>", eos_token="</s>")
                except TemplateError as e:
                    case["error"] = str(e)
                cases.append(case)
    with open(here / "expected.json", "w") as out:
        json.dump({"conversations": CONVERSATIONS, "tools": TOOLS, "cases": cases}, out, indent=1)
        out.write("\n")
    print(len(cases), "cases,", sum("error" in c for c in cases), "errors")


main()
