"""The threats said that limits and a second signature bound what one stolen key mints. They went by what a quote
settles: 30 shares for nothing counted as nothing. A band binds the price; without one two keys sign every quote where a
second is wanted at all, and who names limits with neither is told."""

from typing import Any

import pytest
from support.contract_calls import ZERO, refuses
from support.issuance_world import ADMIN, MINT, WAD, Issuance
from support.network_world import local_manifest

from scrip.manifest.describe import describe
from scrip.manifest.model import EvmManifest, MarketLimit, Price

CAP = MarketLimit(net="1000")


def test_one_key_mints_for_nothing_where_nothing_but_limits_binds(suite: Issuance) -> None:
    """What the caution is about; a second key, whatever it is wanted from, ends it."""
    suite.market.setLimit(0, ZERO, 1, 1, 86_400, sender=ADMIN)
    suite.submit(suite.quote(MINT, settlement=0, amount=30 * WAD))
    assert suite.market.levelOf(0, ZERO, 0) == (0, 0)
    for second_from in (1, 10**12):
        suite.market.setTerms(0, second_from, sender=ADMIN)
        for settlement in (0, 1):
            with refuses("market: no second signature"):
                suite.submit(suite.quote(MINT, settlement=settlement, amount=30 * WAD, nonce=2))


@pytest.mark.parametrize(
    ("limits", "band", "told"),
    [
        ({}, 0, ""),
        ({"second_signer_from": "1000"}, 0, "two keys sign every quote"),
        ({"second_signer_from": "1000", "issuer": CAP}, 0, "two keys sign every quote"),
        ({"issuer": CAP}, 0, "mints for next to nothing"),
        ({"investor": CAP}, 0, "mints for next to nothing"),
        ({"second_signer_from": "1000", "stock": CAP}, 100, ""),
    ],
)
def test_who_names_limits_without_a_band_is_told(limits: dict[str, Any], band: int, told: str) -> None:
    manifest = local_manifest()
    assert isinstance(manifest, EvmManifest)
    none = {"second_signer_from": "", "issuer": MarketLimit(), "stock": MarketLimit(), "investor": MarketLimit()}
    price = Price(source="mock", basis="share", max_age="1h", band_bps=1_000, trade_band_bps=band)
    stocks = {name: stock.model_copy(update={"price": price}) for name, stock in manifest.stocks.items()}
    bounds = manifest.limits.model_copy(update=none | limits)
    wanted = manifest.model_copy(update={"stocks": stocks, "limits": bounds})
    for line in ("mints for next to nothing", "two keys sign every quote"):
        assert any(line in one for one in describe(wanted)) == (line == told)
