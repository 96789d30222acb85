"""Accounts that are open though their wallet is blocked, held or has lapsed: the audit names each, and what freezes it.

On a block-list stock accounts are born thawed, and a held wallet makes as many as it likes: nothing told the desk.
"""

from __future__ import annotations

import pytest
from manifest_world import Standing
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import ScripError
from scrip.manifest.rules import resolve
from scrip.reports.findings import Finding
from scrip.solana.addresses import TOKEN_2022, local_address, local_keypair
from scrip.solana.audit.accounts import SWEEP, accounts
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing

OPEN = "OPEN"
"""A block-list stock beside those of the manifest."""


@pytest.fixture
def listing(standing: Standing) -> Listing:
    """The stock, of which eve, whom nobody knows, has an account."""
    standing.ledger.stocks.pop(OPEN, None)
    standing.ledger.apply(ins.CreateStock(OPEN, "Open Inc.", "US4592001014", "BLOCKLIST", by="safe"))
    found = standing.ledger.listing(OPEN)
    standing.ledger.investors.open(found, "eve")
    return found


def second(standing: Standing, listing: Listing, name: str) -> Pubkey:
    """A further account of a wallet's, at an address of its own."""
    place, space = local_address(f"second of {name}"), 165 + 1 + 4 + 4 + 1
    rent = standing.chain.svm.minimum_balance_for_rent_exemption(space)
    standing.chain.svm.set_account(place, Account(rent, bytes(space), TOKEN_2022, False, 0))
    metas = [AccountMeta(place, False, True), AccountMeta(listing.mint, False, False)]
    standing.chain.send([Instruction(TOKEN_2022, bytes([18]) + bytes(local_address(name)), metas)], [])
    return place


def hold(standing: Standing, stock: str, name: str) -> None:
    standing.ledger.apply(ins.Freeze(stock, name, True, 4, "order", by="safe"))


def found(standing: Standing) -> list[Finding]:
    return sorted(accounts(standing.evidence(), standing.ledger.investors, standing.ledger.now()))


def test_nothing_is_found_where_nothing_is_left(standing: Standing, listing: Listing) -> None:
    assert found(standing) == []
    hold(standing, OPEN, "eve")
    assert found(standing) == []


def test_what_a_wallet_opened_while_it_was_removed(standing: Standing) -> None:
    """On an allow-list stock, of nobody by now: neither the sweep nor the audit named it."""
    now, ledger, investors = standing.ledger.now(), standing.ledger, standing.ledger.investors
    officer, msft = standing.manifest.roles["COMPLIANCE"][0], standing.ledger.listing("MSFT")
    ledger.apply(ins.Onboard("gina", "gina", 756, "retail", now + 1_000, by=officer))
    ledger.apply(ins.LinkWallet("gina", "leaver", by=officer))
    ledger.investors.prepare(msft, "leaver")
    attempt, groups = investors.attempt, investors.groups
    # The account was opened once the transaction had been signed, which names none.
    investors.attempt = lambda *_: False  # type: ignore[method-assign]
    investors.groups = lambda _: []  # type: ignore[method-assign]
    pages, investors.first_pages = investors.first_pages, lambda *_: []  # type: ignore[method-assign]
    ledger.apply(ins.UnlinkWallet("gina", "leaver", 1, "doc", by=officer))
    investors.attempt, investors.groups = attempt, groups  # type: ignore[method-assign]
    investors.first_pages = pages  # type: ignore[method-assign]
    (one,) = found(standing)
    assert (one.field, one.severity) == (f"stocks.MSFT.accounts.{ledger.units(msft, 'leaver')}", "critical")
    assert one.found.startswith("open, of a removed wallet: ")
    assert investors.attempt("freeze", msft, "leaver")
    assert found(standing) == []


def test_a_held_wallets_other_account(standing: Standing, listing: Listing) -> None:
    hold(standing, OPEN, "eve")
    place = second(standing, listing, "eve")
    (one,) = found(standing)
    assert (one.field, one.expected, one.severity) == (f"stocks.{listing.isin}.accounts.{place}", SWEEP, "critical")
    assert one.found.startswith("open, of a held wallet: ")
    assert str(local_address("eve")) in one.found
    assert standing.ledger.investors.attempt("freeze", listing, "eve", place)
    assert found(standing) == []


def test_an_account_that_was_closed_and_made_anew(standing: Standing, listing: Listing) -> None:
    hold(standing, OPEN, "eve")
    wallet, at = local_address("eve"), standing.ledger.units(listing, "eve")
    metas = [AccountMeta(at, False, True), AccountMeta(wallet, False, True), AccountMeta(wallet, True, False)]
    key = standing.chain.rich(local_keypair("eve"))
    close = Instruction(TOKEN_2022, bytes([9]), metas)
    standing.chain.send([close, tokens.create_account(wallet, wallet, listing.mint)], [key])
    assert [(one.field.rpartition(".")[2], one.severity) for one in found(standing)] == [(str(at), "critical")]


def test_a_blocked_and_a_lapsed_wallet(standing: Standing, listing: Listing) -> None:
    """A lapse is nobody's decision, and nothing on a block-list stock; a block is one on both."""
    now, ledger = standing.ledger.now(), standing.ledger
    officer = standing.manifest.roles["COMPLIANCE"][0]
    assert resolve(standing.manifest, "MSFT").policy == "ALLOWLIST"
    for name in ("eve", "finn"):
        ledger.apply(ins.Onboard(name, name, 756, "retail", now + 1_000, by=officer))
        for stock in (ledger.listing("MSFT"), listing):
            ledger.investors.prepare(stock, name)
    attempt = ledger.investors.attempt
    ledger.investors.attempt = lambda *_: False  # type: ignore[method-assign]
    groups = ledger.investors.groups
    ledger.investors.groups = lambda _: []  # type: ignore[method-assign]
    pages, ledger.investors.first_pages = ledger.investors.first_pages, lambda *_: []  # type: ignore[method-assign]
    ledger.apply(ins.Block("eve", 4, "order", by=officer))
    ledger.investors.attempt, ledger.investors.groups = attempt, groups  # type: ignore[method-assign]
    ledger.investors.first_pages = pages  # type: ignore[method-assign]
    ledger.apply(ins.Renew("finn", now, by=officer))
    seen = [(one.field.split(".")[1], one.found.partition(":")[0], one.severity) for one in found(standing)]
    assert sorted(seen) == [
        ("MSFT", "open, of a blocked wallet", "critical"),
        ("MSFT", "open, of a lapsed wallet", "drift"),
        (listing.isin, "open, of a blocked wallet", "critical"),
    ]


def test_a_node_that_does_not_list_is_no_proof(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise ScripError("does not list accounts")

    monkeypatch.setattr(standing.chain, "owned", silent)
    with pytest.raises(ScripError, match="does not list"):
        found(standing)
