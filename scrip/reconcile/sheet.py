"""The chains' side of a reconciliation: what tokens stand for on every network, and what is on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from scrip import read
from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.holders.instant import At, block_before
from scrip.read import ReadAt
from scrip.units import WAD, ShareWad, Wad

NEAR = 15 * 86_400
"""Seconds around the reading in which one side may have taken a corporate action that the other has not."""
MOVED = ("effective", "scheduled", "announced", "completed")


@dataclass(frozen=True, slots=True)
class Moved:
    """A corporate action near the reading: what a token stood for before and after it, in shares."""

    code: str
    reference: str
    at: int
    before: Fraction
    after: Fraction

    @property
    def named(self) -> str:
        """For people."""
        return f"{self.code} {self.reference}"


@dataclass
class Sheet:
    """One stock on all networks, in shares. `needed` is supply × multiplier by network, `receivable` what dividends
    have still to buy, `waiting` what requests hold that are still to be burnt, `attested` what each network's reserve
    counts after its margin, by network, with `margin_bps`; `tokens` what wallets of venues have, by network and
    address, with the wallet's name; `unit` a token's shares by network.
    """

    ticker: str
    name: str
    isins: tuple[str, ...]
    needed: dict[str, Fraction] = field(default_factory=dict)
    receivable: dict[str, Fraction] = field(default_factory=dict)
    waiting: dict[str, Fraction] = field(default_factory=dict)
    attested: dict[str, tuple[Fraction, int, int]] = field(default_factory=dict)
    """What counts after the margin, the margin in bps, and when it was said, UTC seconds."""
    tokens: dict[tuple[str, str], tuple[Fraction, str]] = field(default_factory=dict)
    unit: dict[str, Fraction] = field(default_factory=dict)
    moved: dict[tuple[str, str], dict[str, Moved]] = field(default_factory=dict)
    """Actions near the reading by what names them, as each network has them."""

    @property
    def owed(self) -> Fraction:
        """What all tokens stand for."""
        return sum(self.needed.values(), Fraction())


def at_instant(network: Network, instant: int) -> tuple[Network, ReadAt]:
    """A network as of the last block before an instant, UTC seconds; the newest where that is before it, and on Solana,
    where nobody tells the past."""
    seen, place = read.pinned(network)
    if not isinstance(network, EvmNetwork) or place.at < instant:
        return seen, place

    def look(number: int) -> At:
        block = network.node.block(number)
        return At(block.number, block.hash, block.timestamp)

    newest = At(place.block, place.hash, place.at)
    found = block_before(look, newest, instant, network.ledger().since)
    return read.pinned(network, found.number)


def sheet(
    networks: Sequence[Network], instant: int | None = None, wallets: Mapping[str, Sequence[str]] | None = None
) -> tuple[list[Sheet], list[ReadAt]]:
    """Every stock of the networks, and where each was read: as of an instant, or now. `wallets` are accounts of venues
    by network, beside those that the register has as such. InputError for one that is no account."""
    found: dict[str, Sheet] = {}
    places = []
    for network in networks:
        seen, place = at_instant(network, instant) if instant is not None else read.pinned(network)
        places.append(place)
        _add(seen, place, found, (wallets or {}).get(place.network, ()))
    return list(found.values()), places


def _add(network: Network, place: ReadAt, found: dict[str, Sheet], wallets: Sequence[str]) -> None:
    manifest, views, name = network.manifest, network.views(), place.network
    known = [(one.holding.account, one.name) for one in read.venues(network)]
    known += [(views.address(one), one if one != views.address(one) else "") for one in wallets]
    stocks = read.stocks(network)
    for one in stocks:
        wished = manifest.stocks[one.ticker]
        row = found.setdefault(wished.identity, Sheet(one.ticker, one.name, ()))
        row.isins = tuple(dict.fromkeys((*row.isins, wished.isin, wished.born)))
        unit = Fraction(one.multiplier.ui_multiplier, WAD)
        row.unit[name], row.needed[name] = unit, one.shares.value
        row.receivable[name] = _shares(one.backing.receivable)
        margin = manifest.stocks[one.ticker].reserve.margin_bps
        row.attested[name] = (_shares(one.backing.attested), margin, one.answered_at)
        waits = [Fraction(each.waiting) for each in read.requests(network, [one.ticker]) if each.kind == "redemption"]
        row.waiting[name] = sum(waits, Fraction()) * unit
        for each in read.actions(network, one.ticker, links=False):
            apart = each.entry.before.ui_multiplier != each.entry.after.ui_multiplier
            if apart and each.entry.status in MOVED and abs(each.at - place.at) <= NEAR:
                two = (_units(each.entry.before.ui_multiplier), _units(each.entry.after.ui_multiplier))
                row.moved.setdefault((each.code, each.reference), {})[name] = Moved(
                    each.code, each.reference, each.at, *two
                )
    for account, called in dict(known).items():
        held = {one.stock: one.tokens for one in read.holdings(network, account)}
        for one in stocks:
            tokens = held.get(one.ticker)
            amount = Fraction(tokens.value, 10**tokens.decimals) if tokens is not None else Fraction()
            found[manifest.stocks[one.ticker].identity].tokens[name, account] = (amount, called)


def address_of(networks: Mapping[str, Network], network: str, account: str) -> str:
    """A venue's wallet by its address; InputError for a network that is not read, and for no account."""
    if network not in networks:
        reason = f"is none of the networks that are read: {', '.join(networks)}"
        raise InputError(reason, field="network", value=network)
    return networks[network].views().address(account)


def _shares(wad: ShareWad) -> Fraction:
    return Fraction(wad, WAD)


def _units(wad: Wad) -> Fraction:
    return Fraction(wad, WAD)
