"""Quotes revoked before they are used, and the one desk that signs by a key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_utils import keccak
from support.network_orders import carried_out, house
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.views import EvmQuote
from scrip.executor import Executor, StepFailed
from scrip.labels import TIMELOCK
from scrip.records.record import RecordError
from scrip.units import WAD, RawUnits, Stablecoin

CLAIM = "`ape run market revoke --all` voids what was signed by that key and not used, and makes this desk the one"


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """Deployed, with an investor who signs; no desk has claimed the quote signer's key."""
    folder = tmp_path_factory.mktemp("network")
    with deployed_world(folder) as world:
        house(world, folder)
        world.mark()
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


@pytest.fixture
def desk(world: NetworkWorld) -> EvmNetwork:
    """The network at a desk that signs by the quote signer's key."""
    carried_out(world, flows.market.revoke_all(world.open()))
    return world.open()


def draft(network: EvmNetwork, reference: str = "q", amount: int = 10) -> EvmQuote:
    terms = ("mint", "MSFT", "treasury", RawUnits(amount * WAD, 18), Stablecoin(10**6), reference, 3_600)
    made = flows.market.draft(network, *terms)
    assert isinstance(made, EvmQuote)
    return made


def sign(network: EvmNetwork, folder: Path, reference: str = "q", amount: int = 10) -> EvmQuote:
    """A quote that was signed and noted at the desk."""
    path = folder / f"{reference} at {network.records.folder.parent.name}.json"
    flows.market.sign_into(network, draft(network, reference, amount), path)
    return EvmQuote.read(path)


def other_machine(world: NetworkWorld, folder: Path) -> EvmNetwork:
    """The network as another machine knows it: with the same keys and records, and none of the quotes."""
    records = folder / "records there"
    shutil.copytree(world.records, records, ignore=shutil.ignore_patterns("quotes"))
    return EvmNetwork.open(world.manifest, world.url, records)


def test_a_fresh_key_signs_at_once_by_numbers_of_its_references(world: NetworkWorld, tmp_path: Path) -> None:
    """Until a desk claims it; what was signed before is void then, and numbers begin at 0."""
    fresh = sign(world.open(), tmp_path)
    assert (fresh.epoch, fresh.nonce) == ("0x0", int.from_bytes(keccak(text="q")))
    assert sign(world.open(), tmp_path, "r").nonce != fresh.nonce
    carried_out(world, flows.market.revoke_all(world.open()))
    with pytest.raises(InputError, match="quote: was revoked"):
        flows.market.submit(world.open(), fresh, "treasury")
    assert draft(world.open(), "s").nonce == 0


def test_of_one_reference_that_two_machines_sign_by_an_unclaimed_key_one_quote_is_used(
    world: NetworkWorld, tmp_path: Path
) -> None:
    """So is one of a desk that lost what it had signed: the number is of the reference, whoever signs."""
    ours = sign(world.open(), tmp_path)
    there = other_machine(world, tmp_path)
    theirs = sign(there, tmp_path, amount=11)
    assert (theirs.epoch, theirs.nonce) == (ours.epoch, ours.nonce)
    late = flows.market.submit(there, theirs, "treasury")
    assert world.run(flows.market.submit(world.open(), ours, "treasury")).changed
    with pytest.raises(StepFailed, match="market: quote used"):
        Executor(there.transactions()).run(late)
    assert world.open().ledger().balance("MSFT", "treasury") == RawUnits(10 * WAD, 18)
    with pytest.raises(InputError, match="reference: is of a quote that was carried out"):
        draft(other_machine(world, tmp_path / "a third"))


def test_two_machines_never_sign_two_quotes_of_one_order_that_can_both_be_used(
    world: NetworkWorld, desk: EvmNetwork, tmp_path: Path
) -> None:
    ours = sign(desk, tmp_path)
    there = other_machine(world, tmp_path)
    with pytest.raises(InputError, match="signer: another desk signs by it: two would sign one order twice") as caught:
        draft(there)
    assert CLAIM in str(caught.value)
    Executor(there.transactions()).run(flows.market.revoke_all(there))
    theirs = sign(there, tmp_path, amount=11)
    assert (theirs.id, theirs.nonce) == (ours.id, ours.nonce)
    # What the first machine signed is void from the moment on that the second one could sign.
    with pytest.raises(InputError, match="quote: was revoked"):
        flows.market.submit(desk, ours, "treasury")
    with pytest.raises(InputError, match="signer: another desk signs by it"):
        draft(desk, "another")
    Executor(there.transactions()).run(flows.market.submit(there, theirs, "treasury"))
    assert world.open().ledger().balance("MSFT", "treasury") == RawUnits(11 * WAD, 18)
    assert flows.market.offers(desk, every=True)[0].state == "revoked"
    assert flows.market.offers(there, every=True)[0].state == "used"
    # Back at the first desk the order is known as carried out, whoever signed it.
    carried_out(world, flows.market.revoke_all(world.open()))
    for path in desk.records.folder.glob("quotes/*.json"):
        path.unlink()
    with pytest.raises(InputError, match="reference: is of a quote that was carried out"):
        draft(world.open())


def test_a_desk_that_has_lost_its_quotes_signs_none(desk: EvmNetwork, world: NetworkWorld, tmp_path: Path) -> None:
    sign(desk, tmp_path)
    shutil.rmtree(desk.records.folder / "quotes")
    with pytest.raises(InputError, match="signer: another desk signs by it"):
        draft(world.open())
    (desk.records.folder / "quotes").mkdir()
    (desk.records.folder / "quotes" / "desk").write_text("what?\n")
    with pytest.raises(RecordError, match="quotes/desk: is no number"):
        draft(world.open())


def test_a_quote_is_revoked_before_its_use(desk: EvmNetwork, world: NetworkWorld, tmp_path: Path) -> None:
    quote, kept = sign(desk, tmp_path, "q-1"), sign(desk, tmp_path, "q-2")
    assert (quote.nonce, kept.nonce) == (0, 1)
    before = flows.market.submit(world.open(), quote, "treasury")
    plan = flows.market.revoke(world.open(), "q-1")
    assert [step.title for step in plan.steps] == ["revoke quote q-1, number 0 of quote-key"]
    carried_out(world, plan)
    assert not flows.market.revoke(world.open(), "q-1").steps
    assert [(one.quote.id, one.state) for one in flows.market.offers(world.open(), every=True)] == [
        ("q-1", "revoked"),
        ("q-2", "open"),
    ]
    with pytest.raises(InputError, match="reference: names a quote that is revoked: give another"):
        draft(world.open(), "q-1")
    with pytest.raises(InputError, match="quote: was revoked"):
        flows.market.submit(world.open(), quote, "treasury")
    # A plan from before is not taken for one that was carried out because its number is no longer free.
    with pytest.raises(StepFailed, match="market: quote used"):
        world.run(before)
    assert world.run(flows.market.submit(world.open(), kept, "treasury")).changed
    assert flows.market.revoke(world.open(), "q-2").same == ("quote q-2 cannot be used: it is used",)


def test_a_step_is_read_as_done_by_its_own_event_alone(desk: EvmNetwork, world: NetworkWorld, tmp_path: Path) -> None:
    quote = sign(desk, tmp_path)
    plan = flows.market.submit(world.open(), quote, "treasury")
    assert world.run(plan).changed
    shutil.rmtree(world.records)
    shutil.copytree(world._kept, world.records)
    again = world.run(plan)
    assert not again.changed
    assert world.open().ledger().balance("MSFT", "treasury") == RawUnits(10 * WAD, 18)


def test_numbers_are_taken_in_turn_and_none_that_is_spent(
    desk: EvmNetwork, world: NetworkWorld, tmp_path: Path
) -> None:
    market = desk.suite().market
    for spent in (1, 2, 255, 256):
        desk.chain.send(market, "revokeQuote", desk.chain.address("quote-key"), spent, sender="quote-key")
    assert [sign(desk, tmp_path, reference).nonce for reference in ("a", "b")] == [0, 3]


def test_of_two_quotes_that_were_given_one_number_one_is_signed(desk: EvmNetwork, tmp_path: Path) -> None:
    first, second = draft(desk, "a"), draft(desk, "b")
    flows.market.sign_into(desk, first, tmp_path / "a.json")
    with pytest.raises(InputError, match="nonce: was given to quote a meanwhile: give the command again"):
        flows.market.sign_into(desk, second, tmp_path / "b.json")
    assert not (tmp_path / "b.json").exists()
    assert draft(desk, "b").nonce == 1


def test_who_may_revoke(desk: EvmNetwork, tmp_path: Path) -> None:
    sign(desk, tmp_path)
    for plan in (flows.market.revoke(desk, "q", TIMELOCK), flows.market.revoke_all(desk, sender=TIMELOCK)):
        assert [step.sender for step in plan.steps] == [TIMELOCK]
    with pytest.raises(InputError, match="as: is neither the signer, quote-key, nor the timelock"):
        flows.market.revoke(desk, "q", "treasury")
    with pytest.raises(InputError, match="as: is neither the signer, quote-key, nor the timelock"):
        flows.market.revoke_all(desk, "quote-key", sender="treasury")
    with pytest.raises(InputError, match="names no quote that was signed here"):
        flows.market.revoke(desk, "unknown")
