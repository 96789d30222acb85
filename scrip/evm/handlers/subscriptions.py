"""Subscriptions: paying in, filling at a price, and fetching units, in the vault of a stock and a stablecoin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import Transaction, coins, document_hash, key_word, raw
from scrip.evm.handlers.redemption import (
    APPROVED,
    ENTRY,
    OPERATOR,
    REQUEST_ID,
    accounts_of,
    address_in,
    pairs_of,
    read_strike,
    strike_word,
)
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known
from scrip.labels import entry_label
from scrip.model.state.redemption import UNIT, Claim, VaultTerms, Waiting
from scrip.model.state.subscriptions import Entry
from scrip.plan import Address

REQUESTED = keccak(text="DepositRequest(address,address,uint256,address,uint256)")


@TRANSACTIONS.of(ins.RequestSubscription)
def request(facts: Facts, order: ins.RequestSubscription) -> Transaction:
    """Pay coins in, to be invested."""
    args = (coins(order.amount), Address(order.controller or order.owner), Address(order.owner))
    return _call(facts, order, order.by or order.owner, "requestDeposit", *args)


@TRANSACTIONS.of(ins.CallBackCoins)
def call_back(facts: Facts, order: ins.CallBackCoins) -> Transaction:
    """Let what waits wait no more."""
    args = (REQUEST_ID, Address(order.controller))
    return _call(facts, order, order.by or order.controller, "cancelDepositRequest", *args)


@TRANSACTIONS.of(ins.FetchRefund)
def fetch_refund(facts: Facts, order: ins.FetchRefund) -> Transaction:
    """Pay out the coins that were called back."""
    args = (REQUEST_ID, Address(order.receiver or order.controller), Address(order.controller))
    return _call(facts, order, order.by or order.controller, "claimCancelDepositRequest", *args)


@TRANSACTIONS.of(ins.FetchSubscribed)
def fetch_units(facts: Facts, order: ins.FetchSubscribed) -> Transaction:
    """Hand out a claim's units, or a part of them."""
    args = (raw(order.amount), Address(order.receiver or order.controller), Address(order.controller))
    return _call(facts, order, order.by or order.controller, "mint", *args)


@TRANSACTIONS.of(ins.FetchEntered)
def fetch_all(facts: Facts, order: ins.FetchEntered) -> Transaction:
    """Hand out all units and refunds of several."""
    return _call(facts, order, order.by, "claimAll", accounts_of(order.controllers))


@TRANSACTIONS.of(ins.SendBack)
def send_back(facts: Facts, order: ins.SendBack) -> Transaction:
    """Call back for several what waits."""
    return _call(facts, order, order.by, "sendBack", accounts_of(order.controllers))


@TRANSACTIONS.of(ins.FillSubscriptions)
def fill(facts: Facts, order: ins.FillSubscriptions) -> Transaction:
    """Fill requests at a strike."""
    return _call(facts, order, order.by, "fill", strike_word(order.name), accounts_of(order.controllers))


@TRANSACTIONS.of(ins.CloseEntry)
def close(facts: Facts, order: ins.CloseEntry) -> Transaction:
    """Take no new requests."""
    return _call(facts, order, order.by, "close")


@TRANSACTIONS.of(ins.OpenEntry)
def reopen(facts: Facts, order: ins.OpenEntry) -> Transaction:
    """Take requests again."""
    return _call(facts, order, order.by, "open")


@TRANSACTIONS.of(ins.ReturnSubscribed)
def return_units(facts: Facts, order: ins.ReturnSubscribed) -> Transaction:
    """Hand a controller's units over by force."""
    args = (Address(order.controller), order.reason, document_hash(order.document), key_word(order.key))
    return _call(facts, order, order.by, "returnUnits", *args)


_Order = (
    ins.RequestSubscription
    | ins.CallBackCoins
    | ins.FetchRefund
    | ins.FetchSubscribed
    | ins.FetchEntered
    | ins.SendBack
    | ins.FillSubscriptions
    | ins.CloseEntry
    | ins.OpenEntry
    | ins.ReturnSubscribed
)


def _call(facts: Facts, order: _Order, sender: str, function: str, *args: object) -> Transaction:
    demand_known(order.stock, facts)
    return Transaction(sender, entry_label(order.stock, order.asset), ENTRY, function, args)


# --- read back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What a vault has of one controller: coins that wait, since when; coins called back; filled coins, their units."""

    waiting: int
    since: int
    called_back: int
    filled: int
    units: int


def read_subscriptions(chain: Chain, entry: Contract, addresses: Iterable[str]) -> dict[str, Subscribed]:
    """Read what a vault has of these addresses."""
    asked = list(addresses)
    numbered = ("pendingDepositRequest", "claimableCancelDepositRequest", "claimableDepositRequest")
    calls = [Call(entry, view, (REQUEST_ID, one)) for one in asked for view in numbered]
    calls += [Call(entry, view, (one,)) for one in asked for view in ("requestedAt", "claimableShares")]
    found = ask_all(chain, calls)
    amounts, rest = found[: 3 * len(asked)], found[3 * len(asked) :]
    return {
        one: Subscribed(
            waiting=amounts[3 * place],
            called_back=amounts[3 * place + 1],
            filled=amounts[3 * place + 2],
            since=rest[2 * place],
            units=rest[2 * place + 1],
        )
        for place, one in enumerate(asked)
    }


def subscribers_of(chain: Chain, entry: Contract, since: int = 0) -> list[str]:
    """The addresses for which anything was ever paid in, in the order of their first requests."""
    return list(dict.fromkeys(address_in(event.topics[1]) for event in chain.logs(entry, [REQUESTED], since)))


def read_entry(
    chain: Chain,
    entry: Contract,
    label: str,
    accounts: Mapping[str, str],
    strikes: Iterable[str],
    name_of: Callable[[str], str],
    since: int = 0,
) -> Entry:
    """Read a vault as the model keeps it, of these accounts, which are addresses by name, and these strikes."""
    views = ("minimum", "patience", "band", "reference", "referenceBefore", "closed")
    calls = [*(Call(entry, view) for view in views), Call(entry, "convertToAssets", (UNIT,))]
    minimum, patience, band, (price, at), before, closed, last = chain.call_many(calls)
    names = {address: name for name, address in accounts.items()}
    found = {names.get(one, name_of(one)): have for one, have in read_subscriptions(chain, entry, names).items()}
    struck = {name: read_strike(chain, entry, name) for name in sorted(strikes)}
    return Entry(
        account=label,
        terms=VaultTerms(minimum, patience, band),
        reference=price,
        reference_at=at,
        before=before,
        last=last,
        waiting={name: Waiting(one.waiting, one.since) for name, one in found.items() if one.waiting},
        called_back={name: one.called_back for name, one in found.items() if one.called_back},
        claims={name: Claim(one.units, one.filled) for name, one in found.items() if one.filled or one.units},
        strikes={name: one for name, one in struck.items() if one is not None},
        operators=set(pairs_of(chain, entry, OPERATOR, names, since)),
        approved=set(pairs_of(chain, entry, APPROVED, names, since)),
        closed=bool(closed),
    )
