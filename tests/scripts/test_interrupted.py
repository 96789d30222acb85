"""Ctrl-C ends a command with what was sent and how to go on; Ape's own handler ended the process without a word."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from eth_utils import keccak
from support.network_cli import SCRIPTS, Cli

from scripts._cli.carry import confirm
from scripts._cli.report import Report, reporting

ROWS = 600


# Two commands as a shell starts them: Ape and the packages load twice, 2 s each.
def test_an_operation_that_is_interrupted_says_how_far_it_came(cli: Cli) -> None:
    rows = [f"i-{n},0x{keccak(text=f'i {n}')[12:].hex()},CH,professional,2029-12-31" for n in range(ROWS)]
    (cli.folder / "many.csv").write_text("\n".join(["investor,wallet,country,class,expiry", *rows]))
    words = ["compliance", "onboard", "many.csv", "--apply", "--yes", "--json"]
    for name in ("scripts", "ape-config.yaml"):
        (cli.folder / name).symlink_to(SCRIPTS.parent / name)
    command = [str(Path(sys.executable).with_name("ape")), "run", *words]
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS.parent)}
    before = len(cli.world.open().records.all())
    process = subprocess.Popen(
        command, cwd=cli.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    # A record stands a moment before its step is counted: with three, two are.
    while len(cli.world.open().records.all()) < before + 3:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    found = json.loads(out)
    whole = len(found["steps"])
    done = len(found["transactions"])
    assert 2 <= done < whole
    assert found["error"]["message"].startswith(f"interrupted: {done} of {whole} transactions are done")
    assert "give `ape run compliance onboard many.csv --apply --yes --json` again to go on" in found["error"]["message"]
    assert all(one["tx"].startswith("0x") for one in found["under_way"])
    assert err.strip().splitlines()[-1] == f"compliance onboard: FAILED: {found['error']['message']}"
    cli.done("compliance onboard many.csv --apply")
    assert cli.done("audit records")["drift"] == []


def interrupted() -> None:
    """A command that is interrupted before it sends anything."""
    with reporting("stock show", as_json=True):
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)


def test_what_sent_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit) as ended:
        interrupted()
    assert ended.value.code == 130
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "interrupted: nothing was sent"
    assert signal.getsignal(signal.SIGINT) is handler


def test_what_is_under_way_is_counted() -> None:
    report = Report("x", False)
    report.more |= {"steps": [1, 2, 3], "transactions": [{"status": "done"}], "under_way": [{}]}
    assert report.interruption() == (
        "interrupted: 1 of 3 transactions are done, 1 signed and perhaps sent: give the same command again to go on, "
        "nothing is done twice"
    )


@pytest.mark.parametrize("ask", ["confirm", "prompt"])
def test_an_interrupt_at_a_question_is_none_of_its_answers(
    ask: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It said that nothing was confirmed, exit 1."""

    def asked(*_words: object, **_how: object) -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        except KeyboardInterrupt:
            raise click.Abort from None

    monkeypatch.setattr(click, ask, asked)
    with pytest.raises(SystemExit) as ended, reporting("stock show", as_json=True):
        confirm(SimpleNamespace(yes=False), "420" if ask == "prompt" else "")
    assert ended.value.code == 130
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "interrupted: nothing was sent"


# A command as a shell starts it, 2 s.
def test_an_interrupt_before_the_command_begins_says_so(tmp_path: Path) -> None:
    """It ended without a word, and without the object that --json asks for."""
    begin = "import os, signal, sys; sys.argv = ['ape', 'run', 'stock', 'show', 'MSFT', '--json']; "
    begin += "import ape; import scripts._cli.exits; os.kill(os.getpid(), signal.SIGINT); import time; time.sleep(5)"
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS.parent)}
    done = subprocess.run(
        [sys.executable, "-c", begin], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130, done
    found = json.loads(done.stdout)
    assert (found["command"], found["ok"]) == ("stock show", False)
    assert found["error"]["message"] == "interrupted: nothing was sent"
    assert done.stderr == "stock show: FAILED: interrupted: nothing was sent\n"
