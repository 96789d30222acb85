"""A stock's ISIN changed, and its successor carries the old one, as series 2 of it: one ISIN at birth names two stocks.

Between networks the first of them was found for either, so that an action of the successor's went to it."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from support.network_world import MANIFESTS

from scrip.manifest.load import load
from scrip.multichain.siblings import siblings_of, with_stock
from scrip.multichain.side import Side, ticker_of

OLD, NEW, ISSUER = "US5949181045", "US5949181052", "issuer: Example Securities AG\n"
SERIES = f"isin: {OLD}\n    series: 2\n"


def spanning(folder: Path, successor: str) -> None:
    """Two networks; the first has MSFT, whose ISIN changed, and AAPL, its successor, in whose place the second has
    `successor`."""
    shutil.copytree(MANIFESTS, folder, dirs_exist_ok=True)
    for name, other in (("local", "solana-local"), ("solana-local", "local")):
        path = folder / f"{name}.yaml"
        text = path.read_text().replace(ISSUER, f"{ISSUER}spans: [{other}]\n")
        if name == "local" or successor == "both":
            text = text.replace(f"isin: {OLD}\n", f"isin: {NEW}\n    birth_isin: {OLD}\n")
            text = text.replace("isin: US0378331005\n", SERIES)
        elif successor == "successor":
            text = text.replace(f"isin: {OLD}\n", SERIES)
        path.write_text(text)


@pytest.mark.parametrize(("there", "known"), [("both", "MSFT AAPL"), ("stock", "MSFT"), ("successor", "AAPL")])
def test_each_of_two_series_is_known_elsewhere_as_itself(tmp_path: Path, there: str, known: str) -> None:
    spanning(tmp_path, there)
    manifest, other = load(tmp_path / "local.yaml"), load(tmp_path / "solana-local.yaml")
    assert siblings_of(manifest, tmp_path) == [other]
    assert siblings_of(other, tmp_path) == [manifest]
    for ticker in ("MSFT", "AAPL"):
        assert with_stock(manifest, tmp_path, ticker) == ([other] if ticker in known.split() else [])
    assert len({stock.identity for stock in manifest.stocks.values()}) == len(manifest.stocks)


def test_an_action_goes_to_the_series_that_it_is_of(tmp_path: Path) -> None:
    spanning(tmp_path, "both")
    for name in ("local", "solana-local"):
        manifest = load(tmp_path / f"{name}.yaml")
        side = cast("Side", SimpleNamespace(manifest=manifest))
        assert [ticker_of(side, stock.identity) for stock in manifest.stocks.values()] == list(manifest.stocks)
