"""Whether a stock's units would go into a venue's account and out again: what stands in the way, before listing day.

On Solana it is tried on a copy of the cluster (scrip/solana/rehearse/venues.py). Elsewhere the stock itself is asked,
by the views of ERC-7943: an ERC-20 needs no permission of a pool's or a market's. Nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.evm.chain import Call, ask_all
from scrip.read.investors import investors
from scrip.read.venues import VENUE
from scrip.read.wallets import wallet
from scrip.reports.venues import VenueAnswer
from scrip.solana.rehearse.venues import rehearse_venues


def venue_accounts(network: Network) -> list[str]:
    """The accounts of all investors of class `venue`, in the order of their addresses."""
    return sorted(account for one in investors(network) if one.investor_class == VENUE for account in one.wallets)


def venue_checks(network: Network, accounts: Sequence[str] = (), stock: str = "") -> list[VenueAnswer]:
    """Each question about each account in each stock. All venues' accounts and all stocks, unless some are named.

    InputError for a stock that is not there, and where no account is one of a venue's and none is named.
    """
    if not isinstance(network, EvmNetwork | SolanaNetwork):
        raise TypeError(f"{network.manifest.network} is of no known kind of chain")
    there = [one for one in network.manifest.stocks if one in network.ledger().stocks]
    if stock and stock not in there:
        raise InputError(f"is no stock of this network (there are: {', '.join(there)})", field="stock", value=stock)
    asked = list(accounts) or venue_accounts(network)
    if not asked:
        reason = "has no investor of class venue: name an account to ask about one that is none yet"
        raise InputError(reason, field="network", value=network.manifest.network)
    stocks = [stock] if stock else there
    if isinstance(network, SolanaNetwork):
        return rehearse_venues(network, stocks, asked)
    return [answer for one in stocks for account in asked for answer in _on_evm(network, one, account)]


def _on_evm(network: EvmNetwork, stock: str, account: str) -> Iterator[VenueAnswer]:
    facts, token = wallet(network, account), network.ledger().token(stock)
    place = (network.manifest.network, stock, facts.name or facts.address)
    owner = facts.owner
    seen = (
        "it is nobody's wallet" if owner is None else f"its investor is {owner.status}, of class {owner.investor_class}"
    )
    good = owner is not None and (owner.status, owner.investor_class) == ("cleared", VENUE)
    yield VenueAnswer(*place, "is it cleared as a venue", _said(good), seen)
    # Nothing to itself asks whether the stock moves at all: it does not while it is paused or halted.
    calls = [
        Call(token, "canReceive", (facts.address,)),
        Call(token, "canSend", (facts.address,)),
        Call(token, "canTransfer", (facts.address, facts.address, 0)),
    ]
    receives, sends, moves = ask_all(network.chain, calls)
    for question, view, may in (
        ("would a unit arrive", "canReceive", receives),
        ("would it leave again", "canSend", sends),
    ):
        stopped = "" if moves or not may else ", and canTransfer says no: the stock is paused or halted"
        yield VenueAnswer(*place, question, _said(may and moves), f"{view} says {_said(may)}{stopped}")


def _said(good: bool) -> str:
    return "yes" if good else "no"
