"""Operations of two real chains, an anvil and a cluster behind its endpoint, opened as operators open them."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import replace
from datetime import date, timedelta

import pytest
from multichain_networks_world import ORDERS, Both
from solana_network_world import START
from solders.message import Message
from solders.transaction import Transaction
from support.network_cli import SCRIPTS, Cli

from scrip import instructions as ins
from scrip.action_codes import ACTION_CODES, CODES
from scrip.manifest.action_file import fields_of
from scrip.multichain.actions import CalledOff, MultichainAction
from scrip.multichain.audit import one_sided
from scrip.multichain.decisions import Decision
from scrip.preview import Preview
from scrip.solana.addresses import local_keypair
from scrip.units import WAD

DAY = 86_400
AT = START + 10 * DAY + 23_400
EX = date(2027, 1, 25)
SPLIT = "--ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 2 --old 1"


def split(stock: str, reference: str, at: int = AT) -> ins.Announce:
    return ins.Announce(stock, "SPLF", reference, EX, at, 2, 1)


def statuses(action: MultichainAction) -> list[str]:
    return [one.status for one in action.states()]


def found(both: Both) -> list[tuple[str, str]]:
    return [(one.field, one.severity) for one in one_sided(both.sides())]


def test_a_dividend_is_announced_scheduled_and_cancelled_as_one(both: Both) -> None:
    named = ("MSFT", "DRIP", "dividend-1")
    announce = ins.Announce(*named, EX, AT, gross=3 * WAD, pay=AT + DAY)
    assert found(both) == []
    assert both.action(*named).announce(announce)
    assert not both.action(*named).announce(announce)
    assert both.action(*named).schedule(ins.Schedule(*named, 30 * WAD))
    one, other = both.action(*named).states()
    assert one == other
    assert (one.status, one.effective_at, one.price) == ("scheduled", AT, 30 * WAD)
    assert one.withheld + one.net == 3 * WAD
    assert not both.action(*named).schedule(ins.Schedule(*named, 30 * WAD))
    assert found(both) == []
    order = ins.Cancel(*named, 7, "order-1")
    assert both.action(*named).cancel(order)
    assert statuses(both.action(*named)) == ["cancelled", "cancelled"]
    assert not both.action(*named).cancel(order)
    assert found(both) == []


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_what_the_second_chain_refuses_is_cancelled_on_the_first(
    both: Both, order: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second chain's slot is taken, which its model would say: here it says nothing, and the chain itself does."""
    reference, taken = f"split {order[0]}", ("AAPL", "SPLF", f"taken {order[1]}")
    second = both.sides(order)[1]
    both.run(second, replace(split("AAPL", taken[2], AT + DAY), ex=EX + timedelta(days=1), num=3))
    both.run(second, ins.Schedule(*taken))
    sides = both.sides(order)
    action = both.action("AAPL", "SPLF", reference, sides)
    action.announce(split("AAPL", reference))
    monkeypatch.setattr(sides[1], "preview", lambda _: Preview(()))
    with pytest.raises(CalledOff, match=f"{order[1]}.*slot taken"):
        action.schedule(ins.Schedule("AAPL", "SPLF", reference))
    again = both.action("AAPL", "SPLF", reference, both.sides(order))
    assert statuses(again) == ["cancelled", "cancelled"]
    assert again.called_off is not None
    assert [side.multiplier("AAPL").effective_at for side in both.sides(order)] == [0, AT + DAY]


def test_what_one_chain_has_alone_is_found(both: Both) -> None:
    solana = both.sides()[1]
    both.run(solana, split("MSFT", "alone"))
    assert found(both) == [("multichain.MSFT.SPLF.alone.local", "drift")]
    both.run(solana, ins.Schedule("MSFT", "SPLF", "alone"))
    # A multiplier is pending on one chain only.
    assert found(both) == [
        ("multichain.MSFT.SPLF.alone.local", "critical"),
        ("multichain.MSFT.pending.solana-local", "critical"),
    ]


# --- through the commands ---


@pytest.fixture
def cli(both: Both, monkeypatch: pytest.MonkeyPatch) -> Cli:
    return both.commands(monkeypatch)


def commands_of(section: str) -> list[str]:
    """The commands of a section of the runbook."""
    text = (SCRIPTS / "README.md").read_text(encoding="utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^ape run (.*)$", text, flags=re.M)
    assert found, section
    return found


def test_the_runbook_does_what_it_says_on_both(both: Both, cli: Cli) -> None:
    before = both.ceilings()
    for line in commands_of("What several networks have"):
        said = cli.run(f"{line} --yes" if "--apply" in line else line)
        assert said.code == 0, (line, said)
    assert both.ceilings() == [before[0] - 1_000, before[1] + 1_000]
    assert statuses(both.action("MSFT", "SPLF", "split-2027")) == ["cancelled", "cancelled"]
    # A decision with another reason, whose hash is right, is held against what both networks were sent.
    (path,) = both.records.glob("multichain/*/*-cancel.json")
    decision = Decision.read(path.read_text(), path.name)
    path.write_text(replace(decision, terms={**decision.terms, "reason": "8"}).text())
    edited = cli.run("audit records --network solana-local --json")
    assert edited.code == 3
    assert [one["what"].rpartition(".")[2] for one in edited.object["drift"]] == ["local", "solana-local"]
    assert all(one["found"].endswith("is of other terms") for one in edited.object["drift"])


def test_shares_are_moved_from_solana_by_its_command(both: Both, cli: Cli) -> None:
    line = "market move-ceiling MSFT 400 --to local --network solana-local"
    assert cli.run(line).code == 64
    too_many = cli.run("market move-ceiling MSFT 2000000 --to local --network solana-local --reference m-1 --json")
    assert (too_many.code, too_many.object["error"]["field"]) == (64, "shares")
    before = both.ceilings()
    planned = cli.done(f"{line} --reference m-1")
    assert [step["title"] for step in planned["steps"]] == [
        "solana-local: MSFT's ceiling from 1000000 to 999600 shares, all others' together from 1000000 to 1000400",
        "local: MSFT's ceiling from 1000000 to 1000400 shares, all others' together from 1000000 to 999600",
    ]
    assert both.ceilings() == before
    assert cli.run(f"{line} --reference m-1 --apply", typed="AAPL\n").code == 1
    sent = cli.done(f"{line} --reference m-1 --apply")["transactions"]
    assert [(one["network"], one["status"]) for one in sent] == [("solana-local", "done"), ("local", "done")]
    assert both.ceilings() == [before[0] + 400, before[1] - 400]
    assert cli.done(f"{line} --reference m-1 --apply")["transactions"] == []
    other = cli.run("market move-ceiling MSFT 5 --to local --network solana-local --reference m-1 --json")
    assert (other.code, other.object["error"]["field"]) == (64, "reference")


def test_a_plan_shows_what_every_network_would_do_and_sends_nothing(both: Both, cli: Cli) -> None:
    line = f"action announce MSFT SPLF split-plan {SPLIT}"
    plan = cli.done(line)
    assert plan["networks"] == ["local", "solana-local"]
    assert [step["title"].partition(":")[0] for step in plan["steps"]] == ["local", "solana-local"]
    assert statuses(both.action("MSFT", "SPLF", "split-plan")) == ["unknown", "unknown"]


def sign(both: Both, message: Message, name: str) -> None:
    """Sign a message with a newer blockhash, as the file says that one may, and send it."""
    cluster, head = both.solana.open().cluster, message.header
    counts = (head.num_required_signatures, head.num_readonly_signed_accounts, head.num_readonly_unsigned_accounts)
    recent = cluster.recent().blockhash
    renewed = Message.new_with_compiled_instructions(*counts, message.account_keys, recent, message.instructions)
    cluster.airdrop(message.account_keys[0], 10**9)
    cluster.send(bytes(Transaction([local_keypair(name)], renewed, recent)))
    both.solana.served.advance(1)


def test_others_sign_what_is_of_several_networks_from_a_file_for_each(both: Both, cli: Cli) -> None:
    line = f"action announce MSFT SPLF split-far {SPLIT} --propose far.json"
    by_key = cli.run(f"{line} --yes --json")
    assert (by_key.code, by_key.object["error"]["message"]) == (64, "local: signs by a key: --apply")
    assert cli.run(f"{line} --as nobody --yes").code == 64
    proposed = cli.done(f"{line} --as safe")["proposals"]
    assert sorted(proposed) == ["local", "solana-local"]
    assert cli.run(f"{line} --as safe --yes").code == 64
    safe, unsigned = (cli.folder / f"far.{name}.json" for name in ("local", "solana-local"))
    assert statuses(both.action("MSFT", "SPLF", "split-far")) == ["unknown", "unknown"]
    for owner in ("owner-1", "owner-3"):
        assert cli.run(f"safe sign {safe} --as {owner} --yes").code == 0
    cli.done(f"safe execute {safe} --apply")
    assert cli.run("audit chain").code == 3
    (asked,) = json.loads(unsigned.read_text())["transactions"]
    sign(both, Message.from_bytes(b64decode(asked["message"])), asked["signer"])
    assert statuses(both.action("MSFT", "SPLF", "split-far")) == ["announced", "announced"]
    assert cli.run("audit chain").code == 0
    # The history is of every network that has the stock, each played and held to its own chain.
    for more, wanted in (("", {"local", "solana-local"}), (" --alone", {"local"})):
        rows = cli.done(f"action history MSFT{more}")["history"]
        mine = [row for row in rows if row["reference"] == "split-far"]
        assert {(row["network"], row["status"]) for row in mine} == {(one, "announced") for one in wanted}
        assert all(row["before"] == row["after"] == "index 1, factor 1:1" for row in mine)


def test_no_command_runs_ahead_of_solana(both: Both, cli: Cli) -> None:
    line = (
        "action announce MSFT DRIP special --ex 2027-01-25 --effective 2027-01-25T14:30:00Z --pay 2027-02-15 --gross 26"
    )
    struck = [one for one in cli.done(line)["changes"] if one["what"].endswith("MSFT DRIP special can be struck at")]
    assert [one["what"].partition(":")[0] for one in struck] == ["local", "solana-local"]
    (least,) = {one["after"].removeprefix("at least ") for one in struck}
    assert cli.done(f"{line} --expect {least}")["steps"]
    said = cli.run(f"{line} --expect {int(least.partition('.')[0]) - 1} --json")
    assert (said.code, said.object["error"]["field"]) == (64, "price")
    for command in ("correct MSFT 1.01 --effective 2027-01-25T14:30:00Z", "fold MSFT 1.01 1 1"):
        forced = f"action {command} --reason 1 --document d --reference r"
        said = cli.run(f"{forced} --json")
        assert "give it on solana-local, too" in said.object["error"]["message"]
        assert said.code == 64
    assert (
        cli.run(
            "action correct MSFT 1.01 --effective 2027-01-25T14:30:00Z --reason 1 --document d --reference r --alone"
        ).code
        == 0
    )
    assert statuses(both.action("MSFT", "DRIP", "special")) == ["unknown", "unknown"]


WORDS = {"NEWO": "103:100", "GRSS": "USD 0.26", "OFFR": "USD 2.50", "document": "the notice", "other": "AAPL"}


@pytest.mark.parametrize("code", CODES)
def test_what_one_network_could_not_follow_is_announced_on_none(both: Both, cli: Cli, code: str) -> None:
    """Every code, by its file and without: what the program lacks is refused before anything is recorded anywhere."""
    needed, _ = fields_of(code)
    dates = dict.fromkeys(("RDTE", "MKDT", "PAYD", "EFFD", "MEET", "EXPI"), "2027-02-15T14:30:00Z")
    words = WORDS | dates | {"XDTE": "2027-01-25", "NEWO": "100:103" if code == "SPLR" else "103:100"}
    content = {"stock": "MSFT", "CAEV": code, "CORP": "far"} | {one: words[one] for one in sorted(needed)}
    if code in ACTION_CODES:
        content["EFFD"] = "2027-01-25T14:30:00Z"
    if code == "CHAN":
        content["ticker"] = "NEW"
    if code == "MRGR":
        content["GRSS"] = WORDS["GRSS"]
    (cli.folder / "far.yaml").write_text("".join(f"{name}: {json.dumps(one)}\n" for name, one in content.items()))
    said = cli.run(f"action announce {cli.folder / 'far.yaml'} --json")
    if code in ACTION_CODES and ACTION_CODES[code].on_solana:
        assert (said.code, said.object["networks"]) == (0, ["local", "solana-local"]), said.err
        return
    message = said.object["error"]["message"]
    wanted = "actions: unknown code" if code in ACTION_CODES else "would leave solana-local behind"
    assert (said.code != 0, wanted in message) == (True, True), message
    if code == "DVSE":
        line = "action announce MSFT DVSE far --ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 103 --old 100"
        assert "actions: unknown code" in cli.run(f"{line} --json").object["error"]["message"]
        assert statuses(both.action("MSFT", "DVSE", "far")) == ["unknown", "unknown"]
    if code == "DVCA":
        line = "dividend announce MSFT far --ex 2027-01-25 --gross 0.26 --pay 2027-02-15T14:30:00Z --json"
        assert "would leave solana-local behind" in cli.run(line).object["error"]["message"]


def test_shares_are_never_proposed_to_arrive_before_they_left(cli: Cli) -> None:
    said = cli.run("market move-ceiling MSFT 1 --to solana-local --reference m-2 --propose move.json")
    assert said.code == 64
    assert "propose `market ceiling` for local, and for solana-local once the shares have left" in said.err
    assert not list(cli.folder.glob("move*.json"))


def test_the_audit_of_either_tells_what_the_other_has_alone(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    line = f"action announce AAPL SPLF split-alone {SPLIT}"
    cli.done(f"{line} --network solana-local --alone --apply")
    for network in ORDERS[0]:
        said = cli.run(f"audit chain --network {network} --json")
        assert said.code == 3
        assert [one["what"] for one in said.object["drift"]] == ["multichain.AAPL.SPLF.split-alone.local"]
    with monkeypatch.context() as silent:
        # Nothing was decided about the two: nobody else is asked.
        silent.setenv("SCRIP_SOLANA_LOCAL_RPC", "http://127.0.0.1:9")
        assert cli.run("audit records").code == 0
    cli.done("action cancel AAPL SPLF split-alone --reason 7 --document order-1 --apply")
    assert cli.run("audit chain").code == 0
    monkeypatch.setenv("SCRIP_SOLANA_LOCAL_RPC", "http://127.0.0.1:9")
    for what in ("chain", "records"):
        drift = cli.run(f"audit {what} --json").object["drift"]
        assert [(one["what"], one["severity"]) for one in drift] == [("multichain.solana-local", "unproven")]


def test_a_manifest_beside_that_does_not_answer_in_kind_is_said(cli: Cli) -> None:
    path = cli.folder / "manifests/solana-local.yaml"
    path.write_text(path.read_text().replace("spans: [local]\n", ""))
    said = cli.run("action cancel MSFT SPLF split-1 --reason 1 --document d")
    assert said.code == 1
    assert "solana-local.yaml: spans: does not name local" in said.err


def test_shares_go_where_a_manifest_says(cli: Cli) -> None:
    said = cli.run("market move-ceiling MSFT 1 --to mainnet --reference m-9")
    assert said.code == 64
    assert "is no network that local spans" in said.err
