"""How one stock stands on an Ethereum-family chain, as a sheet of facts for people."""

from __future__ import annotations

from scrip.evm.handlers.holder_limits import read_limits, read_rules
from scrip.evm.ledger import EvmLedger
from scrip.evm.suite import carried
from scrip.holder_limits import HolderLimits
from scrip.manifest.model import EvmManifest
from scrip.model.state.reserve import Feed
from scrip.preview import admitted, limited, moment
from scrip.units import RawUnits


def sheet(ledger: EvmLedger, manifest: EvmManifest, stock: str) -> dict[str, str]:
    """Tell a stock's address, ISIN, who may hold it, how many do, and what its reserve's source said last."""
    token, feed = ledger.token(stock), ledger.backing(stock)
    return {
        "address": token.address,
        "ISIN": carried(ledger.chain.call, ledger.suite.factory, manifest.stocks[stock], token.address),
        "may be held by": admitted(read_rules(ledger.chain, ledger.suite.registry, token)),
        "limits": limited(read_limits(ledger.chain, ledger.suite.registry, token) or HolderLimits()),
        "holders": _holders(ledger, stock),
        "reserve source": feed.config.source if feed.config is not None else "none",
        "reserve answer": _answer(ledger, stock, feed),
    }


def _holders(ledger: EvmLedger, stock: str) -> str:
    """Tell how many hold a stock, if anybody counts, and whether all are counted."""
    count, left = ledger.holders(stock)
    if not ledger.chain.call(ledger.token(stock), "capped"):
        return "not counted"
    return f"{count}" + (f", and {RawUnits(left, ledger.traits.decimals)} tokens NOT COUNTED YET" if left else "")


def _answer(ledger: EvmLedger, stock: str, feed: Feed) -> str:
    """Tell when the source of a stock's reserve answered last, and whether mints take that."""
    if feed.config is None:
        return "not configured: mints are refused"
    if feed.is_attested:
        updated_at = feed.said.as_of if feed.said is not None else 0
    else:
        updated_at = ledger.chain.call(ledger.stocks[stock].oracle, "latestRoundData")[3]
    if not updated_at:
        return "none yet: mints are refused"
    age = ledger.now() - updated_at
    return f"{moment(updated_at)}, " + ("fresh" if 0 <= age <= feed.config.max_age else "TOO OLD: mints are refused")
