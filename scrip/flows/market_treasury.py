"""What leaves Solana's treasury: settlement to the one custodian that the timelock named, within the day's limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.instructions.base import TREASURY
from scrip.labels import STABLECOIN
from scrip.model.laws import outlets
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft
from scrip.solana.handlers.market import read_outlets
from scrip.units import STABLECOIN_DECIMALS, Stablecoin


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where a coin leaves the treasury to: whose account, the most in a day, and how much of that is left now."""

    symbol: str
    account: str
    daily: Stablecoin
    room: Stablecoin

    def __str__(self) -> str:
        """For people."""
        return f"{self.symbol} to {self.account}: {self.daily} a day, {self.room} now"


def withdraw(network: Network, symbol: str, amount: Stablecoin, reference: str = "", sender: str = "") -> Plan:
    """Pay a settlement coin out of the treasury to its custodian (ISSUER). InputError where none is named."""
    asset, found = _asset(network, symbol), {one.symbol: one for one in leaving(network)}
    draft = Draft(network.views(), "market withdraw", reference, single=reference)
    if symbol not in found:
        reason = "has no custodian: name one in the manifest's settlement.custodians, then `deploy settings`"
        raise InputError(reason, field="coin", value=symbol)
    out = found[symbol]
    if amount.value > out.room.value:
        raise InputError(f"is over what may leave now ({out})", field="amount", value=str(amount))
    title = f"{amount} {symbol} from the treasury to {out.account}"
    draft.order(f"withdraw {title}", ins.WithdrawTreasury(asset, amount), sender, f"{symbol} {amount}", "withdraw")
    if asset == STABLECOIN:
        held = network.views().ledger.stablecoin(TREASURY)
        left = Stablecoin(held.value - amount.value, STABLECOIN_DECIMALS)
        draft.changes.append(Change(f"treasury's {symbol}", str(held), str(left)))
    return draft.plan()


def leaving(network: Network) -> Iterator[Leaving]:
    """Where coins leave the treasury to, as the program has it; none where nothing is named."""
    if not isinstance(network, SolanaNetwork):
        return
    now, ledger = network.chain.now(), network.ledger()
    found = read_outlets(ledger, network.assets(), lambda address: network.keys.name(address))
    for symbol, one in found.items():
        room = outlets.room(one.level, one.daily, one.since, now)
        yield Leaving(symbol, one.account, *(Stablecoin(each, STABLECOIN_DECIMALS) for each in (one.daily, room)))


def _asset(network: Network, symbol: str) -> str:
    """The name by which orders know a coin of the manifest. InputError for no coin of it, and for another chain."""
    if not isinstance(network, SolanaNetwork):
        reason = "is of Solana: the treasury is an account here, which pays by itself"
        raise InputError(reason, field="command", value="market withdraw")
    mints = network.assets()
    if symbol not in mints:
        raise InputError(f"is no coin of settlement.assets ({', '.join(mints)})", field="coin", value=symbol)
    return STABLECOIN if symbol == next(iter(mints)) else str(mints[symbol])
