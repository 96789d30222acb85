"""The threats said that limits and a second signature bound what one stolen key mints. They go by what a quote settles:
30 shares for nothing counted as nothing. Only a band binds the price, and who names limits without one is told."""

from typing import Any

import pytest
from support.contract_calls import ZERO
from support.issuance_world import ADMIN, MINT, WAD, Issuance
from support.network_world import local_manifest

from scrip.manifest.describe import describe
from scrip.manifest.model import EvmManifest, MarketLimit, Price

CAP = MarketLimit(net="1000")


def test_one_key_mints_for_nothing_where_no_band_binds(suite: Issuance) -> None:
    """What the caution is about: should the market refuse it one day, the caution goes."""
    suite.market.setTerms(0, 1, sender=ADMIN)
    suite.market.setLimit(0, ZERO, 1, 1, 86_400, sender=ADMIN)
    suite.submit(suite.quote(MINT, settlement=0, amount=30 * WAD))
    assert suite.market.levelOf(0, ZERO, 0) == (0, 0)


@pytest.mark.parametrize(
    ("limits", "band", "told"),
    [
        ({}, 0, False),
        ({"second_signer_from": "1000"}, 0, True),
        ({"issuer": CAP}, 0, True),
        ({"investor": CAP}, 0, True),
        ({"second_signer_from": "1000", "stock": CAP}, 100, False),
    ],
)
def test_who_names_limits_without_a_band_is_told(limits: dict[str, Any], band: int, told: bool) -> None:
    manifest = local_manifest()
    assert isinstance(manifest, EvmManifest)
    none = {"second_signer_from": "", "issuer": MarketLimit(), "stock": MarketLimit(), "investor": MarketLimit()}
    price = Price(source="mock", basis="share", max_age="1h", band_bps=1_000, trade_band_bps=band)
    stocks = {name: stock.model_copy(update={"price": price}) for name, stock in manifest.stocks.items()}
    bounds = manifest.limits.model_copy(update=none | limits)
    wanted = manifest.model_copy(update={"stocks": stocks, "limits": bounds})
    assert any("mints for next to nothing" in line for line in describe(wanted)) == told
