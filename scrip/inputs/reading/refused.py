"""What pydantic refuses, said for people: one table of words for every file that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

LONGEST = 60
"""Most characters of a value that an error repeats."""
_FIELDS = "is not a mapping of fields to values"
_LIST = "is not a list"
_WHOLE = "is no whole number"
_WORDS = {
    "missing": "is missing",
    "missing_argument": "is missing",
    "missing_keyword_only_argument": "is missing",
    "dict_type": "is not a mapping of names to values",
    "mapping_type": "is not a mapping of names to values",
    "model_type": _FIELDS,
    "model_attributes_type": _FIELDS,
    "dataclass_type": _FIELDS,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "bool_type": "is neither true nor false",
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "string_unicode": "is no text that can be read",
    "literal_error": "is not {expected}",
    "value_error": "{error}",
    "greater_than": "is not more than {gt}",
    "greater_than_equal": "is less than {ge}",
    "less_than": "is not less than {lt}",
    "less_than_equal": "is more than {le}",
    "string_too_short": "has fewer than {min_length} characters",
    "string_too_long": "has more than {max_length} characters",
    "too_short": "has {actual_length} entries, and at least {min_length} are wanted",
    "too_long": "has more than {max_length} entries",
    "json_invalid": "is no JSON: {error}",
}
"""What is wrong, by the name that pydantic has for it. In braces: what it knows beside."""
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")


def is_unknown(error: ErrorDetails) -> bool:
    """Whether it is about a field that the file is not to have."""
    return error["type"] in _UNKNOWN


def unknown(name: object, known: Iterable[str]) -> str:
    """What is said of a field that is none of those that are known: the nearest one by its letters, if one is near."""
    near = get_close_matches(str(name), list(known), 1)
    return f"is no field{f': did you mean {near[0]}?' if near else ''}"


def said(error: ErrorDetails, forms: Mapping[str, str] = {}) -> str:
    """What is wrong with a value, in words that follow its field. `forms` says of a pattern what breaks it."""
    what, given = error["type"], error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    if is_unknown(error):
        return unknown(error["loc"][-1], ())
    if given is None and "missing" not in what:
        return "is empty"
    if what == "string_type":
        quotes = isinstance(given, int | float)
        return "must be text: put it in quotes" if quotes else "is not text"
    if what == "int_type" and isinstance(given, str):
        return "is text: write a whole number, without quotes"
    if what == "string_too_short" and not given:
        return "is empty"
    if what == "string_pattern_mismatch":
        return forms.get(context["pattern"], f"does not match {context['pattern']}")
    if what in _WORDS:
        return _WORDS[what].format_map(context)
    message = error["msg"]
    return message[:1].lower() + message[1:]
