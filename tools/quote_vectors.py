"""Vectors of the messages that issuers and custodians sign: what is signed, where it holds, and the 32 bytes of it.

Each chain's digest is written once, in its adapter; the contract and the program answer the same cases from code of
their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from hashlib import sha256

from solders.pubkey import Pubkey

from scrip.evm.encoding import papers, quotes
from scrip.solana.encoding import messages
from scrip.units import WAD

Case = dict[str, int | bool | str]

CHAINS = (1, 31_337, 2**64 - 1)
U256_MAX = 2**256 - 1
U128_MAX = 2**128 - 1
U64_MAX = 2**64 - 1
I64_MAX = 2**63 - 1
PROGRAM = Pubkey.from_string("5cripZqcK8XzEFLpXJzHYUdkq8EVF1owDByWuYGrbRdz")
"""The program's address, which its own digests have built in."""


def generate() -> dict[str, object]:
    """The contents of quote.json."""
    return {
        "schema": 1,
        "evm": [*_evm()],
        "solana": [*_solana()],
        "attestation": [*_attestation()],
        "paper": [*_paper()],
    }


def _word(name: str) -> bytes:
    """32 bytes that stand for something of this name."""
    return sha256(f"scrip vector {name}".encode()).digest()


def _address(name: str) -> str:
    return "0x" + _word(name)[:20].hex()


def _key(name: str) -> Pubkey:
    return Pubkey.from_bytes(_word(name))


def _plain(values: dict[str, object]) -> Case:
    """Bytes and keys as hexadecimal, integers as they are."""
    return {
        name: value if isinstance(value, (int, str)) else "0x" + bytes(value).hex()  # type: ignore[call-overload]
        for name, value in values.items()
    }


def _evm() -> Iterator[Case]:
    good = quotes.Quote(
        token=_address("token"),
        side=0,
        account=_address("account"),
        stablecoin=_address("stablecoin"),
        amount=10 * WAD,
        settlement=2_000 * 10**6,
        fee=25,
        generation=3,
        ref=_word("ref"),
        nonce=7,
        epoch=(2 << 160) + 1,
        expiry=1_900_000_000,
    )
    changes: tuple[dict, ...] = (
        {},
        {"token": _address("another")},
        {"side": 1},
        {"account": _address("another")},
        {"stablecoin": _address("another")},
        {"amount": 0},
        {"amount": U256_MAX},
        {"settlement": 1},
        {"settlement": U256_MAX},
        {"fee": 0},
        {"generation": 0},
        {"ref": bytes(32)},
        {"nonce": 0},
        {"nonce": U256_MAX},
        {"epoch": 0},
        {"epoch": U256_MAX},
        {"expiry": U256_MAX},
    )
    places = [(chain, _address("market")) for chain in CHAINS] + [(CHAINS[0], _address("another market"))]
    cases = [(*places[0], change) for change in changes] + [(*place, {}) for place in places[1:]]
    for chain, market, change in cases:
        quote = replace(good, **change)
        terms = _plain(asdict(quote))
        yield {"chain_id": chain, "market": market, **terms, "digest": _hex(quotes.digest(quote, chain, market))}


def _solana() -> Iterator[Case]:
    good = messages.Quote(
        id=_word("id"),
        side=0,
        account=_key("account"),
        amount=10 * 10**8,
        settlement=2_000 * 10**6,
        generation=3,
        expiry=1_900_000_000,
    )
    changes: tuple[dict, ...] = (
        {},
        {"id": bytes(32)},
        {"side": 1},
        {"account": _key("another")},
        {"amount": 0},
        {"amount": U64_MAX},
        {"settlement": U64_MAX},
        {"generation": U64_MAX},
        {"expiry": I64_MAX},
        {"expiry": -1},
    )
    place = {
        "genesis": _word("genesis"),
        "program": PROGRAM,
        "mint": _key("mint"),
        "token_account": _key("token account"),
        "settlement_mint": _key("settlement mint"),
    }
    # The program's own address cannot be another one.
    elsewhere = [{name: type(value)(_word("another"))} for name, value in place.items() if name != "program"]
    for where, change in [({}, change) for change in changes] + [(other, {}) for other in elsewhere]:
        quote, here = replace(good, **change), place | where
        terms = {name: getattr(quote, name) for name in messages.Quote.__slots__}
        yield {**_plain(here), **_plain(terms), "digest": _hex(quote.digest(**here))}


def _attestation() -> Iterator[Case]:
    good = messages.Attestation(10_000 * WAD, 10**6 * WAD, 500 * WAD, 1, 1, 2, 1_900_000_000, 7, 1_900_086_400)
    changes: tuple[dict, ...] = (
        {},
        {"shares": 0},
        {"shares": U128_MAX},
        {"ceiling": U128_MAX},
        {"num": U64_MAX},
        {"den": U64_MAX},
        {"as_of": I64_MAX},
        {"as_of": -1},
        {"others": U128_MAX},
        {"counter": U64_MAX},
        {"nonce": U64_MAX},
        {"expiry": I64_MAX},
    )
    place = {"genesis": _word("genesis"), "program": PROGRAM, "issuer": _key("issuer"), "mint": _key("mint")}
    elsewhere = [{name: type(value)(_word("another"))} for name, value in place.items() if name != "program"]
    for where, change in [({}, change) for change in changes] + [(other, {}) for other in elsewhere]:
        statement, here = replace(good, **change), place | where
        terms = {name: getattr(statement, name) for name in messages.Attestation.__slots__}
        yield {**_plain(here), **terms, "digest": _hex(statement.digest(**here))}


def _paper() -> Iterator[Case]:
    good = papers.Paper(
        token=_address("token"),
        attestor=_address("attestor"),
        reserve=10_000 * WAD,
        num=1,
        den=1,
        counter=2,
        asOf=1_900_000_000,
        ceiling=10**6 * WAD,
        others=500 * WAD,
        nonce=7,
        expiry=1_900_086_400,
    )
    numbers = ("reserve", "num", "den", "counter", "asOf", "ceiling", "others", "nonce", "expiry")
    changes: list[dict] = [
        {},
        {"token": _address("another")},
        {"attestor": _address("another")},
        *({name: U256_MAX} for name in numbers),
        {"reserve": 0},
    ]
    places = [(chain, _address("feed")) for chain in CHAINS] + [(CHAINS[0], _address("another feed"))]
    for chain, feed, change in [(*places[0], change) for change in changes] + [(*place, {}) for place in places[1:]]:
        paper = replace(good, **change)
        digest = papers.digest(paper, chain, feed)
        yield {"chain_id": chain, "feed": feed, **_plain(asdict(paper)), "digest": _hex(digest)}


def _hex(digest: bytes) -> str:
    return "0x" + digest.hex()
