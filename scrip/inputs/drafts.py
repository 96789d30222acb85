"""Drafts: files that are written for somebody to look through, and none of which takes another's place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scrip.errors import InputError, InputErrors


def write_drafts(folder: Path, drafts: Iterable[tuple[str, str]]) -> list[str]:
    """Write named texts into a folder, which is made where it is missing; their paths.

    InputErrors, and nothing is written, where one stands there already or two have one name.
    """
    texts: dict[str, str] = {}
    wrong = []
    for name, text in drafts:
        if name in texts:
            wrong.append(InputError("is the file of two drafts: give them other references", field="file", value=name))
        elif (folder / name).exists():
            wrong.append(InputError("is there already", field="file", value=folder / name))
        texts[name] = text
    if wrong:
        raise InputErrors(wrong)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in texts]
