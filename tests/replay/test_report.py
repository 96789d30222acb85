"""The report has the published keys, and a failed run leaves no file that looks whole."""

import io
import json
from dataclasses import replace

import pytest
from replaying import replay_model, shortened
from rich.console import Console

from scrip.ledger import EVM, Receipt
from scrip.model.ledger import ModelLedger
from scrip.replay import picture, report, show
from scrip.replay.job import Replay


def test_report_has_the_published_shape(msft_result, tmp_path) -> None:
    path = tmp_path / "build" / "demo.json"
    report.write(msft_result, 12.34, path)
    text = path.read_text()
    data = json.loads(text)
    assert text == json.dumps(data, indent=2, sort_keys=True) + "\n"
    assert (data["schema"], data["complete"], data["stock"], data["isin"]) == (1, True, "MSFT", "US5949181045")
    assert (data["source"], data["days"], data["seconds"]) == ("bokeh_sampledata==2026.1", 3270, 12.3)
    assert set(data["deviation"]) == {"model", "limit"}
    assert data["deviation_theoretical"] == {"model": pytest.approx(2.288e-3, rel=1e-3)}
    assert data["actions"][0] == {
        "id": 1,
        "code": "SPLF",
        "ex": "2003-02-18",
        "effective": 1045578600,
        "terms": {"num": 2, "den": 1},
        "multiplier": {"model": {"num": 2, "den": 1, "index": "1000000000000000000"}},
        "tx": {},
    }
    special = next(action for action in data["actions"] if action["ex"] == "2004-11-15")
    assert special["terms"] == {"gross": "3.08", "withheld": "0", "net": "3.08", "price": "27.39"}
    assert data["refusals"] == []  # of chains: the model is none
    assert data["final"]["model"]["supply_raw"] == str(10_000 * 10**18)
    assert float(data["final"]["reserve"]["attested_shares"]) > float(data["final"]["reserve"]["required_shares"])
    assert [entry.name for entry in path.parent.iterdir()] == ["demo.json"]


def test_what_wallets_read_and_what_actions_cost_is_in_the_report(msft_result) -> None:
    outcome = replace(msft_result.outcomes[0])
    outcome.multiplier = {"solana": outcome.multiplier["model"]}
    outcome.shown = {"solana": 2.0}
    outcome.announce = {"model": Receipt(), "evm": Receipt("0x1", gas=3), "solana": Receipt("a", compute_units=5)}
    outcome.schedule = {"model": Receipt(), "evm": Receipt("0x2", gas=4), "solana": Receipt("b", compute_units=6)}
    assert (outcome.gas, outcome.compute_units) == (7, 11)
    entry = report._action(outcome, ["evm", "solana"])
    assert entry["multiplier"] == {"solana": {"num": 2, "den": 1, "index": "1000000000000000000", "f64": 2.0}}
    assert (entry["gas"], entry["cu"]) == ({"announce": 3, "schedule": 4}, {"announce": 5, "schedule": 6})
    assert entry["tx"] == {"evm": ["0x1", "0x2"], "solana": ["a", "b"]}


def test_integers_beyond_a_double_are_strings() -> None:
    assert report.number(2**53 - 1) == 2**53 - 1
    assert report.number(2**53) == "9007199254740992"


def test_a_failed_write_leaves_neither_the_old_nor_half_a_file(tmp_path) -> None:
    path = tmp_path / "demo.json"
    path.write_text("an older run")

    def fail(temporary) -> None:
        temporary.write_text("half")
        raise RuntimeError("disk")

    with pytest.raises(RuntimeError):
        report.publish(path, fail)
    assert list(tmp_path.iterdir()) == []


def test_picture_is_a_large_png(msft_result, tmp_path) -> None:
    path = tmp_path / "demo.png"
    picture.draw(msft_result, path)
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(head[16:20], "big") >= 2000
    assert list(tmp_path.iterdir()) == [path]


def test_picture_of_a_stock_without_events(tmp_path) -> None:
    picture.draw(replay_model(shortened("FB", 0, 40)), tmp_path / "fb.png")
    assert (tmp_path / "fb.png").stat().st_size > 10_000


def test_show_prints_a_table_and_a_summary() -> None:
    timeline = shortened("MSFT", 700, 60)
    out = io.StringIO()
    console = Console(file=out, width=120)
    with show.Show(console, timeline) as watcher:
        result = Replay(timeline, {"model": ModelLedger(EVM, timeline.genesis)}, watcher).run()
    show.summary(console, result)
    text = out.getvalue()
    for words in (
        "ex date",
        "coverage",
        "2 for 1",
        "$0.08 at $24.53",
        "largest deviation, model",
        "at the theoretical ex price",
        "1 split, 1 dividend",
    ):
        assert words in text
