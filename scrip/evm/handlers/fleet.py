"""The fleet, and one stock as a whole: created, paused, halted."""

from __future__ import annotations

from dataclasses import dataclass

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding.values import POLICIES, Transaction
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known
from scrip.labels import MODES

_POLICY_NAMES: dict[int, ins.Policy] = {number: name for name, number in POLICIES.items()}


@TRANSACTIONS.of(ins.CreateStock)
def create_stock(_facts: Facts, order: ins.CreateStock) -> Transaction:
    """Have the factory make and initialise a stock's token."""
    args = (order.name, order.stock, order.isin, order.series, POLICIES[order.policy])
    return Transaction(order.by, "factory", "StockFactory", "createStock", args)


@TRANSACTIONS.of(ins.Halt)
def halt(_facts: Facts, order: ins.Halt) -> Transaction:
    """Stop every stock."""
    return Transaction(order.by, "beacon", "StockBeacon", "halt")


@TRANSACTIONS.of(ins.Unhalt)
def unhalt(_facts: Facts, order: ins.Unhalt) -> Transaction:
    """Leave the halt of all stocks."""
    return Transaction(order.by, "beacon", "StockBeacon", "unhalt")


@TRANSACTIONS.of(ins.Pause)
def pause(facts: Facts, order: ins.Pause) -> Transaction:
    """Stop one stock."""
    demand_known(order.stock, facts)
    return Transaction(order.by, order.stock, "StockToken", "pause")


@TRANSACTIONS.of(ins.Unpause)
def unpause(facts: Facts, order: ins.Unpause) -> Transaction:
    """Leave the pause of one stock."""
    demand_known(order.stock, facts)
    return Transaction(order.by, order.stock, "StockToken", "unpause")


# --- read back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a stock's token says of itself. `supply` is in raw units."""

    name: str
    policy: ins.Policy
    supply: int
    paused: bool
    mints_suspended: bool
    mints_end: int = 0


def read_sheet(chain: Chain, token: Contract) -> Sheet:
    """Read a stock's name, policy and supply, and whether it is paused."""
    views = ("name", "policy", "totalSupply", "paused", "mintsSuspended", "mintsEnd")
    name, policy, supply, paused, suspended, end = chain.call_many([Call(token, view) for view in views])
    return Sheet(name, _POLICY_NAMES[policy], supply, paused, suspended, end)


def read_halted(chain: Chain, beacon: Contract) -> bool:
    """Ask whether the fleet is halted."""
    return MODES[chain.call(beacon, "mode")] == "HALTED"
