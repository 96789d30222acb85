"""The command groups on a Solana network: the same commands, manifest, records and exit codes."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from solana_cli import SolanaCli, fresh_cli, onboarded, wallet
from solana_network_world import SolanaNetworkWorld, deployed_solana_world
from solders.message import Message
from solders.transaction import Transaction
from support.network_cli import commands, fresh

from scrip import instructions as ins
from scrip.solana.addresses import local_keypair
from scrip.units import Stablecoin

README = Path(__file__).resolve().parents[2] / "scripts/README.md"
DAY = 86_400
YEAR = 365 * DAY


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("commands")) as found:
        yield found


@pytest.fixture
def cli(world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch) -> SolanaCli:
    return fresh_cli(world, monkeypatch)


def test_a_plan_is_shown_with_its_preview_and_nothing_is_sent(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    before = len(world.open().records.all())
    said = cli.run("emergency pause MSFT")
    assert said.code == 0
    assert "Microsoft Corporation, US5949181045, ALLOWLIST, paused" in said.out
    assert "duty-officer" in said.out
    assert "this is the plan" in said.out
    found = cli.done("emergency pause MSFT")
    assert [change["what"] for change in found["changes"]] == ["MSFT"]
    assert found["steps"] == [{"name": "pause MSFT", "sender": "duty-officer", "title": "pause MSFT"}]
    assert len(world.open().records.all()) == before


def test_a_stock_and_the_market_stop_and_go_on(cli: SolanaCli) -> None:
    cli.done("emergency pause MSFT --apply")
    assert cli.done("stock show MSFT")["stock"]["paused"] == "yes"
    assert cli.done("emergency pause MSFT --apply")["same"] == ["MSFT is paused"]
    cli.done("emergency unpause MSFT --apply")
    assert cli.done("stock show MSFT")["stock"]["paused"] == "no"
    cli.done("market pause --apply")
    refused = cli.run("market pause")
    assert "the market is paused" in refused.out
    cli.done("market unpause --apply")
    said = cli.run("emergency pause MSFT --apply", typed="no\n")
    assert (said.code, "not confirmed: nothing was sent" in said.err) == (1, True)


def test_a_halt_stops_the_program_and_then_every_mint(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    world.mark()
    try:
        cli.done("emergency pause AAPL --apply")
        assert cli.run("emergency halt --as deployer --json").object["error"]["field"] == "as"
        planned = cli.done("emergency halt")
        assert [one["name"] for one in planned["steps"]] == ["halt the fleet", "pause MSFT in the halt"]
        assert {one["sender"] for one in planned["steps"]} == {"halt-desk"}
        told = {"what": "transfers", "before": "1 of 2 stocks are paused", "after": "every stock is paused"}
        assert told in planned["changes"]
        # Cut short after the halt itself: what is left is done by the same command.
        ledger = world.open().ledger()
        ledger.apply(ins.Halt(by="halt-desk"))
        assert "HALTED" in cli.done("stock show MSFT")["stock"]["paused"]
        assert [one["name"] for one in cli.done("emergency halt")["steps"]] == ["pause MSFT in the halt"]
        assert cli.done("emergency halt --rehearse")["rehearsal"]["ok"]
        # Whoever guards may be out of reach by then: anyone may do the rest.
        assert {one["sender"] for one in cli.done("emergency halt --as deployer")["steps"]} == {"deployer"}
        cli.done("emergency halt --as deployer --apply")
        assert cli.done("emergency halt --apply")["same"] == ["the fleet is halted, and 2 of 2 stocks are paused"]
        drift = {one["what"] for one in cli.run("audit chain --json").object["drift"]}
        assert drift >= {"fleet.halted", "stocks.MSFT.paused"}
        refused = cli.run("emergency unpause MSFT --apply --yes --json")
        assert "token: halted" in refused.object["error"]["message"]
        cli.done("emergency unhalt --apply")
        for ticker in ("MSFT", "AAPL"):
            cli.done(f"emergency unpause {ticker} --apply")
        assert cli.done("audit chain")["ok"]
    finally:
        world.back()


def test_an_issue_from_the_investor_to_the_redemption(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    onboarded(cli, "owner-1")
    world.open().ledger().apply(ins.FundStablecoin("owner-1", Stablecoin.parse("10000")))
    cli.done("market attest MSFT 200 --apply")
    file = cli.folder / "quote.json"
    terms = "MSFT owner-1 100 9000.00"
    cli.done(f"market quote mint {terms} --out {file} --reference s-1 --apply")
    assert json.loads(file.read_text())["account"] == wallet("owner-1")
    planned = cli.done(f"market mint {file} --as owner-1")
    assert {one["what"] for one in planned["changes"]} >= {"MSFT of owner-1", "stablecoin of owner-1"}
    cli.done(f"market mint {file} --as owner-1 --apply")
    assert cli.done("stock show MSFT")["stock"]["supply"] == "100 tokens"
    assert cli.done(f"market mint {file} --as owner-1 --apply")["same"] == ["quote s-1 was carried out"]
    back = cli.folder / "back.json"
    cli.done(f"market quote redeem MSFT owner-1 40 3600.00 --out {back} --reference s-2 --apply")
    assert cli.run(f"market mint {back} --as owner-1 --apply --yes").code == 1
    cli.done(f"market redeem {back} --as owner-1 --apply")
    assert cli.done("stock show MSFT")["stock"]["supply"] == "60 tokens"
    forged = json.loads(file.read_text()) | {"amount": "1000", "id": "s-3"}
    file.write_text(json.dumps(forged))
    said = cli.run(f"market mint {file} --as owner-1 --apply --yes")
    assert "is not the signer's, of this quote" in said.err
    too_much = cli.folder / "much.json"
    cli.done(f"market quote mint MSFT owner-1 900 5.00 --out {too_much} --reference s-4 --apply")
    refused = cli.run(f"market mint {too_much} --as owner-1 --apply --yes --json")
    assert refused.code == 1
    assert "reserve: insufficient" in refused.object["error"]["message"]


def test_a_split_is_adopted_from_the_attestations_around_it(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    world.mark()
    try:
        action = "AAPL SPLF split-2"
        cli.done("market attest AAPL 100 --apply")
        cli.done(f"action announce {action} --ex 2027-01-19 --effective 2027-01-19T14:30:00Z --new 2 --old 1 --apply")
        cli.done(f"action schedule {action} --apply")
        confirm = "market confirm-basis AAPL --as deployer"
        assert cli.done(f"{confirm} --apply")["same"] == ["AAPL's reserve is counted in the present split basis"]
        world.pass_time(5 * 86_400)
        early = cli.run(f"{confirm} --apply --yes --json")
        assert early.code == 1
        assert early.object["error"]["message"].startswith("refused: reserve: stale answer (432000 s old): have the")
        cli.done("market attest AAPL 100 --basis 1:1#0 --apply")
        unsplit = cli.run(f"{confirm} --apply --yes --json")
        assert unsplit.code == 1
        assert "reserve: split not shown" in unsplit.object["error"]["message"]
        world.pass_time(1)
        shown = cli.done("market attest AAPL 200 --basis 2:1#1 --apply")["changes"]
        assert ("AAPL ceiling", "500000 shares", "1000000 shares") in {
            (one["what"], one["before"], one["after"]) for one in shown
        }
        assert cli.run("market confirm-basis AAPL --apply").code == 64
        planned = cli.done(confirm)
        assert [one["sender"] for one in planned["steps"]] == ["deployer"]
        assert {one["what"]: (one["before"], one["after"]) for one in planned["changes"]} == {
            "AAPL basis": ("1:1#0", "2:1#1"),
        }
        assert cli.done(f"{confirm} --rehearse")["rehearsal"]["ok"]
        (sent,) = cli.done(f"{confirm} --apply")["transactions"]
        assert (sent["step"], sent["status"]) == ("confirm AAPL's split basis", "done")
        assert cli.done(f"{confirm} --apply")["steps"] == []
        assert cli.done("audit records")["ok"]
    finally:
        world.back()


def test_compliance_from_onboarding_to_a_block(cli: SolanaCli) -> None:
    onboarded(cli, "owner-2", "owner-3")
    file = cli.folder / "renew.csv"
    file.write_text("investor,expiry\nowner-2,2028-06-30\nowner-3,2028-06-30\n")
    found = cli.done(f"compliance renew {file} --apply")
    assert len(found["transactions"]) == 1
    assert found["rate"]["orders"] == 2
    file.write_text(f"investor,wallet\nowner-2,{wallet('second')}\n")
    cli.done(f"compliance link {file} --apply")
    cli.done("compliance profile owner-2 DE retail --apply")
    reason = "--reason 7 --document order-1"
    cli.done(f"compliance unlink owner-2 {wallet('second')} {reason} --apply")
    cli.done(f"compliance block owner-2 {reason} --apply")
    assert cli.done(f"compliance block owner-2 {reason} --apply")["same"] == ["owner-2 is blocked"]
    cli.done(f"compliance unblock owner-2 {reason} --apply")
    cli.done(f"compliance freeze MSFT owner-3 {reason} --apply")
    assert cli.done(f"compliance freeze MSFT owner-3 {reason}")["same"] == ["owner-3 is frozen in MSFT"]
    cli.done(f"compliance unfreeze MSFT owner-3 {reason} --apply")
    assert cli.done("compliance push owner-3")["same"] == ["owner-3 is cleared"]
    file.write_text(f"investor,wallet,country,class,expiry\nx,{'0x' + '11' * 20},CH,retail,2029-01-01\n")
    said = cli.run(f"compliance onboard {file} --json")
    assert (said.code, said.object["error"]["line"], said.object["error"]["field"]) == (1, 2, "wallet")


def test_a_corporate_action_from_the_announcement_to_the_cancellation(cli: SolanaCli) -> None:
    action = "MSFT SPLF split-1"
    when = "2027-02-16T14:30:00Z"
    cli.done(f"action announce {action} --ex 2027-02-16 --effective {when} --new 2 --old 1 --apply")
    planned = cli.done(f"action schedule {action}")
    assert {"what": "MSFT multiplier from 2027-02-16 14:30:00 UTC", "before": "1", "after": "2"} in planned["changes"]
    cli.done(f"action schedule {action} --apply")
    assert cli.done(f"action show {action}")["action"]["status"] == "scheduled"
    assert cli.done(f"action schedule {action}")["same"] == ["MSFT SPLF split-1 is scheduled"]
    (row,) = (one for one in cli.done("action history MSFT")["history"] if one["reference"] == "split-1")
    assert (row["status"], row["factor_before"], row["factor_after"], row["unit_after"]) == (
        "scheduled",
        "1:1",
        "2:1",
        "2",
    )
    cli.done(f"action cancel {action} --reason 7 --document incident-17 --apply")
    assert cli.done(f"action show {action}")["action"]["status"] == "cancelled"
    assert cli.run(f"action schedule {action}").code == 64


def test_settings_follow_the_manifest(cli: SolanaCli) -> None:
    path = cli.folder / "manifests/solana-local.yaml"
    path.write_text(
        path.read_text()
        .replace("withholding_bps: 1500", "withholding_bps: 1000")
        .replace('max_age: 4d, margin_bps: 50, ceiling: "500000"', 'max_age: 5d, margin_bps: 50, ceiling: "400000"')
        .replace("QUOTE_SIGNER: [quote-key]", "QUOTE_SIGNER: [owner-2]")
    )
    assert cli.run("audit chain").code == 3
    found = cli.done("deploy settings --reference change-1 --apply")
    assert [one["step"] for one in found["transactions"]] == [
        "change-settings", "reserve-AAPL-432000-50-400000-0", "name owner-2 as quote_signer",
    ]  # fmt: skip
    assert cli.done("deploy settings --reference change-1")["steps"] == []
    fresh(cli.folder)
    cli.done("deploy settings --reference change-2 --apply")
    assert cli.done("audit chain")["ok"]


def test_a_role_is_taken_from_a_key_and_given_up_by_one(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    world.mark()
    try:
        said = cli.done("emergency revoke PAUSER duty-officer --apply")
        assert [one["step"] for one in said["transactions"]] == ["take pauser from duty-officer"]
        assert cli.done("emergency revoke PAUSER duty-officer")["same"] == ["duty-officer does not hold PAUSER"]
        assert "roles.PAUSER" in {one["what"] for one in cli.run("audit chain --json").object["drift"]}
        cli.done("emergency renounce QUOTE_SIGNER quote-key --apply")
        found = cli.done("deploy settings --reference again --apply")
        assert [one["before"] for one in found["changes"] if one["what"].startswith("role")] == ["nobody", "nobody"]
        assert [one["step"] for one in found["transactions"]] == [
            "offer pauser to duty-officer", "accept pauser as duty-officer", "name quote-key as quote_signer",
        ]  # fmt: skip
        assert cli.done("audit chain")["ok"]
    finally:
        world.back()


def test_a_proposal_holds_the_transaction_for_another_to_sign(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    file = cli.folder / "lower.json"
    said = cli.run(f"market ceiling AAPL 300000 --propose {file} --yes")
    assert said.code == 0
    found = json.loads(file.read_text())
    (one,) = found["transactions"]
    assert one["signer"] == "timelock"
    assert one["message"] in said.out
    message = Message.from_bytes(b64decode(one["message"]))
    assert str(message.account_keys[0]) == one["address"] == wallet("timelock")
    assert message.header.num_required_signatures == 1
    assert one["instructions"][0]["arguments"]["own"] == str(300_000 * 10**18)
    assert cli.run(f"market ceiling AAPL 300000 --propose {file} --yes").code == 64
    assert "ceiling" in cli.done("stock show AAPL")["stock"]
    assert cli.done("stock show AAPL")["stock"]["ceiling"] == "500000 shares"


def test_what_solana_has_not_says_so(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    for line in (
        "stock bump-epoch MSFT",
        "compliance open-case MSFT owner-1 --reason 1 --document d",
    ):  # fmt: skip
        said = cli.run(f"{line} --json")
        assert said.code == 64, (line, said)
        assert "no equivalent" in said.object["error"]["message"], line
        assert said.object["error"]["value"] in ("", "solana-local"), line
    world.pass_time(1)
    assert cli.run("market attest MSFT 5").code == 0


def test_the_administrator_waits_in_the_programs_own_timelock(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    """ADMIN handed over, a correction proposed, scheduled, waited for and carried out, another cancelled; all shown."""
    world.mark()
    admin = str(world.open().program.at.admin)
    path = cli.folder / "manifests/solana-local.yaml"
    try:
        said = cli.run("timelock adopt --json")
        assert (said.code, said.object["error"]["field"]) == (64, "timelock.canceller")
        names = "proposers: [safe]\n  canceller: duty-officer"
        path.write_text(path.read_text().replace("proposers: [safe]", names))
        assert cli.run("timelock adopt --json").object["error"]["field"] == "program.upgrade_authority"
        path.write_text(path.read_text().replace("upgrade_authority: timelock", "upgrade_authority: safe"))
        cli.done("timelock adopt --apply")
        (taking,) = cli.done("timelock queue")["waiting"]
        execute = f"timelock execute {taking['id']} --as deployer"
        assert "waits until" in cli.run(f"{execute} --apply --yes").err
        world.pass_time(2 * DAY)
        cli.done(f"{execute} --apply")
        assert cli.done("timelock queue")["waiting"] == []
        path.write_text(path.read_text().replace(names, f"{names}\n  address: {admin}"))
        found = cli.run("audit chain --json").object["drift"]
        assert not [one for one in found if one["what"].startswith(("timelock", "roles"))], found
        path.write_text(path.read_text().replace("delay: 48h", "delay: 72h").replace("r: duty-officer", "r: owner-3"))
        found = {one["what"] for one in cli.run("audit chain --json").object["drift"]}
        assert found >= {"timelock.delay", "timelock.canceller"}
        path.write_text(path.read_text().replace("delay: 72h", "delay: 48h").replace("r: owner-3", "r: duty-officer"))
        # What ADMIN does is written for the proposer, and waits.
        order = "action correct AAPL 1.1 --effective 2027-03-01T14:30:00Z --reason 2 --document minutes --reference c-1"
        assert cli.run(f"{order} --propose correct.json --yes").code == 0
        (one,) = json.loads((cli.folder / "correct.json").read_text())["transactions"]
        assert (one["signer"], one["instructions"][0]["instruction"]) == ("safe", "schedule_operation")
        send_as(world, one["message"], "safe")
        (waits,) = cli.done("timelock queue")["waiting"]
        said = cli.run("timelock queue").out
        assert "correct_index" in said
        assert f"index: {11 * 10**17}" in said
        world.pass_time(2 * DAY)
        execute = f"timelock execute {waits['id']} --as deployer"
        assert cli.done(f"{execute} --rehearse")["rehearsal"]["ok"]
        cli.done(f"{execute} --apply")
        assert world.open().ledger().action("AAPL", "CORR", "c-1").status == "scheduled"
        assert cli.run("market ceiling AAPL 400000 --propose lower.json --yes").code == 0
        (one,) = json.loads((cli.folder / "lower.json").read_text())["transactions"]
        send_as(world, one["message"], "safe")
        (waits,) = cli.done("timelock queue")["waiting"]
        assert cli.run(f"timelock cancel {waits['id']} --as deployer --json").code == 64
        cli.done(f"timelock cancel {waits['id'][:12]} --apply")
        assert cli.done("timelock queue")["waiting"] == []
    finally:
        world.back()
        fresh(cli.folder)


def send_as(world: SolanaNetworkWorld, text: str, name: str) -> None:
    """A proposal's message, signed with a newer blockhash, as the file says that one may, and sent."""
    cluster, message = world.open().cluster, Message.from_bytes(b64decode(text))
    head, recent = message.header, cluster.recent().blockhash
    counts = (head.num_required_signatures, head.num_readonly_signed_accounts, head.num_readonly_unsigned_accounts)
    renewed = Message.new_with_compiled_instructions(*counts, message.account_keys, recent, message.instructions)
    cluster.send(bytes(Transaction([local_keypair(name)], renewed, recent)))
    world.served.advance(1)


def test_a_rehearsal_sends_nothing(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    before = len(world.open().records.all())
    found = cli.done(
        "action announce AAPL SPLF r-1 --ex 2027-02-16 --effective 2027-02-16T14:30:00Z --new 2 --old 1 --rehearse"
    )
    assert found["rehearsal"]["ok"]
    assert len(world.open().records.all()) == before
    said = cli.run("action show AAPL SPLF r-1")
    assert (said.code, "refused: actions: not announced (AAPL SPLF r-1)" in said.err) == (1, True)


def test_records_and_deployment_are_shown_and_hold(cli: SolanaCli) -> None:
    assert cli.done("audit records")["ok"]
    assert cli.done("deploy suite")["steps"] == []
    shown = cli.done("deploy show")["contracts"]
    assert shown["MSFT"]["contract"] == "mint"
    assert all(one["address"] and one["contract"] for one in shown.values())
    said = cli.run("deploy abandon 0x" + "00" * 32 + " --reason none")
    assert said.code == 64


def test_the_runbook_says_which_commands_solana_has(cli: SolanaCli) -> None:
    """Every command that it does not list says that it has no equivalent, and none that it lists does."""
    table = README.read_text().partition("| command | on Solana |")[2].partition("\n\n")[0]
    listed = set(re.findall(r"`([^`]+)`", table))
    every = dict(commands())
    assert listed <= set(every)
    file = cli.folder / "file.csv"
    file.write_text("investor,wallet\n")
    for name in {one for one in every if not one.startswith(BOTH)} - listed - ELSEWHERE:
        said = cli.run(f"{name} {arguments(every[name], file)} --json")
        assert "no equivalent" in (said.object["error"] or {}).get("message", ""), (name, said)


ELSEWHERE = {"demo", "dividend statement", "safe merge", "safe sign", "vote sign"}
"""They open no network."""
BOTH = "local "
"""Commands about a desk, which has both kinds of chain."""


def arguments(command: click.Command, file: Path) -> str:
    """Some that its form allows."""
    words = {
        "file": file,
        "proposal": file,
        "other": file,
        "amount": 1,
        "units": 1,
        "shares": 1,
        "index": 1,
        "num": 1,
        "den": 1,
        "price": 1,
    }
    words |= {"until": "2030-01-01", "country": "CH", "countries": "CH", "kind": "retail", "side": "mint"}
    words |= {"reason": 1, "document": "d", "effective": "2030-01-01", "ex": "2030-01-01", "owner": "owner-1"}
    words |= {"year": 2027, "day": "2027-03-03", "pay": "2030-01-01", "gross": 1}
    words |= {"sender": "owner-1", "to": "owner-2", "expiry": "2030-01-01", "deadline": "2029-01-01"}
    given = []
    for one in command.params:
        if one.name == "code" and isinstance(one, click.Argument):
            assert isinstance(one.type, click.Choice)
            given.append(one.type.choices[0])
        elif isinstance(one, click.Argument):
            given.append(str(words.get(one.name, "owner-1" if one.name in ("account", "to") else "MSFT")))
        elif one.name == "sender" or one.required:
            given.append(f"{one.opts[0]} {words.get(one.name, 'x')}")
    return " ".join(given)
