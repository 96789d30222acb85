"""Creating a stock: every extension in one transaction, whatever anybody sent to its address before."""

from __future__ import annotations

import pytest
from solana_world import ISIN, ISSUER, STOCK, World
from solders.account import Account
from solders.pubkey import Pubkey

from scrip.instructions.fleet import CreateStock
from scrip.solana.encoding import tokens

SCALED, DELEGATE, PAUSABLE, DEFAULT_STATE, POINTER, METADATA, HOOK = 25, 12, 26, 6, 18, 19, 14


def created(world: World, policy: str = "ALLOWLIST") -> dict[int, bytes]:
    world.apply(CreateStock(STOCK, "Microsoft", ISIN, policy))
    return tokens.extensions(world.ledger.mint_data(world.listing))


@pytest.fixture
def empty() -> World:
    return World()


def test_the_mint_has_every_extension_and_every_authority_is_the_programs(empty: World) -> None:
    found, authority = created(empty), bytes(empty.program.at.authority)
    assert set(found) == {SCALED, DELEGATE, PAUSABLE, DEFAULT_STATE, POINTER, METADATA, HOOK}
    assert found[SCALED][:32] == authority
    assert found[DELEGATE] == authority
    assert found[PAUSABLE][:32] == authority
    assert found[DEFAULT_STATE] == bytes([tokens.FROZEN])
    assert found[POINTER] == authority + bytes(empty.listing.mint)
    assert found[HOOK] == authority + bytes(32)
    assert b"Microsoft" in found[METADATA]
    assert b"MSFT" in found[METADATA]
    data = empty.ledger.mint_data(empty.listing)
    assert data[4:36] == authority
    assert data[44] == 8
    assert data[50:82] == authority


def test_a_blocklist_stocks_accounts_start_thawed(empty: World) -> None:
    assert created(empty, "BLOCKLIST")[DEFAULT_STATE] == bytes([1])


def test_the_account_is_rent_exempt(empty: World) -> None:
    created(empty)
    account = empty.chain.svm.get_account(empty.listing.mint)
    assert account.lamports == empty.chain.svm.minimum_balance_for_rent_exemption(len(account.data))


@pytest.mark.parametrize("lamports", [1, 10**6, 10**10])
def test_a_prefunded_address_stops_nothing(empty: World, lamports: int) -> None:
    listing = empty.program.listing(ISIN, 1)
    for address in (listing.mint, listing.stock, listing.calendar, listing.reserve):
        empty.chain.svm.set_account(address, Account(lamports, b"", Pubkey.default(), False, 0))
    assert len(created(empty)) == 7
    assert empty.ledger.multiplier(STOCK).num == 1


def test_the_multiplier_starts_at_one(empty: World) -> None:
    scaled = created(empty)[SCALED]
    one = bytes.fromhex("000000000000f03f")
    assert scaled[32:40] == one
    assert scaled[48:56] == one


def test_only_the_issuer_role_creates(empty: World) -> None:
    empty.refuses("roles: not authorised", CreateStock(STOCK, "Microsoft", ISIN, by="mallory"))


def test_a_birth_isin_and_series_are_used_once(empty: World) -> None:
    created(empty)
    empty.refuses("factory: isin taken", CreateStock("MSFT2", "Microsoft", ISIN))


@pytest.mark.parametrize("isin", ["US594918104a", "US59491810 5"])
def test_an_isin_is_plain(empty: World, isin: str) -> None:
    empty.refuses("factory: bad isin", CreateStock(STOCK, "Microsoft", isin))


@pytest.mark.parametrize("series", [0, 2**24, 2**64 - 1])
def test_a_series_is_one_that_the_other_chains_can_keep(empty: World, series: int) -> None:
    empty.refuses("token: bad series", CreateStock(STOCK, "Microsoft", ISIN, series=series))
    empty.apply(CreateStock(STOCK, "Microsoft", ISIN, series=2**24 - 1))


@pytest.mark.parametrize(("symbol", "name"), [("MSFT", ""), ("MSFT", "x" * 65), ("x" * 17, "Microsoft"), ("", "M")])
def test_names_are_bounded(empty: World, symbol: str, name: str) -> None:
    empty.refuses("factory: bad name", CreateStock(symbol, name, ISIN))


def test_a_renounced_hook_can_never_be_armed(empty: World) -> None:
    kind = empty.program.type
    args = {
        "isin": list(ISIN.encode()),
        "series": 1,
        "policy": kind["Policy"].Allowlist(),
        "default_frozen": True,
        "name": "Microsoft",
        "symbol": "MSFT",
        "uri": "https://example.com/msft.json",
        "arm_hook": False,
    }
    listing = empty.program.listing(ISIN, 1)
    addresses = {"mint": listing.mint, "stock": listing.stock}
    addresses |= {"calendar": listing.calendar, "reserve": listing.reserve}
    sent = empty.send([empty.signed("create_stock", ISSUER, args, **addresses)], ISSUER)
    found = tokens.extensions(empty.chain.account(listing.mint) or b"")
    assert found[HOOK] == bytes(64)
    assert [event.name for event in empty.program.events(sent.inner)] == ["StockCreated"]
