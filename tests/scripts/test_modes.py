"""What every command has in common: plan first, then apply, propose or rehearse; exit codes; one JSON object."""

import json
from pathlib import Path

import pytest
from support.network_cli import Cli, commands

KEYS = {"ok", "command", "changes", "drift", "error"}
HEADER = "investor,wallet,country,class,expiry"
ALICE = "alice,0x1111111111111111111111111111111111111111,CH,professional,2029-12-31"
BOB = "bob,0x2222222222222222222222222222222222222222,DE,retail,2029-12-31"


@pytest.fixture
def batch(cli: Cli) -> Path:
    path = cli.folder / "batch.csv"
    path.write_text("\n".join([HEADER, ALICE, BOB]) + "\n")
    return path


def blocks(cli: Cli) -> int:
    return cli.world.open().node.block().number


def test_a_plan_shows_everything_and_sends_nothing(cli: Cli, batch: Path) -> None:
    before, records = blocks(cli), sorted(cli.world.records.rglob("*"))
    said = cli.run(f"compliance onboard {batch}")
    assert said.code == 0
    assert "wallets of investor alice" in said.out
    assert "onboard 2 investors, rows 1-2" in said.out
    assert (blocks(cli), sorted(cli.world.records.rglob("*"))) == (before, records)


def test_what_was_applied_is_not_applied_again(cli: Cli, batch: Path) -> None:
    first = cli.done(f"compliance onboard {batch} --apply")
    assert [one["status"] for one in first["transactions"]] == ["done"]
    before = blocks(cli)
    again = cli.done(f"compliance onboard {batch} --apply")
    assert (again["steps"], again["same"], blocks(cli)) == ([], ["2 rows"], before)


def test_without_a_yes_nothing_is_sent(cli: Cli, batch: Path) -> None:
    before = blocks(cli)
    for typed in ("", "n\n"):
        said = cli.run(f"compliance onboard {batch} --apply", typed)
        assert (said.code, blocks(cli)) == (1, before)
        assert "nothing was sent" in said.err
    assert cli.run(f"compliance onboard {batch} --apply", "y\n").code == 0


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("emergency pause MSFT", "MSFT"),
        ("emergency halt", "local"),
        ("market pause", "local"),
        ("market ceiling MSFT 5", "MSFT"),
    ],
)
def test_a_destructive_command_has_its_object_typed_again(cli: Cli, line: str, word: str) -> None:
    before = blocks(cli)
    for typed in ("\n", "y\n", f"{word.swapcase()}\n"):
        said = cli.run(f"{line} --apply", typed)
        assert (said.code, blocks(cli)) == (1, before)
        assert f"Type {word} to go on" in said.err
    assert cli.run(f"{line} --apply", f"{word}\n").code == 0
    assert blocks(cli) == before + 1


def test_a_proposal_is_written_and_never_overwritten(cli: Cli) -> None:
    path = cli.folder / "unpause.json"
    path.unlink(missing_ok=True)
    cli.done("emergency pause MSFT --apply")
    made = cli.done(f"emergency unpause MSFT --propose {path}")
    assert made["proposal"]["file"] == str(path)
    text = path.read_text()
    refused = cli.run(f"emergency unpause MSFT --propose {path} --yes")
    assert refused.code == 64
    assert "stands already" in refused.err
    assert path.read_text() == text
    assert {"version", "transactions", "scrip"} <= set(json.loads(text))


def test_what_no_key_here_signs_is_not_applied(cli: Cli) -> None:
    cli.done("emergency pause MSFT --apply")
    said = cli.run("emergency unpause MSFT --apply --yes --json")
    assert said.code == 64
    assert said.object["error"]["value"] == "safe"
    assert "--propose" in said.object["error"]["message"]


def test_what_a_key_signs_is_not_proposed(cli: Cli, batch: Path) -> None:
    said = cli.run(f"compliance onboard {batch} --propose {cli.folder}/no.json --yes --json")
    assert (said.code, said.object["error"]["value"]) == (64, "compliance-desk")
    assert not (cli.folder / "no.json").exists()


def test_a_rehearsal_leaves_no_trace(cli: Cli, batch: Path) -> None:
    before, records = blocks(cli), sorted(cli.world.records.rglob("*"))
    found = cli.done(f"compliance onboard {batch} --rehearse")
    assert found["rehearsal"]["ok"]
    assert {"what": "investor alice is blocked", "before": "none", "after": "no"} in found["rehearsal"]["changes"]
    assert (blocks(cli), sorted(cli.world.records.rglob("*"))) == (before, records)


def test_modes_exclude_each_other(cli: Cli, batch: Path) -> None:
    said = cli.run(f"compliance onboard {batch} --apply --rehearse --json")
    assert said.code == 64
    assert said.object["error"]["message"] == "--apply and --rehearse exclude each other"


def test_drift_is_exit_3(cli: Cli) -> None:
    cli.done("emergency pause MSFT --apply")
    said = cli.run("audit chain --json")
    assert said.code == 3
    assert not said.object["ok"]
    assert all(set(one) == {"what", "expected", "found", "severity"} for one in said.object["drift"])
    assert any("paused" in f"{one['what']} {one['found']}" for one in said.object["drift"])


def test_the_models_refusal_comes_before_the_signature(cli: Cli) -> None:
    before = blocks(cli)
    said = cli.run("market ceiling MSFT --apply --yes -- -5")
    assert (said.code, "shares: is negative (got '-5')" in said.err) == (64, True)
    dates = "--ex 2027-02-16 --effective 2027-02-16T14:30:00Z"
    said = cli.run(f"action announce MSFT SPLF a {dates} --new 1 --old 2 --apply --yes")
    assert said.code == 1
    assert "actions: bad terms (new 1 for old 2 is not more" in said.err
    assert blocks(cli) == before


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("emergency pause", "Missing argument 'TICKER'"),
        ("emergency no-such", "No such command"),
        ("compliance block alice", "Missing option '--"),
        ("compliance block alice --reason 0 --document x", "not in the range"),
        ("compliance block alice --reason 70000 --document x", "not in the range"),
        ("compliance seize MSFT a b ten --reason 1 --document x", "is no"),
        ("compliance seize MSFT 0x1234 b 1 --reason 1 --document x", "0x1234"),
        ("emergency pause NONE --apply --yes", "NONE"),
        ("emergency pause MSFT --as actions-desk", "does not hold PAUSER"),
        ("emergency pause MSFT --network nowhere", "there is no manifest"),
        ("action announce MSFT DRIP d --ex 2027-02-01 --effective 2027-02-01T00:00:00", "does not say its time zone"),
        ("safe sign missing.json --as owner-1", "missing.json"),
    ],
)
def test_a_command_line_that_cannot_be_used_is_exit_64(cli: Cli, line: str, told: str) -> None:
    said = cli.run(line)
    assert said.code == 64, said
    assert told in said.err
    as_json = cli.run(f"{line} --json")
    assert as_json.code == 64
    assert set(as_json.object) >= KEYS
    assert as_json.object["error"]["message"]
    assert line.startswith(as_json.object["command"])


@pytest.mark.parametrize(
    "line",
    [
        "deploy suite",
        "deploy settings",
        "deploy show",
        "stock create MSFT",
        "stock show MSFT",
        "emergency pause MSFT",
        "emergency revoke PAUSER duty-officer",
        "timelock queue",
        "audit chain",
        "audit records",
        "market ceiling MSFT 7",
        "upgrade check",
        "market quotes",
    ],
)
def test_one_json_object_is_all_of_stdout(cli: Cli, line: str) -> None:
    said = cli.run(f"{line} --json")
    assert said.code == 0, said.err
    found = said.object
    assert set(found) >= KEYS
    assert found["ok"] is True
    assert found["error"] is None
    assert found["command"] == " ".join(line.split()[:2])
    assert all(set(one) == {"what", "before", "after"} for one in found["changes"])
    assert said.out == json.dumps(found, indent=2, sort_keys=True) + "\n"


def test_every_command_has_a_json_form() -> None:
    without = {name for name, one in commands() if not any("--json" in param.opts for param in one.params)}
    assert without == {"demo"}


def test_every_command_says_what_it_does() -> None:
    assert [name for name, one in commands() if not one.get_short_help_str().strip()] == []


@pytest.mark.parametrize(
    ("rows", "line", "field", "value"),
    [
        ([ALICE, BOB.replace("2029-12-31", "2029-13-31")], 3, "expiry", "2029-13-31"),
        ([ALICE, ALICE], 3, "investor", "alice"),
        ([ALICE.replace(",CH,", ",XX,")], 2, "country", "XX"),
        ([ALICE, BOB.replace("retail", "Retail")], 3, "class", "Retail"),
        ([BOB.replace("0x22", "0x2")], 2, "wallet", "0x222222222222222222222222222222222222222"),
    ],
)
def test_a_bad_batch_file_is_named_to_the_cell_and_sends_nothing(
    cli: Cli, rows: list[str], line: int, field: str, value: str
) -> None:
    before = blocks(cli)
    path = cli.folder / "bad.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    said = cli.run(f"compliance onboard {path} --apply --yes --json")
    assert (said.code, blocks(cli)) == (1, before)
    error = said.object["error"]
    assert {name: error[name] for name in ("file", "line", "field", "value")} == {
        "file": str(path), "line": line, "field": field, "value": value
    }  # fmt: skip
    assert f"{path}:{line}: {field}: " in said.err


def test_every_bad_line_is_told_at_once(cli: Cli) -> None:
    path = cli.folder / "bad.csv"
    path.write_text("\n".join([HEADER, ALICE.replace(",CH,", ",XX,"), BOB.replace("retail", "x")]) + "\n")
    said = cli.run(f"compliance onboard {path} --json")
    assert [(one["line"], one["field"]) for one in said.object["error"]["all"]] == [(2, "country"), (3, "class")]
    assert len(said.err.strip().splitlines()) == 2


def test_a_gap_in_the_manifest_is_shown_and_nothing_is_deployed(cli: Cli) -> None:
    path = cli.folder / "manifests" / "local.yaml"
    path.write_text(path.read_text().replace("oracle: mock, ", "", 1))
    shown = cli.run("deploy show")
    assert "stocks.MSFT.reserve.oracle" in shown.out
    planned = cli.run("deploy suite")
    assert "open: " in planned.out
    said = cli.run("deploy suite --apply --yes --json")
    assert said.code == 1
    assert said.object["error"]["field"] == "stocks.MSFT.reserve.oracle"
