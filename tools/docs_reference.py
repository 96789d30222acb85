"""Reference pages that are written from what stands elsewhere: NatSpec, the program's IDL, the manifest's schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from setup import ROOT

IDL = ROOT / "target" / "idl" / "stock_token.json"
SCHEMA = ROOT / "manifests" / "schema.json"
FUNCTION = re.compile(
    r"^@external\n(?:@\w+(?:\([^)]*\))?\n)*def (\w+)\((.*?)\)(?: -> (.*?))?:\n +\"\"\"(.*?)\"\"\"",
    re.MULTILINE | re.DOTALL,
)
"""An external function in Vyper: its name, arguments, what it returns, and its NatSpec."""
MARK = re.compile(r"([|<>*_\\])")
TAG = re.compile(r"^ *@(\w+) +", re.MULTILINE)
KINDS = {"EvmManifest": "Ethereum-family networks", "SolanaManifest": "Solana networks"}


def pages() -> Mapping[str, str]:
    """Each page's text by its name."""
    return {"contracts": "\n".join(_contracts()), "program": "\n".join(_program()), "manifest": "\n".join(_manifest())}


# --- the contracts ---------------------------------------------------------------------------------------------------


def _contracts() -> Iterator[str]:
    yield "# What the contracts answer to\n"
    yield "Every external function with its NatSpec, by its file; a contract exports those of its modules.\n"
    for path in sorted((ROOT / "contracts").rglob("*.vy")):
        folder = path.relative_to(ROOT / "contracts").parts[0]
        found = FUNCTION.findall(path.read_text(encoding="utf-8"))
        if not found or folder in ("interfaces", "mocks"):
            continue
        yield f"\n## {path.relative_to(ROOT).as_posix()}\n"
        for name, arguments, returned, said in found:
            yield f"\n### {name}\n"
            given = " ".join(arguments.split())
            yield f"```\n{name}({given}){f' -> {returned}' if returned else ''}\n```\n"
            yield from _natspec(said)


def _natspec(text: str) -> Iterator[str]:
    """A docstring's parts, each a paragraph: what is said of an argument begins with its name."""
    _, *parts = TAG.split(text)
    for tag, said in zip(parts[::2], parts[1::2], strict=True):
        words = _plain(" ".join(said.split()))
        if tag == "param":
            name, _, words = words.partition(" ")
            yield f"- `{name}`: {words}"
        elif tag == "return":
            yield f"- returns {words}"
        else:
            yield f"{words}\n"


# --- the program -----------------------------------------------------------------------------------------------------


def _program() -> Iterator[str]:
    yield "# What the program answers to\n"
    if not IDL.is_file():
        yield "The program's interface was not built when these pages were: `make program`.\n"
        return
    idl = json.loads(IDL.read_text(encoding="utf-8"))
    yield f"The program at `{idl['address']}`: its instructions and errors, as its IDL has them.\n"
    for one in idl["instructions"]:
        yield f"\n## {one['name']}\n"
        yield from (_plain(line) + "\n" for line in one.get("docs", []))
        given = [f"`{arg['name']}` {_type(arg['type'])}" for arg in one["args"]]
        yield f"Arguments: {', '.join(given) or 'none'}.\n"
        yield f"Accounts: {', '.join(map(_account, one['accounts']))}.\n"
    yield "\n## Errors\n"
    yield "| code | name | message |\n|---|---|---|"
    for one in idl["errors"]:
        yield f"| {one['code']} | {one['name']} | {_plain(one.get('msg', ''))} |"


def _type(kind: Any) -> str:
    """A type of the IDL in a word or two."""
    if isinstance(kind, str):
        return kind
    (name, inner), *_ = kind.items()
    if name == "defined":
        return str(inner["name"])
    return f"{name} of {_type(inner[0])}, {inner[1]}" if name == "array" else f"{name} of {_type(inner)}"


def _account(one: Mapping[str, Any]) -> str:
    what = [word for word in ("signer", "writable", "optional") if one.get(word)]
    return f"`{one['name']}`" + (f" ({', '.join(what)})" if what else "")


# --- the manifest ----------------------------------------------------------------------------------------------------


def _manifest() -> Iterator[str]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    yield "# A manifest's fields\n"
    yield "As editors complete them; [the manifests](../manifests/README.md) says what they must agree with.\n"
    kinds = schema["$defs"]
    for name in sorted(kinds, key=lambda kind: (kind not in KINDS, kind)):
        one = kinds[name]
        yield f"\n## {name}\n"
        yield f"{_plain(' '.join(one.get('description', KINDS.get(name, '')).split()))}\n"
        yield "| field | what | must be there |\n|---|---|---|"
        for field, value in one.get("properties", {}).items():
            said = " ".join(value.get("description", "").split())
            needed = "yes" if field in one.get("required", ()) else ""
            yield f"| `{field}` | {_plain(f'{_shape(value)}. {said}' if said else _shape(value))} | {needed} |"


def _shape(value: Mapping[str, Any]) -> str:
    """What a field holds, in a few words."""
    if "$ref" in value:
        return value["$ref"].rpartition("/")[2]
    if "const" in value:
        return json.dumps(value["const"])
    if "enum" in value:
        return "one of " + ", ".join(map(str, value["enum"]))
    if "anyOf" in value:
        return " or ".join(map(_shape, value["anyOf"]))
    if value.get("type") == "array":
        return f"a list of {_shape(value.get('items', {}))}"
    if value.get("type") == "object":
        inner = [*value.get("patternProperties", {}).values(), value.get("additionalProperties")]
        held = next((one for one in inner if isinstance(one, dict)), {})
        return f"by name: {_shape(held)}"
    words = {"string": "text", "integer": "a whole number", "boolean": "true or false"}
    return words.get(value.get("type", ""), "a value")


def _plain(text: str) -> str:
    """Text in which nothing is a mark of the page's, but for words in backticks."""
    parts = text.split("`")
    return "`".join(part if place % 2 else MARK.sub(r"\\\1", part) for place, part in enumerate(parts))
