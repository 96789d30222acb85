"""Whom instructions are about is told by their fields, and an account has one name in a model."""

from __future__ import annotations

from datetime import date

import pytest

from scrip import instructions as ins
from scrip.instructions.subjects import Subjects, called_by_name, reference_text, subjects_of
from scrip.units import RawUnits, Stablecoin

UNITS = RawUnits(5, 18)
QUOTE = ins.QuoteTerms("q-1", 60, 0, signer="desk", nonce=7)
ATTESTED = ins.AttestationTerms(0, 60, "provider")


def named(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize(
    ("order", "subjects"),
    [
        (
            ins.Mint("ACME", "alice", UNITS, Stablecoin(1), QUOTE, "bob"),
            Subjects(
                named("ACME"),
                named("alice", "bob", "desk"),
                quotes=named("q-1"),
                assets=named("stablecoin"),
                nonces=frozenset({("desk", 7)}),
                signers=named("desk"),
                traders=named("alice"),
                prices=named("ACME"),
            ),
        ),
        (ins.Transfer("ACME", "alice", "", UNITS), Subjects(named("ACME"), named("alice"))),
        (
            ins.TransferFrom("ACME", "spender", "alice", "bob", UNITS),
            Subjects(named("ACME"), named("spender", "alice", "bob"), allowances=frozenset({("alice", "spender")})),
        ),
        (
            ins.Approve("ACME", "alice", "spender", UNITS),
            Subjects(named("ACME"), named("spender", "alice"), allowances=frozenset({("alice", "spender")})),
        ),
        (
            ins.OnboardAttested("Carol", "carol", 276, "retail", 60, ATTESTED),
            Subjects(
                accounts=named("carol", "provider"),
                investors=named("Carol"),
                attestations=frozenset({("provider", 0)}),
                providers=named("provider"),
            ),
        ),
        (
            ins.CancelAttestation("provider", 4),
            Subjects(
                accounts=named("provider"), attestations=frozenset({("provider", 4)}), providers=named("provider")
            ),
        ),
        (
            ins.ConfigurePrice("ACME", "price-ACME", "share", "XNYS", "exchange", 60, 100, "other", by="admin"),
            Subjects(
                named("ACME"),
                named("admin"),
                sources=named("price-ACME", "other"),
                calendars=named("XNYS"),
                prices=named("ACME"),
            ),
        ),
        (ins.PokePrice("ACME"), Subjects(named("ACME"), prices=named("ACME"))),
        (
            ins.DropProvider("provider", 1, "minutes", by="officer"),
            Subjects(accounts=named("provider", "officer"), providers=named("provider")),
        ),
        (
            ins.RecoverWallet("Carol", "lost", "fresh", 1, "claim", ("ACME", "OTHR")),
            Subjects(named("ACME", "OTHR"), named("lost", "fresh", ins.ISSUER), named("Carol")),
        ),
        (ins.Screen(("alice", "", "bob")), Subjects(accounts=named("alice", "bob"))),
        (ins.SetSanctionsOracle("oracle"), Subjects(accounts=named(ins.ISSUER), oracles=named("oracle"))),
        (ins.SetSanctionsOracle(""), Subjects(accounts=named(ins.ISSUER))),
        (
            ins.Announce("ACME", "SPLF", "s-1", date(2026, 1, 2), 60, num=2, den=1),
            Subjects(named("ACME"), named(ins.ISSUER), references=named("s-1")),
        ),
        (ins.CreateStock("ACME", "Acme Inc", "US0000000001"), Subjects(named("ACME"), named(ins.ISSUER))),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, ins.Instruction) else "",
)
def test_what_an_instruction_names(order: ins.Instruction, subjects: Subjects) -> None:
    assert subjects_of([order]) == subjects


def test_several_name_what_each_names() -> None:
    one, other = ins.Pause("ACME"), ins.Screen(("alice",))
    assert subjects_of([one, other]) == subjects_of([one]) | subjects_of([other])
    assert subjects_of([]) == Subjects()


def test_every_account_is_called_by_its_name_and_nothing_else_is() -> None:
    names = {"0xa11ce": "alice", "0xb0b": "bob", "0xde5c": "desk", "0xfee": "provider", "0x0c1e": "oracle"}

    def called(order: ins.Instruction) -> ins.Instruction:
        return called_by_name(order, lambda name: names.get(name, name))

    quote = ins.QuoteTerms("0xa11ce", 60, 0, signer="0xde5c")
    assert called(ins.Redeem("0xa11ce", "0xa11ce", UNITS, Stablecoin(1), quote, "0xb0b")) == ins.Redeem(
        "0xa11ce", "alice", UNITS, Stablecoin(1), ins.QuoteTerms("0xa11ce", 60, 0, signer="desk"), "bob"
    )
    terms = ins.AttestationTerms(1, 60, "0xfee")
    assert called(ins.OnboardAttested("0xb0b", "0xb0b", 276, "retail", 60, terms)) == ins.OnboardAttested(
        "0xb0b", "bob", 276, "retail", 60, ins.AttestationTerms(1, 60, "provider")
    )
    assert called(ins.Screen(("0xb0b", "", "carol"))) == ins.Screen(("bob", "", "carol"))
    assert called(ins.SetSanctionsOracle("0x0c1e", by="0xde5c")) == ins.SetSanctionsOracle("oracle", by="desk")
    assert called(ins.RecoverIn("0xb0b", ("0xb0b",))) == ins.RecoverIn("bob", ("0xb0b",))


def test_an_instruction_whose_accounts_have_their_names_is_the_same() -> None:
    order = ins.Mint("ACME", "alice", UNITS, Stablecoin(1), QUOTE)
    assert called_by_name(order, lambda name: name) is order


def test_a_reference_is_shown_as_its_text_or_in_hex() -> None:
    assert reference_text(b"s-1".ljust(32, b"\0")) == "s-1"
    assert reference_text(b"\xff" * 32) == "0x" + "ff" * 32
