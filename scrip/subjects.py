"""Whom and what instructions are about: what a preview must know of the chain before it can answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from scrip.instructions import Instruction, QuoteTerms

ACCOUNTS = ("account", "wallet", "sender", "to", "owner", "spender", "by")
"""The fields of instructions that name an account."""
LIST = "accounts"
"""The field of instructions that names several."""


OTHERS = "(others)"
"""The account of everything that the named ones do not hold."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Names. `references` are those of corporate actions, `quotes` the ids of quotes, `assets` what they settle in.

    `allowances` are pairs of an owner and a spender.
    """

    stocks: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    investors: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    quotes: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    allowances: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: Subjects) -> Subjects:
        """Both."""
        return Subjects(*(getattr(self, name) | getattr(other, name) for name in self.__slots__))


def called_by_name(order: Instruction, name_of: Callable[[str], str]) -> Instruction:
    """The instruction with each account under the name that `name_of` gives it, so that none has two in a model."""
    changes: dict[str, object] = {
        name: name_of(value) for name in ACCOUNTS if (value := getattr(order, name, "")) and name_of(value) != value
    }
    if several := getattr(order, LIST, ()):
        changes[LIST] = tuple(map(name_of, several))
    terms: QuoteTerms | None = getattr(order, "quote", None)
    if terms is not None and name_of(terms.signer) != terms.signer:
        changes["quote"] = replace(terms, signer=name_of(terms.signer))
    return replace(order, **changes) if changes else order


def reference_text(word: bytes) -> str:
    """A reference for people, from the 32 bytes that a chain keeps: its text, or the word in hex where that is none."""
    text = word.rstrip(b"\0").decode("utf-8", "replace")
    return text if text.isprintable() and "\ufffd" not in text else "0x" + word.hex()


def subjects_of(instructions: Iterable[Instruction]) -> Subjects:
    """What the instructions name."""
    found = Subjects()
    for order in instructions:
        found |= _of(order)
    return found


def _of(order: Instruction) -> Subjects:
    def named(*fields: str) -> frozenset[str]:
        return frozenset(getattr(order, name) for name in fields if getattr(order, name, ""))

    terms: QuoteTerms | None = getattr(order, "quote", None)
    owner, spender = getattr(order, "owner", getattr(order, "sender", "")), getattr(order, "spender", "")
    return Subjects(
        stocks=named("stock"),
        accounts=named(*ACCOUNTS)
        | frozenset(getattr(order, LIST, ()))
        | (frozenset({terms.signer}) if terms else frozenset()),
        investors=named("investor"),
        references=named("reference"),
        quotes=frozenset({terms.id}) if terms else frozenset(),
        assets=frozenset({terms.asset}) if terms else frozenset(),
        allowances=frozenset({(owner, spender)}) if spender else frozenset(),
    )
