"""Whom and what instructions are about: what a preview must know of the chain before it can answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from scrip.instructions import AttestationTerms, CancelAttestation, Instruction, QuoteTerms

ACCOUNTS = ("account", "wallet", "sender", "to", "owner", "spender", "by", "old", "new", "provider")
"""The fields of instructions that name an account."""
NAMES = (*ACCOUNTS, "oracle")
"""Those that name an account or a contract."""
LISTS = ("accounts", "wallets")
"""Those that name several."""


OTHERS = "(others)"
"""The account of everything that the named ones do not hold."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Names. `references` are those of corporate actions, `quotes` the ids of quotes, `assets` what they settle in.

    `allowances` are pairs of an owner and a spender, `attestations` KYC `providers` and nonces that they signed under,
    `oracles` those of sanctions.
    """

    stocks: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    investors: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    quotes: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    allowances: frozenset[tuple[str, str]] = frozenset()
    attestations: frozenset[tuple[str, int]] = frozenset()
    providers: frozenset[str] = frozenset()
    oracles: frozenset[str] = frozenset()

    def __or__(self, other: Subjects) -> Subjects:
        """Both."""
        return Subjects(*(getattr(self, name) | getattr(other, name) for name in self.__slots__))


def called_by_name(order: Instruction, name_of: Callable[[str], str]) -> Instruction:
    """The instruction with each account under the name that `name_of` gives it, so that none has two in a model."""
    changes: dict[str, object] = {
        name: name_of(value) for name in NAMES if (value := getattr(order, name, "")) and name_of(value) != value
    }
    for name in LISTS:
        values = getattr(order, name, ())
        if (called := tuple(map(name_of, values))) != values:
            changes[name] = called
    quote: QuoteTerms | None = getattr(order, "quote", None)
    if quote is not None and name_of(quote.signer) != quote.signer:
        changes["quote"] = replace(quote, signer=name_of(quote.signer))
    terms: AttestationTerms | None = getattr(order, "attestation", None)
    if terms is not None and name_of(terms.provider) != terms.provider:
        changes["attestation"] = replace(terms, provider=name_of(terms.provider))
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

    def listed(field: str) -> frozenset[str]:
        return frozenset(name for name in getattr(order, field, ()) if name)

    quote: QuoteTerms | None = getattr(order, "quote", None)
    terms: AttestationTerms | None = getattr(order, "attestation", None)
    owner, spender = getattr(order, "owner", getattr(order, "sender", "")), getattr(order, "spender", "")
    return Subjects(
        stocks=named("stock") | listed("stocks"),
        accounts=named(*ACCOUNTS)
        | frozenset().union(*map(listed, LISTS))
        | (frozenset({quote.signer}) if quote else frozenset())
        | (frozenset({terms.provider}) if terms else frozenset()),
        investors=named("investor"),
        references=named("reference"),
        quotes=frozenset({quote.id}) if quote else frozenset(),
        assets=frozenset({quote.asset}) if quote else frozenset(),
        allowances=frozenset({(owner, spender)}) if spender else frozenset(),
        attestations=_attestations(order, terms),
        providers=named("provider") | (frozenset({terms.provider}) if terms else frozenset()),
        oracles=named("oracle"),
    )


def _attestations(order: Instruction, terms: AttestationTerms | None) -> frozenset[tuple[str, int]]:
    if terms is not None:
        return frozenset({(terms.provider, terms.nonce)})
    if isinstance(order, CancelAttestation):
        return frozenset({(order.provider, order.nonce)})
    return frozenset()
