"""A contract's reason to revert, a name on a chain or a node's own error reached the officer's terminal as it was.

An escape sequence in it wipes the line that says what failed, and a line feed writes another command's good end.
"""

import pytest
from eth_utils import keccak

from scrip.errors import Drift, ScripError
from scrip.evm.encoding.refusals import refusal
from scrip.evm.encoding.words import encode
from scrip.inputs.reading.text import foreign, visible
from scrip.reports.findings import Finding
from scrip.solana.rpc.chain import Failed
from scrip.solana.tx.manager import SolanaTransactionManager
from scripts._cli.report import Report, reporting

EVIL = "no\x1b[2K\x9b1A\r\n\u202edone: all is well\x07"
SHOWN = "no\\x1b[2K\\x9b1A\\r\\n\\u202edone: all is well\\x07"


def hidden(said: str) -> set[str]:
    return {one for one in said if one != "\n" and not one.isprintable()}


def test_a_contracts_reason_is_kept_on_one_line_and_with_an_end() -> None:
    def reverted(reason: str) -> str:
        return str(refusal(keccak(text="Error(string)")[:4] + encode(("string",), (reason,)), str))

    assert reverted(EVIL) == SHOWN
    assert reverted("token: paused") == "token: paused"
    assert len(reverted("x" * 100_000)) < 500


@pytest.mark.parametrize("text", ["token: paused", "Müller & Söhne", "株式会社", "שלום", ""])
def test_what_everybody_sees_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == foreign(text) == text


def test_a_solana_programs_log_is_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrip.solana.tx.manager.refusal", lambda *_: None)
    manager = object.__new__(SolanaTransactionManager)
    manager.network = type("Network", (), {"program": None})()
    said = str(manager._refusal([], Failed(0, None, EVIL, (f"Program log: {EVIL}",))))
    assert said == f"{SHOWN} (Program log: {SHOWN})"


def test_no_report_shows_what_nobody_sees(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("audit chain", False)
    report.say(f"paid {EVIL}")
    report.show_finding(Finding(f"TokenMetadata.{EVIL}", EVIL, EVIL))
    report.show_stopped([EVIL])
    report._show_rows(("", "now", "then"), [(EVIL, EVIL, EVIL)], "changes")
    said = capsys.readouterr().out
    assert not hidden(said)
    assert said.count("done: all is well") == 8


@pytest.mark.parametrize("error", [Drift(EVIL), ScripError(EVIL), RuntimeError(EVIL)])
def test_no_error_shows_what_nobody_sees(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), reporting("stock show", False):
        raise error
    assert not hidden(capsys.readouterr().err)
