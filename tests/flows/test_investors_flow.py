"""Investors: onboarded, renewed, linked and blocked, a file or one at a time, and never twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.network_orders import DOCUMENT, carried_out, newcomers, onboarded, wallet
from support.network_world import NetworkWorld

from scrip import flows
from scrip.errors import InputError, InputErrors
from scrip.evm.accounts import local_account
from scrip.evm.rehearse.forecast import preview_plan
from scrip.inputs.batch import read_links, read_newcomers, read_renewals
from scrip.plan import Change
from scrip.plan.draft import Reason


def test_a_batch_is_onboarded_once(world: NetworkWorld, tmp_path: Path) -> None:
    rows = [f"i{number},{wallet(f'w{number}')},FR,retail,2029-06-30" for number in range(120)]
    batch = read_newcomers(newcomers(tmp_path, *rows))
    plan = flows.investors.onboard(world.open(), batch)
    assert [step.name for step in plan.steps] == ["rows 1-50", "rows 51-100", "rows 101-120"]
    assert plan.reference == batch.digest
    carried_out(world, plan)
    again = flows.investors.onboard(world.open(), batch)
    assert again.steps == ()
    assert again.same == ("120 rows",)


def test_a_batch_that_meets_other_records_is_refused_whole_by_line(world: NetworkWorld, tmp_path: Path) -> None:
    onboarded(world, tmp_path)
    path = newcomers(
        tmp_path,
        f"inv-new,{wallet('new')},FR,retail,2029-06-30",
        f"inv-alice,{wallet('alice')},FR,professional,2030-01-01",
        f"inv-other,{wallet('bob')},DE,professional,2030-01-01",
    )
    with pytest.raises(InputErrors) as caught:
        flows.investors.onboard(world.open(), read_newcomers(path))
    assert [(error.line, error.field) for error in caught.value.errors] == [(3, "investor"), (4, "wallet")]


def test_renewals_and_links_row_by_row(world: NetworkWorld, tmp_path: Path) -> None:
    onboarded(world, tmp_path)
    path = tmp_path / "renew.csv"
    path.write_text("investor,expiry\ninv-alice,2031-01-01\ninv-bob,2030-01-01\n")
    plan = flows.investors.renew(world.open(), read_renewals(path))
    assert [step.name for step in plan.steps] == ["line 2"]
    carried_out(world, plan)
    path = tmp_path / "link.csv"
    path.write_text(f"investor,wallet\ninv-alice,{wallet('alice2')}\n")
    carried_out(world, flows.investors.link(world.open(), read_links(path)))
    assert not flows.investors.link(world.open(), read_links(path)).steps
    path.write_text(f"investor,wallet\nnobody,{wallet('alice3')}\n")
    with pytest.raises(InputErrors, match="is not in the registry"):
        flows.investors.link(world.open(), read_links(path))


def test_a_block_reaches_every_wallet_and_is_lifted(trading: NetworkWorld) -> None:
    plan = flows.investors.block(trading.open(), "house", Reason(2, DOCUMENT))
    shown = {change.what: change.after for change in preview_plan(trading.open(), plan).changes}
    assert shown == {"investor house is blocked": "yes"}
    carried_out(trading, plan)
    assert not flows.investors.block(trading.open(), "house", Reason(2, DOCUMENT)).steps
    carried_out(trading, flows.investors.unblock(trading.open(), "house", Reason(3, DOCUMENT)))


def test_a_profile_is_set_once_by_compliance(world: NetworkWorld, tmp_path: Path) -> None:
    path = tmp_path / "investors.csv"
    address = local_account("alice").address.lower()
    path.write_text(f"investor,wallet,country,class,expiry\ninv-alice,{address},DE,retail,2030-01-01\n")
    world.run(flows.investors.onboard(world.open(), read_newcomers(path)))
    plan = flows.investors.set_profile(world.open(), "inv-alice", 756, "professional")
    until = "cleared until 2030-01-01 00:00:00 UTC"
    assert preview_plan(world.open(), plan).changes == (
        Change("investor inv-alice", f"retail, country 276, {until}", f"professional, country 756, {until}"),
    )
    assert world.run(plan).changed
    assert not flows.investors.set_profile(world.open(), "inv-alice", 756, "professional").steps
    back = flows.investors.set_profile(world.open(), "inv-alice", 276, "retail")
    world.run(back)
    again = flows.investors.set_profile(world.open(), "inv-alice", 756, "professional")
    assert again.reference != plan.reference
    assert world.run(again).changed


def test_profiles_of_nobody_and_of_no_class(world: NetworkWorld) -> None:
    with pytest.raises(InputError, match="is not in the registry"):
        flows.investors.set_profile(world.open(), "nobody", 756, "retail")
    with pytest.raises(InputError, match="class: is none of retail"):
        flows.investors.set_profile(world.open(), "nobody", 756, "rich")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is no ISO 3166 country number"):
        flows.investors.set_profile(world.open(), "nobody", 999, "retail")
