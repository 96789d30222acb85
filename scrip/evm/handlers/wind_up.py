"""Stocks' ends: opened, funded, redeemed by burning and swept in the WindUp, by actions of the ActionBook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import Transaction, document_hash
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known, known_or_nothing
from scrip.labels import WIND_UP, entry_label, vault_label
from scrip.model.state.actions import ActionId
from scrip.model.state.wind_up import Ending, EndStatus, WindUps
from scrip.plan import Address
from scrip.units import Wad

CONTRACT_WIND_UP = "WindUp"
STATUS: Mapping[int, EndStatus] = {1: "OPENED", 2: "ARMED", 3: "CLOSED"}
OPENED, ARMED, CLOSED = STATUS
"""What the contract stores of an end: its numbers."""
TRANSFERRED = keccak(text="Transfer(address,address,uint256)")
PARKED = keccak(text="EndParked(address,address,uint256,uint256)")


# --- the desk --------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.BeginEnd)
def open_(facts: Facts, order: ins.BeginEnd) -> Transaction:
    """End a stock's mints at an action's effect."""
    return _call(order.by, "open", facts.action_id(order.stock, order.code, order.reference))


@TRANSACTIONS.of(ins.FollowEnd)
def follow(facts: Facts, order: ins.FollowEnd) -> Transaction:
    """Take over what became of the action."""
    return _call(order.by, "follow", known_or_nothing(order.stock, facts))


@TRANSACTIONS.of(ins.NameEndRate)
def name_rate(facts: Facts, order: ins.NameEndRate) -> Transaction:
    """Name the rate that the book lacks."""
    args = (known_or_nothing(order.stock, facts), order.rate, document_hash(order.source))
    return _call(order.by, "nameRate", *args)


@TRANSACTIONS.of(ins.ArmEnd)
def arm(facts: Facts, order: ins.ArmEnd) -> Transaction:
    """Fund what all units come to."""
    return _call(order.by, "arm", known_or_nothing(order.stock, facts))


@TRANSACTIONS.of(ins.SweepEnd)
def sweep(facts: Facts, order: ins.SweepEnd) -> Transaction:
    """Send the escheat account what was not fetched."""
    accounts = tuple(map(Address, order.accounts))
    args = (known_or_nothing(order.stock, facts), accounts, order.reason, document_hash(order.document))
    return _call(order.by, "sweep", *args)


@TRANSACTIONS.of(ins.CloseEnd)
def close(facts: Facts, order: ins.CloseEnd) -> Transaction:
    """Return what no unit is left for."""
    return _call(order.by, "close", known_or_nothing(order.stock, facts))


# --- holders ---------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.BurnAtEnd)
def burn(facts: Facts, order: ins.BurnAtEnd) -> Transaction:
    """Redeem the sender's own units."""
    return _call(order.by, "burn", known_or_nothing(order.stock, facts), order.amount.value)


@TRANSACTIONS.of(ins.BurnForHolders)
def burn_for(facts: Facts, order: ins.BurnForHolders) -> Transaction:
    """Redeem all free units of accounts."""
    return _call(order.by, "burnFor", known_or_nothing(order.stock, facts), tuple(map(Address, order.accounts)))


@TRANSACTIONS.of(ins.HandBackAtEnd)
def hand_back(facts: Facts, order: ins.HandBackAtEnd) -> Transaction:
    """Have a vault hand back what waits in it."""
    demand_known(order.stock, facts)
    label = (entry_label if order.entry else vault_label)(order.stock, order.asset)
    args = (Address(order.stock), Address(label), tuple(map(Address, order.controllers)))
    return _call(order.by, "handBack", *args)


@TRANSACTIONS.of(ins.TakeAtEnd)
def take(facts: Facts, order: ins.TakeAtEnd) -> Transaction:
    """Have what is parked paid."""
    return _call(order.by, "take", known_or_nothing(order.stock, facts), Address(order.account))


def _call(by: str, function: str, *args: object) -> Transaction:
    return Transaction(by, WIND_UP, CONTRACT_WIND_UP, function, args)


# --- read back -------------------------------------------------------------------------------------------------------

FIELDS = (
    *("action", "status", "end_at", "expiry", "funder", "asset", "cash_num", "cash_den"),
    *("other", "stock_num", "stock_den", "supply", "cash", "cash_parked", "stock", "stock_parked"),
)


def read_end(chain: Chain, windup: Contract, token: Contract) -> Mapping[str, Any] | None:
    """What the contract keeps of a stock's end, by FIELDS; None where there is none."""
    found = dict(zip(FIELDS, chain.call(windup, "ending", token.address), strict=True))
    return found if found["status"] else None


def read_parked(chain: Chain, windup: Contract, token: Contract, accounts: Sequence[str]) -> list[tuple[int, int]]:
    """What is parked for each of these addresses: base units of the coin, raw units of the other stock."""
    asked = [Call(windup, "parkedOf", (token.address, one)) for one in accounts]
    return [(cash, stock) for cash, stock in ask_all(chain, asked)]


def read_wind_ups(
    chain: Chain,
    windup: Contract,
    tokens: Mapping[str, Contract],
    named: Callable[[str, bytes], ActionId],
    accounts: Mapping[str, str],
    name_of: Callable[[str], str],
) -> WindUps:
    """Read what the model keeps of these stocks' ends, and of these accounts, addresses by name."""
    made = WindUps(name_of(chain.call(windup, "escheatAccount")))
    for stock, token in tokens.items():
        found = read_end(chain, windup, token)
        if found is None:
            continue
        ending = _ending(found, named(stock, bytes(found["action"])), name_of)
        parked = read_parked(chain, windup, token, list(accounts.values()))
        ending.parked = {name: one for name, one in zip(accounts, parked, strict=True) if any(one)}
        made.endings[stock] = ending
        if rate := chain.call(windup, "rateOf", found["action"]):
            made.rates[stock] = Wad(rate)
    return made


def _ending(found: Mapping[str, Any], action: ActionId, name_of: Callable[[str], str]) -> Ending:
    def named(field: str) -> str:
        return name_of(found[field]) if int(found[field], 16) else ""

    return Ending(
        code=action[0],
        reference=action[1],
        end_at=found["end_at"],
        status=STATUS[found["status"]],
        expiry=found["expiry"],
        funder=named("funder"),
        asset=named("asset"),
        cash_num=found["cash_num"],
        cash_den=found["cash_den"] or 1,
        other=named("other"),
        stock_num=found["stock_num"],
        stock_den=found["stock_den"] or 1,
        supply=found["supply"],
        cash=found["cash"],
        stock=found["stock"],
    )
