"""What must not stand in a manifest, a log or an argument list: text that could be a key."""

from __future__ import annotations

import re

WITHHELD = "…"
"""Shown in place of a value that could be a secret."""

_PATTERNS = (
    (re.compile(r"(?:0[xX])?[0-9a-fA-F]{64}"), "a private key"),
    (re.compile(r"[1-9A-HJ-NP-Za-km-z]{80,100}"), "a private key"),
    (re.compile(r"\S+://.*", re.DOTALL), "a URL, which may carry a key"),
    (re.compile(r"(?:[a-z]{3,8}\s+){11,23}[a-z]{3,8}"), "a seed phrase"),
)


def secret_in(text: str) -> str:
    """What secret `text` could be; "" for none. A 32-byte hash looks like a key: the caller knows where one belongs."""
    for pattern, name in _PATTERNS:
        if pattern.fullmatch(text.strip()):
            return name
    return ""


def shown(value: object) -> object:
    """The value as an error may repeat it: nothing for what is not a scalar, and no secret."""
    if isinstance(value, dict | tuple | list):
        return ""
    return WITHHELD if isinstance(value, str) and secret_in(value) else value
