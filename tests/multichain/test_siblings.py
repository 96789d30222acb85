"""Manifests that span each other name each other, and share a stock."""

import shutil
from pathlib import Path

import pytest
from support.network_world import MANIFESTS

from scrip.errors import InputError
from scrip.manifest.load import load
from scrip.manifest.model import Manifest
from scrip.multichain.siblings import siblings_of, with_stock

ISSUER = "issuer: Example Securities AG\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(MANIFESTS, tmp_path, dirs_exist_ok=True)
    return tmp_path


def span(folder: Path, name: str, *others: str) -> None:
    path = folder / f"{name}.yaml"
    path.write_text(path.read_text().replace(ISSUER, f"{ISSUER}spans: [{', '.join(others)}]\n"))


def opened(folder: Path, name: str) -> Manifest:
    return load(folder / f"{name}.yaml")


def test_they_are_found_beside_it(folder: Path) -> None:
    assert siblings_of(opened(folder, "local"), folder) == []
    span(folder, "local", "solana-local", "fork")
    span(folder, "solana-local", "local", "fork")
    span(folder, "fork", "local", "solana-local")
    found = siblings_of(opened(folder, "local"), folder)
    assert [one.network for one in found] == ["solana-local", "fork"]


def test_one_that_does_not_answer_in_kind_is_refused(folder: Path) -> None:
    span(folder, "local", "solana-local", "fork")
    span(folder, "solana-local", "local", "fork")
    span(folder, "fork", "local")
    with pytest.raises(InputError, match="does not name solana-local") as refused:
        siblings_of(opened(folder, "local"), folder)
    assert (refused.value.field, Path(refused.value.file).name) == ("spans", "fork.yaml")


def test_one_that_is_not_there_is_refused(folder: Path) -> None:
    span(folder, "local", "nowhere")
    with pytest.raises(InputError, match="is no manifest"):
        siblings_of(opened(folder, "local"), folder)


def test_one_that_shares_no_stock_is_refused(folder: Path) -> None:
    span(folder, "local", "solana-local")
    span(folder, "solana-local", "local")
    path = folder / "solana-local.yaml"
    path.write_text(path.read_text()[: path.read_text().index("\nstocks:")] + "\nstocks: {}\n")
    with pytest.raises(InputError, match="has no stock of local"):
        siblings_of(opened(folder, "local"), folder)


def test_one_that_has_a_stock_in_another_series_is_refused(folder: Path) -> None:
    """Its corporate actions would have other ids there."""
    span(folder, "local", "solana-local")
    span(folder, "solana-local", "local")
    path = folder / "solana-local.yaml"
    isin = opened(folder, "local").stocks["MSFT"].isin
    path.write_text(path.read_text().replace(f"isin: {isin}\n", f"isin: {isin}\n    series: 2\n"))
    with pytest.raises(InputError, match="is 1 on local, where MSFT has the same birth ISIN") as refused:
        siblings_of(opened(folder, "local"), folder)
    assert (refused.value.field, refused.value.value) == ("stocks.MSFT.series", "2")


def test_a_name_that_is_a_path_is_refused(folder: Path) -> None:
    span(folder, "local", "../local")
    with pytest.raises(InputError, match="is no network"):
        opened(folder, "local")


def test_a_stock_is_known_elsewhere_by_its_isin(folder: Path) -> None:
    assert with_stock(opened(folder, "local"), folder, "MSFT") == []
    span(folder, "local", "solana-local")
    span(folder, "solana-local", "local")
    manifest, path = opened(folder, "local"), folder / "solana-local.yaml"
    path.write_text(path.read_text().replace("\n  MSFT:", "\n  MSFTX:"))
    assert [one.network for one in with_stock(manifest, folder, "MSFT")] == ["solana-local"]
    path.write_text(path.read_text().replace(manifest.stocks["MSFT"].isin, "US4592001014"))
    assert with_stock(manifest, folder, "MSFT") == []
    assert with_stock(manifest, folder, "NONE") == []


def carry(folder: Path, name: str, isin: str, birth: str = "") -> None:
    """Say in a manifest that MSFT carries another ISIN by now, and under which it was born, if that is said."""
    path = folder / f"{name}.yaml"
    born = f"    birth_isin: {birth}\n" if birth else ""
    path.write_text(path.read_text().replace(f"isin: {OLD}\n", f"isin: {isin}\n{born}"))


OLD, NEW = "US5949181045", "US5949181052"


@pytest.mark.parametrize("changed", ["local", "solana-local", "both"])
def test_a_stock_stays_known_when_its_isin_changed_here_or_there(folder: Path, changed: str) -> None:
    """It was known by the ISIN that it carries: changed on one network alone, it was not found on the other, and a
    split ran ahead on one of them."""
    span(folder, "local", "solana-local")
    span(folder, "solana-local", "local")
    for name in ("local", "solana-local") if changed == "both" else (changed,):
        carry(folder, name, NEW, OLD)
    for name, other in (("local", "solana-local"), ("solana-local", "local")):
        assert [one.network for one in with_stock(opened(folder, name), folder, "MSFT")] == [other]


def test_one_isin_of_two_births_is_refused(folder: Path) -> None:
    span(folder, "local", "solana-local")
    span(folder, "solana-local", "local")
    carry(folder, "local", NEW, OLD)
    carry(folder, "solana-local", NEW)
    with pytest.raises(InputError, match=f"is {OLD} on local, of the same ISIN") as refused:
        siblings_of(opened(folder, "local"), folder)
    assert (refused.value.field, refused.value.value) == ("stocks.MSFT.birth_isin", NEW)
