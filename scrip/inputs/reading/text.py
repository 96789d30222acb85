"""Text that people write and other people read: what cannot be seen is refused, and one name has one spelling.

Text is kept in Unicode's composed form (NFC), so that "é" is the same name whether it was typed as one character or as
two. Control characters, those that turn the direction of what follows, and all others that leave no mark of their own
are refused by their name: they make two names look alike, or a plan look like another.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from scrip.errors import InputError

INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Categories of what nobody sees: controls, formats, surrogates, private and unassigned, line and paragraph ends."""
IGNORED = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
)
"""Letters and marks that are drawn as nothing: fillers, joiners, choices of a variant, an empty pattern of dots."""
LONGEST = 400
"""Characters of a chain's reason that are kept."""
ENDS = "\n\r\t"
"""What a file of several lines holds besides."""


def plain(text: str, field: str = "") -> str:
    """One line of text in composed form; InputError that names the first character that nobody would see."""
    if found := _unseen(text, ""):
        place, what = found
        shown = text.encode("ascii", "backslashreplace").decode()
        raise InputError(f"holds {what} at character {place + 1}, which nobody sees", field=field, value=shown)
    return unicodedata.normalize("NFC", text)


def seen(text: str) -> str:
    """The text as it is; ValueError as `plain`, and where it is not in composed form.

    For values whose own form says what else is wrong with them.
    """
    try:
        composed = plain(text)
    except InputError as error:
        raise ValueError(error.message) from None
    if composed != text:
        raise ValueError("is not in Unicode's composed form (NFC)")
    return text


def visible(text: str, kept: str = "") -> str:
    """A text of somebody else's as it may be shown: what nobody sees stands as its escape, but for what is `kept`.

    A chain's text (a reason to revert, a name) may hold a terminal's commands, or turn what follows it around.
    """
    if _unseen(text, kept) is None:
        return text
    return "".join(one if one in kept or not _is_unseen(one) else _escaped(one) for one in text)


def foreign(text: str) -> str:
    """What a chain gives as its reason, as it may be shown and kept: one line, nothing hidden in it, with an end."""
    return visible(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def _escaped(one: str) -> str:
    return one.encode("unicode_escape").decode()


def whole_text(raw: bytes, file: str) -> str:
    """A file's text in composed form, without a byte order mark.

    InputError, with the line, where it is not UTF-8 or holds a character that nobody would see.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", file=file, line=raw[: error.start].count(b"\n") + 1) from None
    if found := _unseen(text, ENDS):
        place, what = found
        line, before = text.count("\n", 0, place) + 1, text.rfind("\n", 0, place)
        raise InputError(f"holds {what} at character {place - before}, which nobody sees", file=file, line=line)
    return unicodedata.normalize("NFC", text)


def text_of_file(path: Path, most: int) -> tuple[str, bytes]:
    """A file's text as `whole_text` gives it, and its bytes; InputError where it cannot be read or has over `most`."""
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    if len(raw) > most:
        raise InputError(f"is larger than {most:,} bytes", file=str(path))
    return whole_text(raw, str(path)), raw


_ASKED = re.compile(r"[^ -~]")
"""What may be unseen: all but the printable characters of ASCII, of which most texts are made."""


def _unseen(text: str, allowed: str) -> tuple[int, str] | None:
    """The place of the first character that nobody sees and its name; None for text without any."""
    if text.isascii() and text.isprintable():
        return None
    for found in _ASKED.finditer(text):
        one = found[0]
        if one not in allowed and _is_unseen(one):
            return found.start(), _named(one)
    return None


def _is_unseen(one: str) -> bool:
    kind, code = unicodedata.category(one), ord(one)
    other_space = kind == "Zs" and one != " "
    return kind in INVISIBLE or other_space or any(first <= code <= last for first, last in IGNORED)


def _named(one: str) -> str:
    controls = {"\x1b": "ESCAPE", "\t": "TAB", "\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\0": "NULL"}
    name = unicodedata.name(one, controls.get(one, "a control character" if ord(one) < 0xA0 else "no character"))
    return f"U+{ord(one):04X} ({name})"
