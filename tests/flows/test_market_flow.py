"""Quotes: drafted within bounds, signed by the quote's signer, carried out once by the account that they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.network_orders import house
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip.errors import InputError
from scrip.evm.rehearse.forecast import preview_plan
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.views import EvmQuote
from scrip.executor import StepFailed
from scrip.units import WAD, RawUnits, Stablecoin

TEN = RawUnits(10 * WAD, 18)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """Deployed; the treasury is onboarded and stands in for an investor who signs; the reserve is attested."""
    folder = tmp_path_factory.mktemp("network")
    with deployed_world(folder) as world:
        network = house(world, folder)
        world.run(flows.market.revoke_all(network))
        world.mark()
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


def drafted(world: NetworkWorld, side: str = "mint", reference: str = "q", **changes: object) -> EvmQuote:
    terms = {"stock": "MSFT", "account": "treasury", "amount": TEN, "settlement": Stablecoin(10**6), "life": 3_600}
    return flows.market.draft(world.open(), side, reference=reference, **(terms | changes))  # type: ignore[arg-type]


def signed(world: NetworkWorld, **changes: object) -> EvmQuote:
    return world.open().views().signed_by(drafted(world, **changes), LocalSigner("quote-key"))  # type: ignore[arg-type]


def test_a_quote_is_carried_out_once_and_read_as_done(world: NetworkWorld, tmp_path: Path) -> None:
    path = tmp_path / "quote.json"
    signed(world).write(path)
    quote = EvmQuote.read(path)
    assert quote == signed(world)
    plan = flows.market.submit(world.open(), quote, "treasury")
    # The treasury has let the market pay, so it need not approve again.
    assert [step.name for step in plan.steps] == ["mint 10 MSFT for 1"]
    assert preview_plan(world.open(), plan).ok
    assert world.run(plan).changed
    assert world.open().ledger().balance("MSFT", "treasury") == TEN
    assert not world.run(flows.market.submit(world.open(), quote, "treasury")).changed
    back = flows.market.submit(world.open(), signed(world, side="redeem", reference="r"), "treasury")
    assert world.run(back).changed
    assert not world.open().ledger().supply("MSFT")


def test_a_carried_out_quote_is_not_drafted_again(world: NetworkWorld) -> None:
    world.run(flows.market.submit(world.open(), signed(world), "treasury"))
    with pytest.raises(InputError, match="is of a quote that was carried out"):
        drafted(world)
    assert drafted(world, reference="another").id == "another"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount": RawUnits(0, 18)}, "amount: is 0"),
        ({"settlement": Stablecoin(0)}, "settlement: is 0"),
        ({"amount": RawUnits(100_001 * WAD, 18)}, "limits.max_mint of 100000"),
        ({"life": 0}, "life: is not between"),
        ({"life": 86_401}, "life: is not between"),
        ({"reference": ""}, "reference: is missing"),
        ({"stock": "NONE"}, "is not a known stock"),
        ({"sender": "duty-officer"}, "does not hold QUOTE_SIGNER"),
    ],
)
def test_drafts_out_of_bounds(standing: NetworkWorld, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        drafted(standing, **changes)  # type: ignore[arg-type]


def test_a_large_redemption_is_nobodys_business(standing: NetworkWorld) -> None:
    assert drafted(standing, side="redeem", amount=RawUnits(100_001 * WAD, 18)).side == "redeem"


def test_only_the_named_signer_signs(standing: NetworkWorld) -> None:
    with pytest.raises(InputError, match="signer: is not the quote's"):
        standing.open().views().signed_by(drafted(standing), LocalSigner("duty-officer"))


def test_quotes_of_elsewhere_of_others_and_without_a_signature(standing: NetworkWorld) -> None:
    quote = signed(standing)
    for wrong, sender, message in (
        (replace(quote, chain_id=1), "treasury", "is of chain 1"),
        (replace(quote, market="0x" + "11" * 20), "treasury", "market 0x1111"),
        (replace(quote, signature=""), "treasury", "signature: is missing"),
        (quote, "duty-officer", "is not the quote's account"),
    ):
        with pytest.raises(InputError, match=message):
            flows.market.submit(standing.open(), wrong, sender)


def test_a_quote_that_was_edited_is_refused_before_its_preview_and_by_the_chain(
    world: NetworkWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = replace(signed(world), amount="11")
    with pytest.raises(InputError, match="signature: is not the signer's, of this quote"):
        flows.market.submit(world.open(), edited, "treasury")
    monkeypatch.setattr("scrip.evm.views.views.EvmViews.check_quote", lambda *_: None)
    plan = flows.market.submit(world.open(), edited, "treasury")
    with pytest.raises(StepFailed, match="would fail and was not sent: market: bad signature") as caught:
        world.run(plan)
    assert caught.value.record is None
    assert not world.open().ledger().supply("MSFT")


def test_a_quote_that_outlived_its_multiplier_or_its_time_is_refused_in_the_preview(world: NetworkWorld) -> None:
    quote = signed(world)
    other = world.open().views().signed_by(replace(quote, generation=1), LocalSigner("quote-key"))
    old = flows.market.submit(world.open(), other, "treasury")
    assert str(preview_plan(world.open(), old).refusal).startswith("market: multiplier changed")
    world.open().node.rpc("evm_mine", {"timestamp": quote.expiry})
    late = preview_plan(world.open(), flows.market.submit(world.open(), quote, "treasury"))
    assert str(late.refusal).startswith("market: quote expired")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 1}', '{"schema": 1, "side": "gift"}', "null"])
def test_files_that_hold_no_quote(tmp_path: Path, text: str) -> None:
    path = tmp_path / "quote.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"quote\.json: "):
        EvmQuote.read(path)
    with pytest.raises(InputError, match="cannot be read"):
        EvmQuote.read(tmp_path / "none.json")
