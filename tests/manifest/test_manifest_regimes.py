"""Which coins may settle under which regime: the lists in regimes/, and manifests that name one."""

from __future__ import annotations

import pytest
from manifest_files import MANIFESTS

from scrip.inputs.reading.dates import day
from scrip.manifest.describe import describe
from scrip.manifest.load import load_regime

LISTS = sorted((MANIFESTS / "regimes").glob("*.yaml"))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_shipped_list_says_who_issues_each_coin_on_what_ground_since_when(path) -> None:
    regime = load_regime(path)
    assert regime.coins
    for coin in regime.coins.values():
        assert coin.issuer
        assert coin.ground
        assert 2020 < day(coin.since, "since").year < 2030
    assert "counsel's to confirm" in path.read_text().replace("\n# ", " ")


def test_the_lists_are_those_of_two_laws() -> None:
    assert [path.stem for path in LISTS] == ["genius", "mica"]


@pytest.mark.parametrize("regime", ["mica", "genius"])
@pytest.mark.parametrize("name", ["local", "solana-local"])
def test_a_manifest_whose_coins_are_listed_is_taken_and_says_so(files, name: str, regime: str) -> None:
    files.edit("settlement:\n", f"settlement:\n  regime: {regime}\n", name)
    manifest = files.load(name)
    assert manifest.settlement.regime == regime
    [line] = [one for one in describe(manifest) if one.startswith("settlement: ")]
    assert line == f"settlement: USDC, on the list of regimes/{regime}.yaml, which counsel confirms"


def test_a_coin_that_is_not_listed_is_refused_by_name(files) -> None:
    files.edit("  assets: {USDC: mock}", "  regime: mica\n  assets: {USDC: mock, USDT: mock}")
    error = files.error()
    assert (error.field, error.value) == ("settlement.assets.USDT", "USDT")
    assert error.message == "may not settle under mica, which lists USDC, EURC, USDCV"


@pytest.mark.parametrize(
    ("said", "message"),
    [("mifid", "is no regime (genius, mica)"), ("MiCA", "is no regime"), ("../presets/open", "is no regime")],
)
def test_a_regime_that_there_is_not_is_refused(files, said: str, message: str) -> None:
    files.edit("settlement:\n", f"settlement:\n  regime: {said}\n")
    error = files.error()
    assert error.field == "settlement.regime"
    assert message in error.message


def test_a_fault_of_a_list_names_its_file(files) -> None:
    files.edit("settlement:\n", "settlement:\n  regime: mica\n")
    files.edit('    since: "2025-05-26"', "    since: spring", "regimes/mica")
    error = files.error()
    assert error.file == str(files.path("regimes/mica"))
    assert error.field == "coins.USDCV.since"
    assert "is no day" in error.message


def test_a_list_that_no_manifest_names_is_not_read(files) -> None:
    files.path("regimes/mica").write_text("[")
    files.load()
    files.edit("settlement:\n", "settlement:\n  regime: mica\n")
    assert files.error().file == str(files.path("regimes/mica"))
