"""What waits in the timelock: shown without the proposal's file, carried out by anyone, cancelled by who may."""

import re
from pathlib import Path

from support.network_cli import Cli

DAY = 86_400
WAIT = 2 * DAY


def scheduled(cli: Cli, line: str, name: str) -> str:
    """The id of what a command has put into the timelock."""
    Path(cli.folder / name).unlink(missing_ok=True)
    cli.signed(line, name)
    return cli.done("timelock queue")["waiting"][-1]["id"]


def test_nothing_waits_at_first(cli: Cli) -> None:
    assert "nothing waits" in cli.run("timelock queue").out
    assert cli.done("timelock queue")["waiting"] == []


def test_what_waits_is_told_call_by_call(cli: Cli) -> None:
    identity = scheduled(cli, "emergency revoke PAUSER duty-officer", "a.json")
    said = cli.run("timelock queue").out
    assert re.search(rf"{identity} waits until 2027-\d\d-\d\d \d\d:\d\d:\d\d UTC", said)
    assert "role = PAUSER" in said
    assert "account = duty-officer" in said


def test_anyone_carries_it_out_after_the_delay_without_the_file(cli: Cli) -> None:
    identity = scheduled(cli, "emergency revoke PAUSER duty-officer", "a.json")
    (cli.folder / "a.json").unlink()
    early = cli.run(f"timelock execute {identity} --as compliance-desk --apply --yes")
    assert (early.code, "waits until" in early.err) == (1, True)
    cli.pass_time(WAIT)
    cli.done(f"timelock execute {identity[:12]} --as compliance-desk --apply")
    assert cli.done(f"timelock execute {identity} --as compliance-desk --apply")["same"] == [
        f"{identity} was carried out"
    ]
    assert cli.done("timelock queue")["waiting"] == []
    assert cli.done("emergency revoke PAUSER duty-officer")["steps"] == []


def test_a_canceller_stops_it_and_it_may_be_proposed_again(cli: Cli) -> None:
    line = "emergency revoke PAUSER duty-officer"
    identity = scheduled(cli, line, "a.json")
    refused = cli.run(f"timelock cancel {identity} --as actions-desk --apply --yes")
    assert (refused.code, "may not cancel" in refused.err) == (64, True)
    cli.done(f"timelock cancel {identity} --apply")
    assert cli.done(f"timelock cancel {identity} --apply")["same"] == [f"{identity} was cancelled"]
    cli.pass_time(WAIT)
    assert cli.run(f"timelock execute {identity} --as duty-officer --apply --yes").code != 0
    again = scheduled(cli, line, "b.json")
    assert again == identity
    cli.done(f"timelock cancel {identity} --apply")
    assert cli.done("timelock queue")["waiting"] == []


def test_an_id_must_tell_one_operation_from_the_others(cli: Cli) -> None:
    scheduled(cli, "emergency revoke PAUSER duty-officer", "a.json")
    for wrong in ("0x", "0x1234", "0x" + "ab" * 32, "PAUSER"):
        assert cli.run(f"timelock cancel {wrong} --apply --yes").code == 64


def test_the_safe_cancels_too(cli: Cli) -> None:
    identity = scheduled(cli, "emergency revoke PAUSER duty-officer", "a.json")
    (cli.folder / "c.json").unlink(missing_ok=True)
    cli.signed(f"timelock cancel {identity} --as safe", "c.json")
    assert cli.done("timelock queue")["waiting"] == []


def test_what_waits_is_rehearsed_to_its_end_and_nothing_is_sent(cli: Cli) -> None:
    line = "emergency revoke PAUSER duty-officer"
    (cli.folder / "r.json").unlink(missing_ok=True)
    cli.done(f"{line} --propose {cli.folder}/r.json")
    for owner in ("owner-1", "owner-3"):
        assert cli.run(f"safe sign {cli.folder}/r.json --as {owner} --yes").code == 0
    before = cli.world.open().node.block().number
    found = cli.done(f"safe execute {cli.folder}/r.json --rehearse")["rehearsal"]
    assert [one["title"].split()[0] for one in found["steps"]] == ["Safe:", "timelock:"]
    assert (found["ok"], found["previewed"], found["timelock_seconds"]) == (True, False, WAIT)
    assert any("roles.PAUSER" in note for note in found["notes"])
    assert cli.world.open().node.block().number == before
    cli.done(f"safe execute {cli.folder}/r.json --apply")
    (waiting,) = cli.done("timelock queue")["waiting"]
    early = cli.done(f"timelock execute {waiting['id']} --as compliance-desk --rehearse")["rehearsal"]
    assert early["ok"]
    assert any("roles.PAUSER" in note for note in early["notes"])
    assert cli.done("timelock queue")["waiting"] == [waiting]
