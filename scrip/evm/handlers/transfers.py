"""Transfers and allowances, as the holders of a stock order them."""

from __future__ import annotations

from collections.abc import Collection

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import Transaction, raw
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known
from scrip.plan import Address


def _by_holder(facts: Facts, sender: str, stock: str, function: str, *args: object) -> Transaction:
    demand_known(stock, facts)
    return Transaction(sender, stock, "StockToken", function, args)


@TRANSACTIONS.of(ins.Transfer)
def transfer(facts: Facts, order: ins.Transfer) -> Transaction:
    """Move units from the sender to another account."""
    return _by_holder(facts, order.sender, order.stock, "transfer", Address(order.to), raw(order.amount))


@TRANSACTIONS.of(ins.TransferFrom)
def transfer_from(facts: Facts, order: ins.TransferFrom) -> Transaction:
    """Move units by a spender who has an allowance for them."""
    args = (Address(order.sender), Address(order.to), raw(order.amount))
    return _by_holder(facts, order.spender, order.stock, "transferFrom", *args)


@TRANSACTIONS.of(ins.Approve)
def approve(facts: Facts, order: ins.Approve) -> Transaction:
    """Grant an allowance."""
    return _by_holder(facts, order.owner, order.stock, "approve", Address(order.spender), raw(order.amount))


# --- read back -------------------------------------------------------------------------------------------------------


def read_allowances(chain: Chain, token: Contract, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Read what the owner of each pair lets its spender take, raw units."""
    calls = [Call(token, "allowance", (chain.address(owner), chain.address(spender))) for owner, spender in pairs]
    return dict(zip(pairs, ask_all(chain, calls), strict=True))
