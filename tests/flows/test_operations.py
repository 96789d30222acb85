"""The desk's operations on a deployed network: each plan's preview is what happens, and what stands is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.desk_orders import carried_out, keyed_manifest, minted, newcomers, wallet
from support.desk_world import DeskWorld, deployed_world

from scrip import flows
from scrip import instructions as ins
from scrip.errors import InputError, InputErrors
from scrip.evm.chain import Contract
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.rehearse.forecast import preview_plan
from scrip.evm.rpc.signers import LocalSigner
from scrip.inputs.batch import read_links, read_newcomers, read_renewals
from scrip.labels import oracle_label
from scrip.plan.draft import Reason
from scrip.units import WAD, RawUnits, Shares

DOCUMENT = "0x" + "ab" * 32
DAY = 86_400


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskWorld]:
    """The local manifest, deployed, whose roles are given to keys."""
    with deployed_world(tmp_path_factory.mktemp("desk"), keyed_manifest()) as world:
        yield world


@pytest.fixture
def world(standing: DeskWorld) -> Iterator[DeskWorld]:
    yield standing
    standing.back()


def onboarded(world: DeskWorld, folder: Path) -> None:
    rows = [f"inv-{name},{wallet(name)},DE,professional,2030-01-01" for name in ("alice", "bob")]
    carried_out(world, flows.investors.onboard(world.open(), read_newcomers(newcomers(folder, *rows))))


@pytest.fixture
def holding(world: DeskWorld, tmp_path: Path) -> DeskWorld:
    """The treasury holds 100 MSFT, alice and bob are onboarded."""
    onboarded(world, tmp_path)
    rows = [f"house,{world.open().chain.address('treasury')},DE,institutional,2030-01-01"]
    carried_out(world, flows.investors.onboard(world.open(), read_newcomers(newcomers(tmp_path, *rows))))
    minted(world)
    return world


def test_a_batch_is_onboarded_once(world: DeskWorld, tmp_path: Path) -> None:
    rows = [f"i{number},{wallet(f'w{number}')},FR,retail,2029-06-30" for number in range(120)]
    batch = read_newcomers(newcomers(tmp_path, *rows))
    plan = flows.investors.onboard(world.open(), batch)
    assert [step.name for step in plan.steps] == ["rows 1-50", "rows 51-100", "rows 101-120"]
    assert plan.reference == batch.digest
    carried_out(world, plan)
    again = flows.investors.onboard(world.open(), batch)
    assert again.steps == ()
    assert again.same == ("120 rows",)


def test_a_batch_that_meets_other_records_is_refused_whole_by_line(world: DeskWorld, tmp_path: Path) -> None:
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


def test_renewals_and_links_row_by_row(world: DeskWorld, tmp_path: Path) -> None:
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


def test_a_block_reaches_every_wallet_and_is_lifted(holding: DeskWorld) -> None:
    plan = flows.investors.block(holding.open(), "house", Reason(2, DOCUMENT))
    shown = {change.what: change.after for change in preview_plan(holding.open(), plan).changes}
    assert shown == {"investor house is blocked": "yes"}
    carried_out(holding, plan)
    assert not flows.investors.block(holding.open(), "house", Reason(2, DOCUMENT)).steps
    carried_out(holding, flows.investors.unblock(holding.open(), "house", Reason(3, DOCUMENT)))


def test_a_refusal_is_known_before_anything_is_sent(holding: DeskWorld) -> None:
    desk = holding.open()
    wrong = replace(
        flows.enforcement.seize(desk, "MSFT", "treasury", wallet("alice"), RawUnits(WAD, 18), Reason(6, DOCUMENT))
    )
    order = replace(wrong.steps[0].instructions[0], to="owner-1")
    shown = preview_plan(desk, replace(wrong, steps=(replace(wrong.steps[0], instructions=(order,)),)))
    assert shown.refusal is not None
    assert shown.refusal.name == "ERC7943CannotReceive"


def test_forced_actions(holding: DeskWorld) -> None:
    half = RawUnits(50 * WAD, 18)
    carried_out(holding, flows.enforcement.freeze_tokens(holding.open(), "MSFT", "treasury", half, Reason(5, DOCUMENT)))
    carried_out(holding, flows.enforcement.freeze(holding.open(), "MSFT", "treasury", True, Reason(5, DOCUMENT)))
    carried_out(holding, flows.enforcement.open_case(holding.open(), "MSFT", "treasury", Reason(5, DOCUMENT)))
    seize = flows.enforcement.seize(
        holding.open(), "MSFT", "treasury", wallet("bob"), RawUnits(70 * WAD, 18), Reason(6, DOCUMENT)
    )
    desk = carried_out(holding, seize)
    assert desk.ledger().balance("MSFT", wallet("bob")) == RawUnits(70 * WAD, 18)
    assert not holding.run(seize).changed
    carried_out(holding, flows.enforcement.close_case(holding.open(), "MSFT", "treasury"))
    carried_out(
        holding, flows.enforcement.freeze(holding.open(), "MSFT", "treasury", False, Reason(5, DOCUMENT, "lifted"))
    )


def test_a_split_from_announcement_to_the_new_basis(holding: DeskWorld) -> None:
    desk = holding.open()
    at = desk.chain.now() + 3 * DAY
    order = ins.Announce("MSFT", "SPLF", "2027-split", date(2027, 1, 15), at, num=2, den=1)
    carried_out(holding, flows.actions.announce(desk, order))
    assert not flows.actions.announce(holding.open(), order).steps
    with pytest.raises(InputError, match="is announced with other terms"):
        flows.actions.announce(holding.open(), replace(order, num=3))
    plan = flows.actions.schedule(holding.open(), ins.Schedule("MSFT", "SPLF", "2027-split"))
    later = {
        change.what: change.after for change in preview_plan(holding.open(), plan).changes if " from " in change.what
    }
    assert any(what.startswith("MSFT of treasury from") and "= 200 shares" in now for what, now in later.items())
    desk = carried_out(holding, plan)
    desk.node.rpc("evm_mine", {"timestamp": at})
    desk.chain.send(desk.book.contract(oracle_label("MSFT")), "push", 2 * 10**6 * WAD, sender="deployer")
    carried_out(holding, flows.reserve.confirm_basis(holding.open(), "MSFT", "ceiling-desk"))
    assert not flows.reserve.confirm_basis(holding.open(), "MSFT", "ceiling-desk").steps


def test_an_action_is_cancelled_once(holding: DeskWorld) -> None:
    desk = holding.open()
    at = desk.chain.now() + 3 * DAY
    carried_out(
        holding,
        flows.actions.announce(desk, ins.Announce("MSFT", "DRIP", "d", date(2027, 1, 15), at, gross=WAD, pay=at)),
    )
    carried_out(holding, flows.actions.schedule(holding.open(), ins.Schedule("MSFT", "DRIP", "d", 27 * WAD)))
    cancel = ins.Cancel("MSFT", "DRIP", "d", 7, DOCUMENT)
    carried_out(holding, flows.actions.cancel(holding.open(), cancel))
    assert not flows.actions.cancel(holding.open(), cancel).steps


def test_stops_can_be_made_again_and_again(world: DeskWorld) -> None:
    for wished in (True, False, True, False):
        carried_out(world, flows.fleet.pause(world.open(), "MSFT", wished))
        carried_out(world, flows.market.pause(world.open(), wished))
    carried_out(world, flows.fleet.halt(world.open(), True))
    assert flows.fleet.halt(world.open(), True).same == ("the fleet is halted",)
    assert flows.fleet.halt(world.open(), False).steps[0].sender == "timelock"


def test_a_ceiling_is_moved_by_its_own_desk(holding: DeskWorld) -> None:
    plan = flows.reserve.ceiling(holding.open(), "MSFT", Shares.of(200))
    assert plan.steps[0].sender == "ceiling-desk"
    carried_out(holding, plan)
    assert not flows.reserve.ceiling(holding.open(), "MSFT", Shares.of(200)).steps


def test_a_stock_that_stands_is_left_alone(world: DeskWorld) -> None:
    assert not flows.fleet.create(world.open(), "MSFT").steps
    with pytest.raises(InputError, match="is no stock of the manifest"):
        flows.fleet.create(world.open(), "IBM")


# --- who enters, and who is kept out ---


def test_a_lost_wallet_is_replaced_with_all_that_it_holds(holding: DeskWorld) -> None:
    fresh, why = wallet("fresh"), Reason(4, DOCUMENT)
    carried_out(holding, flows.enforcement.freeze(holding.open(), "MSFT", "treasury", True, Reason(5, DOCUMENT)))
    plan = flows.recovery.recover(holding.open(), "house", "treasury", fresh, (), why)
    shown = {change.what: change.after for change in preview_plan(holding.open(), plan).changes}
    assert shown[f"MSFT of {fresh}"].startswith("100 tokens")
    assert shown[f"MSFT of {fresh} frozen"] == "all"
    assert shown["successor of treasury"] == fresh
    assert shown["treasury, of no investor, is blocked"] == "yes"
    desk = carried_out(holding, plan)
    assert desk.ledger().balance("MSFT", fresh) == RawUnits(100 * WAD, 18)
    again = flows.recovery.recover(holding.open(), "house", "treasury", fresh, (), why)
    assert (again.steps, again.same) == ((), (f"{fresh} is the successor of treasury",))
    with pytest.raises(InputError, match="was recovered: its successor is"):
        flows.recovery.recover(holding.open(), "house", "treasury", wallet("other"), (), why)


def test_what_a_lost_wallet_left_is_fetched_by_anyone(holding: DeskWorld) -> None:
    fresh, why = wallet("fresh"), Reason(4, DOCUMENT)
    carried_out(holding, flows.recovery.recover(holding.open(), "house", "treasury", fresh, ("AAPL",), why))
    plan = flows.recovery.recover_in(holding.open(), "treasury", (), "compliance-desk")
    desk = carried_out(holding, plan)
    assert desk.ledger().balance("MSFT", fresh) == RawUnits(100 * WAD, 18)
    assert flows.recovery.recover_in(holding.open(), "treasury", ()).same == ("nothing is left with treasury",)


def test_a_wallet_is_not_recovered_for_somebody_else(holding: DeskWorld) -> None:
    desk, why = holding.open(), Reason(4, DOCUMENT)
    for investor, old, new, reason in (
        ("inv-bob", "treasury", wallet("fresh"), "belongs to another investor"),
        ("house", wallet("nobody"), wallet("fresh"), "belongs to nobody"),
        ("house", "treasury", wallet("bob"), "is an investor's already"),
    ):
        with pytest.raises(InputError, match=reason):
            flows.recovery.recover(desk, investor, old, new, (), why)
    with pytest.raises(InputError, match="was not recovered"):
        flows.recovery.recover_in(desk, "treasury", ())


def attested(world: DeskWorld, name: str = "treasury", reference: str = "case-1") -> flows.attestations.Attested:
    desk = world.open()
    provider = LocalSigner("kyc-provider")
    where = (desk.chain.chain_id(), desk.suite().registry.address)
    made = flows.attestations.Attested(
        "inv-own", desk.chain.address(name), 276, "professional", 1_900_000_000, reference, 1_850_000_000,
        provider.address, *where,
    )  # fmt: skip
    return flows.attestations.sign(made, provider)


def test_an_investor_enters_with_what_a_provider_signed(world: DeskWorld, tmp_path: Path) -> None:
    path = tmp_path / "attestation.json"
    flows.attestations.write(attested(world), path)
    read = flows.attestations.read(path)
    desk = carried_out(world, flows.attestations.enter(world.open(), read, "treasury"))
    assert desk.views().owners(["treasury"])["treasury"]
    assert flows.attestations.enter(world.open(), read, "treasury").same == ("inv-own is on the register",)


def test_the_transaction_in_the_file_is_what_the_wallet_sends(world: DeskWorld) -> None:
    sent = attested(world).transaction()
    desk = world.open()
    desk.node.rpc("anvil_impersonateAccount", sent["from"])
    fields = {key: sent[key] for key in ("from", "to", "value")} | {"data": "0x" + sent["data"].hex()}
    tx = desk.node.rpc("eth_sendTransaction", fields | {"gas": hex(300_000), "gasPrice": "0x0"})
    assert int(desk.node.wait(tx)["status"], 16) == 1
    assert desk.views().owners(["treasury"])["treasury"]


def test_a_file_that_was_altered_is_refused_by_field(world: DeskWorld, tmp_path: Path) -> None:
    path = tmp_path / "attestation.json"
    flows.attestations.write(attested(world), path)
    text = path.read_text()
    for before, after, field in (
        ('"country": 276', '"country": 840', "transaction"),
        ('"country": 276', '"country": "DE"', "country"),
        ('"country": 276', '"country": 1000', "country"),
        ('"investor_class": "professional"', '"investor_class": "king"', "investor_class"),
        ('"schema": 1', '"schema": 2', "schema"),
        ('"provider": "0x', '"provider": "x', "provider"),
    ):
        assert before in text
        path.write_text(text.replace(before, after))
        with pytest.raises(InputError) as caught:
            flows.attestations.read(path)
        assert (caught.value.file, caught.value.field) == (str(path), field)


def test_an_attestation_is_good_here_for_its_wallet_and_by_its_provider(world: DeskWorld) -> None:
    desk, good = world.open(), attested(world)
    for wrong, sender, reason in (
        (replace(good, chain_id=1), "treasury", "is of chain 1"),
        (good, "owner-1", "is not the attestation's wallet"),
        (replace(good, country=840), "treasury", "is not the provider's"),
        (replace(good, signature="0x"), "treasury", "is not the provider's"),
    ):
        with pytest.raises(InputError, match=reason):
            flows.attestations.enter(desk, wrong, sender)
    for wrong, reason in (
        (replace(good, investor_class="venue"), "no attestation makes a venue"),
        (replace(good, deadline=good.expiry), "is not after the deadline"),
        (replace(good, reference=""), "is missing"),
        (replace(good, provider=wallet("bob")), "is not the provider"),
    ):
        with pytest.raises(InputError, match=reason):
            flows.attestations.sign(wrong, LocalSigner("kyc-provider"))


def test_a_provider_takes_back_what_it_signed(world: DeskWorld) -> None:
    carried_out(world, flows.attestations.cancel(world.open(), "case-1"))
    assert not flows.attestations.cancel(world.open(), "case-1").steps
    with pytest.raises(InputError, match="has served, or was cancelled"):
        flows.attestations.enter(world.open(), attested(world), "treasury")


def test_a_dropped_provider_is_not_believed(world: DeskWorld) -> None:
    carried_out(world, flows.attestations.drop(world.open(), "kyc-provider", Reason(5, DOCUMENT)))
    assert not flows.attestations.drop(world.open(), "kyc-provider", Reason(5, DOCUMENT)).steps
    shown = preview_plan(world.open(), flows.attestations.enter(world.open(), attested(world), "treasury"))
    assert shown.refusal is not None
    assert shown.refusal.name == "attestation: provider dropped"
    (step,) = flows.attestations.readmit(world.open(), "kyc-provider").steps
    assert (step.sender, step.function) == ("timelock", "readmitProvider")


def answer(world: DeskWorld, address: str, what: int) -> None:
    """What the mock of the sanctions oracle says from now on."""
    desk = world.open()
    oracle = Contract("MockSanctionsOracle", desk.book.contract(ins.SANCTIONS_ORACLE).address)
    desk.chain.send(oracle, "setAnswer", desk.chain.address(address), what, sender="deployer")


def test_whom_the_oracle_lists_is_blocked_and_nobody_else(holding: DeskWorld) -> None:
    assert not flows.sanctions.screen(holding.open(), ()).steps
    for address, what in (("treasury", 1), (wallet("alice"), 1), (wallet("bob"), 2), (wallet("stranger"), 1)):
        answer(holding, address, what)
    everybody = flows.sanctions.screen(holding.open(), ())
    (step,) = everybody.steps
    assert sorted(step.instructions[0].wallets) == sorted([wallet("alice"), "treasury"])
    assert f"nothing is said about {wallet('bob')}" in everybody.same
    carried_out(holding, everybody)
    assert not flows.sanctions.screen(holding.open(), ("treasury", wallet("alice"))).steps
    carried_out(holding, flows.sanctions.screen(holding.open(), (wallet("stranger"),)))
    assert holding.open().views().clearances(["house"])["house"].blocked


def test_an_oracle_that_lies_is_suspended_and_named_again_by_the_timelock(world: DeskWorld, tmp_path: Path) -> None:
    carried_out(world, flows.sanctions.suspend(world.open()))
    assert flows.sanctions.suspend(world.open()).same == ("the sanctions oracle is suspended",)
    with pytest.raises(InputError, match="is suspended"):
        flows.sanctions.screen(world.open(), (wallet("alice"),))
    batch = read_newcomers(newcomers(tmp_path, f"inv-new,{wallet('new')},FR,retail,2029-06-30"))
    shown = preview_plan(world.open(), flows.investors.onboard(world.open(), batch))
    assert shown.refusal is not None
    assert shown.refusal.name == "sanctions: no answer"
    (step,) = [one for one in plan_settings(world.open()).steps if one.function == "setSanctionsOracle"]
    assert step.sender == "timelock"
    none = world.manifest.model_copy(update={"sanctions_oracle": ""})
    with pytest.raises(InputError, match="is suspended"):
        flows.sanctions.screen(world.open(none), ())
    (step,) = [one for one in plan_settings(world.open(none)).steps if one.function == "setSanctionsOracle"]
    assert preview_plan(world.open(none), replace(plan_settings(world.open(none)), steps=(step,))).ok


def test_another_oracle_of_the_manifest_is_named_by_the_timelock(world: DeskWorld) -> None:
    other = world.open().chain.deploy("MockSanctionsOracle", sender="deployer").address
    desk = world.open(world.manifest.model_copy(update={"sanctions_oracle": other}))
    plan = plan_settings(desk)
    (step,) = [one for one in plan.steps if one.function == "setSanctionsOracle"]
    assert (step.sender, desk.chain.address(step.args[0].name)) == ("timelock", other)
    assert preview_plan(desk, replace(plan, steps=(step,))).ok
    nobody = world.open(world.manifest.model_copy(update={"sanctions_oracle": wallet("nobody")}))
    refused = preview_plan(nobody, plan_settings(nobody))
    assert refused.refusal is not None
    assert refused.refusal.name == "sanctions: not a contract"
