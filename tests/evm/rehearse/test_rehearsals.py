"""What is rehearsed before it is done: an upgrade, a split, a halt and the way out, new keys, a leaked key."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.deployed_network import BLOCKED, DAY, FROZEN, HELD, INVESTORS, LAPSED, QUOTES, UNIT
from support.edited_sources import VERSION_2, edited

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork
from scrip.errors import Refusal
from scrip.evm.audit import audit
from scrip.evm.chain import Contract
from scrip.evm.compiled.release import Release
from scrip.evm.deploy.design import call
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.deploy.upgrade import plan_upgrade
from scrip.evm.encoding.abi import Abi
from scrip.evm.handlers import transaction
from scrip.evm.ledger import EvmLedger
from scrip.evm.rehearse.fork import pass_time
from scrip.evm.rehearse.rehearse import rehearse
from scrip.evm.rpc.signers import LocalSigner
from scrip.executor import Executor
from scrip.instructions.base import Instruction
from scrip.manifest.model import Account
from scrip.plan import Plan
from scrip.reports.rehearsal import Report
from scrip.units import RawUnits, Shares, Stablecoin

ALICE, BOB = INVESTORS[0], INVESTORS[1]
OFFICER, ACTIONS = "duty-officer", "actions-desk"


def operation(ledger: EvmLedger, name: str, *orders: Instruction) -> Plan:
    steps = (
        call(f"{place}", type(order).__name__, transaction(order, ledger), order) for place, order in enumerate(orders)
    )
    return Plan(name, f"{name} in a test", tuple(steps))


def carried_out(network: EvmNetwork, plan: Plan) -> Report:
    """Rehearse on a fork of `network`, see that it may be sent, and send it: the timelock's part as the timelock."""
    report = rehearse(network, plan)
    assert report.ok, report.lines()
    for step in plan.steps:
        if step.sender in INVESTORS or step.sender == "custodian":
            network.chain.add_signer(step.sender, LocalSigner(step.sender))
    Executor(network.transactions()).run(plan)
    return report


def changed(report: Report) -> dict[str, tuple[str, str]]:
    return {one.what: (one.before, one.after) for one in report.changes}


def balances(ledger: EvmLedger) -> dict[tuple[str, str], int]:
    return {(stock, name): ledger.balance(stock, name).value for stock in ledger.stocks for name in INVESTORS}


def mint(network: EvmNetwork, ledger: EvmLedger, name: str, signer: str = QUOTES) -> None:
    """Alice mints one token of Microsoft on a quote of a signer's."""
    for account in (ALICE, signer):
        network.chain.add_signer(account, LocalSigner(account))
    ledger.apply(ins.FundStablecoin(ALICE, Stablecoin.parse("100")))
    terms = ins.QuoteTerms(name, ledger.now() + 600, ledger.multiplier("MSFT").generation, signer=signer)
    ledger.apply(ins.Mint("MSFT", ALICE, RawUnits(UNIT, 18), Stablecoin.parse("100"), terms))


def test_an_upgrade_keeps_every_balance_and_standing(live: EvmNetwork) -> None:
    release = Release.of(edited("version-2", VERSION_2))
    before = balances(live.ledger())
    plan = plan_upgrade(live, release)
    assert [step.sender for step in plan.steps] == ["deployer"] * 6 + ["timelock"]
    report = rehearse(live, plan, release)
    assert report.ok, report.lines()
    assert report.waited == live.manifest.timelock.delay
    assert (report.stocks, report.changes, report.notes) == (5, (), ())
    assert report.accounts >= len(INVESTORS)
    assert report.facts > 5 * len(INVESTORS)

    Executor(live.transactions()).run(plan)
    ledger = live.ledger()
    assert balances(ledger) == before
    assert sum(before.values()) == 5 * len(INVESTORS) * HELD * UNIT
    token = Contract("V2", ledger.token("MSFT").address)
    live.chain._abis["V2"] = Abi("V2", release.extension.abi)
    assert live.chain.call(token, "reviewed") == 0
    live.chain.send(token, "review", sender="timelock")
    assert live.chain.call(token, "reviewed") == live.chain.now()
    assert audit(live, release) == []
    assert {one.field for one in audit(live)} >= {"code.implementation.NORMAL.extension"}
    assert not plan_upgrade(live, release).steps


def test_a_split_shows_in_every_view_and_moves_no_raw_unit(live: EvmNetwork) -> None:
    ledger = live.ledger()
    before, effective = balances(ledger), ledger.now() + 2 * DAY
    ex = datetime.fromtimestamp(effective, UTC).date()
    split = ("MSFT", "SPLF", "a split")
    announce = ins.Announce(*split, ex, effective, num=2, den=1, by=ACTIONS)
    report = carried_out(live, operation(ledger, "split", announce, ins.Schedule(*split, by=ACTIONS)))
    assert "MSFT scheduled" in changed(report)
    assert not any(" of investor" in what for what in changed(report))

    pass_time(live, effective)
    attest = ins.AttestReserve("MSFT", Shares.of(40_000))
    live.chain.add_signer("custodian", LocalSigner("custodian"))
    carried_out(live, operation(ledger, "attest", attest))
    mint(live, ledger, "before it is confirmed")
    again = ("MSFT", "SPLF", "another split")
    later = replace(announce, reference="another split", effective_at=effective + 2 * DAY, ex=ex + timedelta(days=2))
    early = rehearse(live, operation(ledger, "too early", later, ins.Schedule(*again, by=ACTIONS)))
    assert "reserve: basis unconfirmed" in "\n".join(map(str, early.findings))
    report = carried_out(live, operation(ledger, "confirm", ins.ConfirmBasis("MSFT")))
    assert changed(report)["MSFT basis"] == ("1:1#0", "2:1#1")
    mint(live, ledger, "after the split")
    after = balances(ledger)
    assert after[("MSFT", ALICE)] == before[("MSFT", ALICE)] + 2 * UNIT
    assert {**after, ("MSFT", ALICE): 0} == {**before, ("MSFT", ALICE): 0}
    assert ledger.balance_ui("MSFT", BOB) == 2 * HELD * UNIT
    assert ledger.balance_ui("IBM", BOB) == HELD * UNIT


def test_an_emergency_halt_and_the_recovery_from_it(live: EvmNetwork) -> None:
    ledger = live.ledger()
    live.chain.add_signer(ALICE, LocalSigner(ALICE))
    transfer = ins.Transfer("GOOG", ALICE, BOB, RawUnits(UNIT, 18))
    report = carried_out(live, operation(ledger, "halt", ins.Halt(by=OFFICER)))
    assert changed(report) == {"the fleet": ("running", "halted")}
    assert [one.field for one in report.notes] == ["beacon.mode"]
    assert report.waited == 0
    with pytest.raises(Refusal, match="halted"):
        ledger.apply(transfer)
    # A forced action goes on in a halt, and whoever halted cannot end it.
    ledger.apply(ins.ForcedTransfer("GOOG", BLOCKED, ALICE, RawUnits(UNIT, 18), 7, "order", by="safe"))
    assert not rehearse(live, operation(ledger, "unhalt", ins.Unhalt(by=OFFICER))).ok

    report = carried_out(live, operation(ledger, "unhalt", ins.Unhalt(by="timelock")))
    assert changed(report) == {"the fleet": ("halted", "running")}
    assert report.waited == live.manifest.timelock.delay
    assert (report.findings, report.notes) == ((), ())
    assert audit(live) == []
    ledger.apply(transfer)
    for name in (BLOCKED, LAPSED):
        with pytest.raises(Refusal, match="ERC7943CannotReceive"):
            ledger.apply(ins.Transfer("GOOG", ALICE, name, RawUnits(UNIT, 18)))


def rotated(network: EvmNetwork, role: str, old: str, new: str) -> EvmNetwork:
    """The network under a manifest in which `new` has the place of `old` in a role."""
    accounts = {**network.manifest.accounts, new: Account(local=True)}
    holders = tuple(new if name == old else name for name in network.manifest.roles[role])
    changes = {"accounts": accounts, "roles": {**network.manifest.roles, role: holders}}
    network.manifest = network.manifest.model_copy(update=changes)
    network.chain.add_signer(new, LocalSigner(new))
    return network


def test_a_role_passes_from_one_key_to_another(live: EvmNetwork) -> None:
    network = rotated(live, "COMPLIANCE", "compliance-desk", "compliance-desk-2")
    assert [(one.field, one.severity) for one in audit(network)] == [
        ("roles.COMPLIANCE", "critical"),
        ("roles.COMPLIANCE", "drift"),
    ]
    plan = plan_settings(network, "new compliance desk")
    assert {step.sender for step in plan.steps} == {"timelock"}
    assert [step.function for step in plan.steps] == ["grantRole", "revokeRole"]
    carried_out(network, plan)
    assert audit(network) == []
    ledger = network.ledger()
    with pytest.raises(Refusal, match="roles: not authorised"):
        ledger.apply(ins.Block(BOB, 1, "order", by="compliance-desk"))
    ledger.apply(ins.Block(BOB, 1, "order", by="compliance-desk-2"))
    assert not ledger.may_hold("FB", BOB)


def test_the_issuer_s_signing_key_has_leaked(live: EvmNetwork) -> None:
    """The market stops at once; the key loses its role after the delay; the market opens for the new key's quotes."""
    ledger = live.ledger()
    mint(live, ledger, "by a thief")
    report = carried_out(live, operation(ledger, "stop", ins.PauseMarket(by=OFFICER)))
    assert changed(report) == {"the primary market": ("open", "paused")}
    assert [one.field for one in report.notes] == ["market.paused"]
    with pytest.raises(Refusal, match="market: paused"):
        mint(live, ledger, "by a thief again")

    network = rotated(live, "QUOTE_SIGNER", QUOTES, "quote-key-2")
    carried_out(network, plan_settings(network, "the leaked key"))
    assert [one.field for one in audit(network)] == ["market.paused"]
    carried_out(network, operation(ledger, "start", ins.UnpauseMarket(by="safe")))
    assert audit(network) == []
    live.chain.add_signer("custodian", LocalSigner("custodian"))
    ledger.apply(ins.AttestReserve("MSFT", Shares.of(20_000)))
    with pytest.raises(Refusal, match="market: not a quote signer"):
        mint(live, ledger, "by a thief once more")
    mint(live, ledger, "by the issuer", signer="quote-key-2")
    assert ledger.balance("MSFT", ALICE) == RawUnits((HELD + 2) * UNIT, 18)
    assert ledger.balance("MSFT", FROZEN) == RawUnits(HELD * UNIT, 18)
