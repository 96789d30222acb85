"""What a mint says of its stock to wallets: where the description is, which ISIN it carries, which series it is.

A mint carried neither address nor ISIN, so that no client could tell one issuer's MSFT from another's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from solana_network_world import SolanaNetworkWorld, deployed_solana_world, solana_manifest
from solana_world import ISIN, ISSUER, STOCK, World

from scrip import flows
from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.encoding.values import action_id
from scrip.manifest.model import Manifest
from scrip.plan import Change
from scrip.solana.encoding.mint import Mint, Unreadable
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.voting import subject_of

URI = "https://issuer.example/msft.json"
NEW = "US5949181052"


def metadata(world: World, listing: Listing) -> dict[str, str]:
    found = Mint(world.chain.account(listing.mint) or b"").metadata
    return {"name": found.name, "symbol": found.symbol, "uri": found.uri} | dict(found.more)


@pytest.mark.parametrize("series", [1, 2**24 - 1])
@pytest.mark.parametrize("uri", ["", URI, "ipfs://" + "x" * 193])
def test_a_mint_says_isin_series_and_address(series: int, uri: str) -> None:
    world = World()
    world.apply(ins.CreateStock(STOCK, "Microsoft", ISIN, "ALLOWLIST", series, uri))
    said = {"name": "Microsoft", "symbol": STOCK, "uri": uri, "isin": ISIN, "series": str(series)}
    assert metadata(world, world.listing) == said
    account = world.chain.svm.get_account(world.listing.mint)
    assert account is not None
    # To the byte: neither is rent left over, nor does a later step have to add any.
    assert account.lamports == world.chain.svm.minimum_balance_for_rent_exemption(len(account.data))


def test_an_address_longer_than_the_program_takes_is_refused() -> None:
    World().refuses("factory: bad name", ins.CreateStock(STOCK, "Microsoft", ISIN, uri="ipfs://" + "x" * 194))


def test_the_isin_is_the_administrators_to_change(world: World) -> None:
    word = list(NEW.encode())
    world.fails("NotAuthorised", [world.signed("set_isin", "mallory", word)], "mallory")
    world.fails("BadIsin", [world.signed("set_isin", ISSUER, list(b"us5949181052"))], ISSUER)
    world.apply(ins.Pause(STOCK))
    before = world.chain.svm.get_account(world.listing.mint)
    for _ in range(2):
        world.send([world.signed("set_isin", ISSUER, word)], ISSUER)
        assert metadata(world, world.listing)["isin"] == NEW
    after = world.chain.svm.get_account(world.listing.mint)
    assert before is not None
    assert after is not None
    assert (len(after.data), after.lamports) == (len(before.data), before.lamports)
    stored = world.stored(world.listing.stock)
    assert bytes(stored.isin).decode() == ISIN  # type: ignore[attr-defined]


TEXTS = {"Name": "Microsoft Corporation", "Symbol": "MSFTC", "Uri": URI}


def label(world: World, name: str) -> object:
    """Which text, as the instruction takes it."""
    return getattr(world.program.type["Label"], name)()


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_the_administrators_to_change_and_its_rent_is_paid(world: World, name: str) -> None:
    """Longer, shorter, the same, and again: the mint is never short of rent, and says the one text alone otherwise."""
    before, field = metadata(world, world.listing), name.lower()
    world.fails("NotAuthorised", [world.signed("describe_stock", "mallory", label(world, name), "x")], "mallory")
    world.apply(ins.Pause(STOCK))
    for text in (TEXTS[name], TEXTS[name], "x", TEXTS[name] + "!"):
        world.send([world.signed("describe_stock", ISSUER, label(world, name), text)], ISSUER)
        assert metadata(world, world.listing) == before | {field: text}
        account = world.chain.svm.get_account(world.listing.mint)
        assert account is not None
        assert account.lamports >= world.chain.svm.minimum_balance_for_rent_exemption(len(account.data))
    world.apply(ins.Unpause(STOCK))
    world.back()
    world.mint("alice", 5)


@pytest.mark.parametrize(("name", "most"), [("Name", 64), ("Symbol", 16), ("Uri", 200)])
def test_a_text_fits_its_bounds(world: World, name: str, most: int) -> None:
    kind = label(world, name)
    world.fails("BadName", [world.signed("describe_stock", ISSUER, kind, "x" * (most + 1))], ISSUER)
    world.send([world.signed("describe_stock", ISSUER, kind, "x" * most)], ISSUER)
    empty = world.signed("describe_stock", ISSUER, kind, "")
    if name == "Uri":
        world.send([empty], ISSUER)
        assert metadata(world, world.listing)["uri"] == ""
    else:
        world.fails("BadName", [empty], ISSUER)


def test_a_document_is_on_record_with_a_hash_and_an_address(world: World) -> None:
    """Of any action, whether the program keeps it; by ACTIONS alone, in a pause and a halt too, any number of times."""
    order = ins.PublishDocument(STOCK, "CHAN", "rename", "notice", URI)
    world.apply(ins.Pause(STOCK))
    world.apply(ins.Halt())
    for _ in range(2):
        world.apply(order)
    world.refuses("voting: no document", replace(order, document=""))
    world.refuses("voting: no document", replace(order, uri=""))
    world.refuses("voting: no document", replace(order, uri="x" * 201))
    world.refuses("roles: not authorised", replace(order, by="mallory"))
    subject = subject_of(world.ledger, STOCK, "CHAN", "rename")
    assert subject == action_id(ISIN, 1, "CHAN", "rename"), "the id that contracts have for the same action"


def test_the_desk_describes_a_stock_once(network: SolanaNetworkWorld) -> None:
    world, manifest = network, solana_manifest()
    stock = manifest.stocks["MSFT"].model_copy(update={"name": "Microsoft Inc", "uri": URI})
    named = manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT": stock}})
    wrong = [one.field for one in world.open(named).audit(world.open().build(None)) if one.field.startswith("stocks")]
    assert wrong == [f"stocks.MSFT.mint.TokenMetadata.{field}" for field in ("name", "uri")]
    plan = flows.fleet.describe(world.open(named), "MSFT")
    assert [(step.sender, step.function) for step in plan.steps] == [("timelock", "describe_stock")] * 2
    before = manifest.stocks["MSFT"]
    assert plan.changes == (
        Change("MSFT name", before.name, "Microsoft Inc"),
        Change("MSFT uri", before.uri or "none", URI),
    )
    world.run(plan)
    assert not flows.fleet.describe(world.open(named), "MSFT").steps
    assert world.open(named).audit(world.open().build(None)) == []
    with pytest.raises(InputError, match="is no stock of the manifest"):
        flows.fleet.describe(world.open(named), "NONE")


def carrying(manifest: Manifest, isin: str = NEW, birth: str = ISIN) -> Manifest:
    """The manifest, in which the stock carries another ISIN."""
    stock = manifest.stocks["MSFT"].model_copy(update={"isin": isin, "birth_isin": birth})
    return manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT": stock}})


@pytest.fixture
def network(tmp_path: Path) -> Iterator[SolanaNetworkWorld]:
    """The manifest's deployment, behind an endpoint."""
    with deployed_solana_world(tmp_path) as found:
        yield found


def test_the_desk_changes_an_isin_once(network: SolanaNetworkWorld) -> None:
    world, renamed = network, carrying(solana_manifest())
    mint = world.open().listing("MSFT").mint
    assert world.open(renamed).listing("MSFT").mint == mint
    (found,) = [one for one in world.open(renamed).audit(world.open().build(None)) if one.field.startswith("stocks")]
    assert (found.field, found.expected, found.found) == ("stocks.MSFT.mint.TokenMetadata.isin", NEW, ISIN)
    plan = flows.fleet.change_isin(world.open(renamed), "MSFT", ISIN)
    assert [(step.sender, step.function) for step in plan.steps] == [("timelock", "set_isin")]
    assert plan.changes == (Change("MSFT ISIN", ISIN, NEW),)
    world.run(plan)
    assert not flows.fleet.change_isin(world.open(renamed), "MSFT", ISIN).steps
    assert world.open(renamed).views().sheet("MSFT")["ISIN"] == NEW
    assert world.open(renamed).audit(world.open().build(None)) == []
    with pytest.raises(InputError, match=f"is not what MSFT carries: that is {NEW}"):
        flows.fleet.change_isin(world.open(), "MSFT", "US0378331005")
    with pytest.raises(InputError, match="its birth_isin for ever"):
        flows.fleet.change_isin(world.open(carrying(solana_manifest(), NEW, "")), "MSFT", ISIN)


def test_metadata_that_lie_about_their_length_are_not_read(world: World) -> None:
    data = world.chain.account(world.listing.mint) or b""
    at = data.index(b"isin") - 8
    for count in (3, 2**32 - 1):
        with pytest.raises(Unreadable):
            _ = Mint(data[:at] + count.to_bytes(4, "little") + data[at + 4 :]).metadata
    twice = data.replace(b"\6\0\0\0series\1\0\0\0001", b"\4\0\0\0isin\3\0\0\0xyz")
    with pytest.raises(Unreadable, match="stands there twice"):
        _ = Mint(twice).metadata
