"""The guards of settlement coins as parts of a plan: PAUSER tightens, what loosens or names a feed is the timelock's.

A coin with a new guard is off its peg until somebody pokes.
"""

from __future__ import annotations

from collections.abc import Iterator

from scrip import instructions as ins
from scrip.evm import mocks
from scrip.evm.deploy.design import Look, Part, call, deployment
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.handlers import transaction
from scrip.evm.handlers.feeds import MOCK_DECIMALS
from scrip.evm.handlers.table import Facts
from scrip.labels import DEPLOYER, MOCK, asset_label, peg_label
from scrip.manifest.model import EvmManifest
from scrip.plan import Address, Change

Terms = tuple[str, int, int]
"""A feed's address, basis points of a dollar, the seconds for which an answer is good."""
NONE: Terms = (ZERO_ADDRESS, 0, 0)


def pegs(manifest: EvmManifest, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that guard each settlement coin as the manifest says; none where nothing does and nothing is to."""
    for place, symbol in enumerate(manifest.settlement.assets):
        yield from _peg(manifest, symbol, asset_label(place, symbol), look, facts, admin)


def peg_now(look: Look, asset: str) -> Terms:
    """What guards the coin of a label; no feed before the market, or the coin, is there."""
    found = look.ask("market", "pegOf", Address(asset))
    return (found[0], found[1], found[2]) if isinstance(found, tuple) else NONE


def _peg(manifest: EvmManifest, symbol: str, asset: str, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    wanted, found, label = manifest.settlement.pegs.get(symbol), peg_now(look, asset), peg_label(symbol)
    if wanted is None and found == NONE:
        return
    if wanted is not None and wanted.feed == MOCK:
        yield deployment(label, mocks.PRICE_SOURCE, MOCK_DECIMALS)
    feed, band, age = (label, wanted.band_bps, wanted.max_age) if wanted else ("", 0, 0)

    def expected(look: Look) -> Terms:
        return (look.address(feed), band, age) if feed else NONE

    same = bool(feed) and found[0] == look.address(feed)
    tightens = admin != DEPLOYER and same and band <= found[1] and age <= found[2]
    by = next(iter(manifest.role_holders("PAUSER")), admin) if tightens else admin
    order = ins.SetPeg(asset, feed, band, age, by=by)
    yield Part(
        call(f"peg-{asset}-{band}-{age}", f"quotes in {symbol}: {_told(band, age)}", transaction(order, facts), order),
        lambda look: peg_now(look, asset) == expected(look),
        lambda look: Change(f"quotes in {symbol}", _told(*peg_now(look, asset)[1:]), _told(band, age)),
    )


def _told(band_bps: int, max_age: int) -> str:
    return (
        f"within {band_bps} bps of a dollar, by answers of {max_age} s at most" if max_age else "whatever it is worth"
    )
