"""Requests to redeem: asking, filling at a price, and fetching the money, in the vault of a stock and a stablecoin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from eth_utils import keccak

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import CUSTODIAN, Transaction, coins, document_hash, key_word, raw
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known
from scrip.evm.vaults import REQUEST_VAULT, SUBSCRIPTION_VAULT
from scrip.labels import entry_label, vault_label
from scrip.model.state.redemption import UNIT, Claim, Struck, Vault, VaultTerms, Waiting
from scrip.plan import Address

VAULT, ENTRY = REQUEST_VAULT, SUBSCRIPTION_VAULT
REQUESTED = keccak(text="RedeemRequest(address,address,uint256,address,uint256)")
STRUCK = keccak(text="Struck(bytes32,uint256,uint256,uint256,address)")
OPERATOR = keccak(text="OperatorSet(address,address,bool)")
APPROVED = keccak(text="AccountApproved(address,address,bool)")
REQUEST_ID = 0
"""The id of every request."""
_ABOUT = ("requestedAt", "claimableAssets", "isOverdue", "deliveryOf")


@TRANSACTIONS.of(ins.RequestRedemption)
def request(facts: Facts, order: ins.RequestRedemption) -> Transaction:
    """Put units into the vault, to be redeemed."""
    args = (raw(order.amount), Address(order.controller or order.owner), Address(order.owner))
    return _call(facts, order, order.by or order.owner, "requestRedeem", *args)


@TRANSACTIONS.of(ins.RequestInKind)
def request_in_kind(facts: Facts, order: ins.RequestInKind) -> Transaction:
    """Put units into the vault, for the shares themselves."""
    args = (raw(order.amount), Address(order.controller or order.owner), Address(order.owner))
    return _call(facts, order, order.by or order.owner, "requestInKind", *args, document_hash(order.delivery))


@TRANSACTIONS.of(ins.CallBack)
def call_back(facts: Facts, order: ins.CallBack) -> Transaction:
    """Let what waits wait no more."""
    args = (REQUEST_ID, Address(order.controller))
    return _call(facts, order, order.by or order.controller, "cancelRedeemRequest", *args)


@TRANSACTIONS.of(ins.FetchUnits)
def fetch_units(facts: Facts, order: ins.FetchUnits) -> Transaction:
    """Hand out the units that were called back."""
    args = (REQUEST_ID, Address(order.receiver or order.controller), Address(order.controller))
    return _call(facts, order, order.by or order.controller, "claimCancelRedeemRequest", *args)


@TRANSACTIONS.of(ins.FetchMoney)
def fetch_money(facts: Facts, order: ins.FetchMoney) -> Transaction:
    """Pay a claim, or a part of it."""
    args = (raw(order.amount), Address(order.receiver or order.controller), Address(order.controller))
    return _call(facts, order, order.by or order.controller, "redeem", *args)


@TRANSACTIONS.of(ins.FetchAll)
def fetch_all(facts: Facts, order: ins.FetchAll) -> Transaction:
    """Pay the whole claims of several."""
    return _call(facts, order, order.by, "claimAll", accounts_of(order.controllers))


@TRANSACTIONS.of(ins.SetOperator)
def set_operator(facts: Facts, order: ins.SetOperator) -> Transaction:
    """Let an account act for another, or no longer."""
    return _call(facts, order, order.account, "setOperator", Address(order.operator), order.approved)


@TRANSACTIONS.of(ins.Strike)
def strike(facts: Facts, order: ins.Strike) -> Transaction:
    """Strike a price."""
    return _call(facts, order, order.by, "strike", strike_word(order.name), coins(order.price), order.expiry)


@TRANSACTIONS.of(ins.VoidStrike)
def void_strike(facts: Facts, order: ins.VoidStrike) -> Transaction:
    """Let a strike serve no more."""
    return _call(facts, order, order.by, "voidStrike", strike_word(order.name))


@TRANSACTIONS.of(ins.SetReference)
def set_reference(facts: Facts, order: ins.SetReference) -> Transaction:
    """Hold prices to another reference."""
    return _call(facts, order, order.by, "setReference", coins(order.price))


@TRANSACTIONS.of(ins.SkimVault)
def skim(facts: Facts, order: ins.SkimVault) -> Transaction:
    """Send the treasury what waits for nobody."""
    return _call(facts, order, order.by or CUSTODIAN, "skim")


@TRANSACTIONS.of(ins.FillRequests)
def fill(facts: Facts, order: ins.FillRequests) -> Transaction:
    """Fill requests at a strike."""
    return _call(facts, order, order.by, "fill", strike_word(order.name), accounts_of(order.controllers))


@TRANSACTIONS.of(ins.DeliverInKind)
def deliver_in_kind(facts: Facts, order: ins.DeliverInKind) -> Transaction:
    """Burn what was asked for in kind, on the custodian's receipt."""
    documents = (document_hash(order.delivery), document_hash(order.receipt))
    args = (Address(order.controller), raw(order.amount), *documents, key_word(order.key))
    return _call(facts, order, order.by, "deliverInKind", *args)


@TRANSACTIONS.of(ins.SuspendMints)
def suspend(facts: Facts, order: ins.SuspendMints) -> Transaction:
    """Stop new mints for a request that waits too long."""
    return _call(facts, order, order.by or CUSTODIAN, "suspend", Address(order.controller))


@TRANSACTIONS.of(ins.ResumeMints)
def resume(facts: Facts, order: ins.ResumeMints) -> Transaction:
    """Let mints go on."""
    return _call(facts, order, order.by or CUSTODIAN, "resume")


@TRANSACTIONS.of(ins.ReturnUnits)
def return_units(facts: Facts, order: ins.ReturnUnits) -> Transaction:
    """Hand a controller's units back by force."""
    args = (Address(order.controller), order.reason, document_hash(order.document), key_word(order.key))
    return _call(facts, order, order.by, "returnUnits", *args)


@TRANSACTIONS.of(ins.ApproveAccount)
def approve_account(facts: Facts, order: ins.ApproveAccount) -> Transaction:
    """Let an owner name another investor's account, or no longer."""
    args = (Address(order.owner), Address(order.account), order.approved)
    return _call(facts, order, order.by, "approveAccount", *args)


_Order = (
    ins.RequestRedemption
    | ins.RequestInKind
    | ins.DeliverInKind
    | ins.CallBack
    | ins.FetchUnits
    | ins.FetchMoney
    | ins.FetchAll
    | ins.SetOperator
    | ins.Strike
    | ins.VoidStrike
    | ins.SetReference
    | ins.SkimVault
    | ins.FillRequests
    | ins.SuspendMints
    | ins.ResumeMints
    | ins.ReturnUnits
    | ins.ApproveAccount
)


def _call(facts: Facts, order: _Order, sender: str, function: str, *args: object) -> Transaction:
    demand_known(order.stock, facts)
    if getattr(order, "entry", False):
        return Transaction(sender, entry_label(order.stock, order.asset), ENTRY, function, args)
    return Transaction(sender, vault_label(order.stock, order.asset), VAULT, function, args)


def accounts_of(names: Iterable[str]) -> list[Address]:
    """Controllers as a batch takes them. InputError for too many."""
    found = [Address(name) for name in names]
    ins.check_count("controllers", found, ins.MAX_FILLED)
    return found


def strike_word(name: str) -> bytes:
    """The word that a vault knows a strike by: 0x and 64 hex digits are the word itself. InputError for no name."""
    if not name:
        raise InputError("names no strike", field="name")
    return bytes.fromhex(name[2:]) if name.startswith("0x") and len(name) == 66 else keccak(text=f"strike {name}")


# --- read back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """What a vault has of one controller: units that wait, since when; units called back; filled units, their coins.

    `delivery` is the hash of the document by which the shares themselves are wanted, "" where money is.
    """

    waiting: int
    since: int
    called_back: int
    filled: int
    coins: int
    overdue: bool
    delivery: str = ""


def read_requests(chain: Chain, vault: Contract, controllers: Iterable[str]) -> dict[str, Request]:
    """Read what the vault has of each of these addresses. Claims that a block or a freeze holds count all the same."""
    asked = list(controllers)
    views = ("pendingRedeemRequest", "claimableCancelRedeemRequest", "claimableRedeemRequest")
    calls = [Call(vault, view, (REQUEST_ID, one)) for one in asked for view in views]
    calls += [Call(vault, view, (one,)) for one in asked for view in _ABOUT]
    answers = ask_all(chain, calls)
    units, rest = answers[: 3 * len(asked)], answers[3 * len(asked) :]
    return {
        one: Request(
            waiting=units[3 * place],
            called_back=units[3 * place + 1],
            filled=units[3 * place + 2],
            since=rest[4 * place],
            coins=rest[4 * place + 1],
            overdue=bool(rest[4 * place + 2]),
            delivery=f"0x{rest[4 * place + 3].hex()}" if any(rest[4 * place + 3]) else "",
        )
        for place, one in enumerate(asked)
    }


def controllers_of(chain: Chain, vault: Contract, since: int = 0) -> list[str]:
    """The addresses for which anything was ever asked, in the order of their first requests."""
    found = (address_in(event.topics[1]) for event in chain.logs(vault, [REQUESTED], since))
    return list(dict.fromkeys(found))


def read_strike(chain: Chain, vault: Contract, name: str) -> Struck | None:
    """A strike by its name; None where there is none, or no more."""
    price, at, expiry, generation = chain.call(vault, "strikeOf", strike_word(name))
    return Struck(price, at, expiry, generation) if price else None


def read_prices(chain: Chain, vault: Contract, since: int = 0) -> dict[str, Struck]:
    """The strikes that serve now, by their words, 0x and 64 hex digits, in the order in which they were struck."""
    words = list(dict.fromkeys(f"0x{one.topics[1].hex()}" for one in chain.logs(vault, [STRUCK], since)))
    found = ask_all(chain, [Call(vault, "strikeOf", (strike_word(one),)) for one in words])
    struck = {word: Struck(*answer) for word, answer in zip(words, found, strict=True)}
    return {word: one for word, one in struck.items() if one.price and chain.now() < one.expiry}


def read_vault(
    chain: Chain,
    vault: Contract,
    label: str,
    accounts: Mapping[str, str],
    strikes: Iterable[str],
    name_of: Callable[[str], str],
    since: int = 0,
) -> Vault:
    """Read a vault as the model keeps it, of these accounts, which are addresses by name, and these strikes."""
    views = ("minimum", "patience", "band", "reference", "referenceBefore", "suspendedFor", "inKind")
    calls = [*(Call(vault, view) for view in views), Call(vault, "convertToAssets", (UNIT,))]
    minimum, patience, band, (price, at), before, late, in_kind, last = chain.call_many(calls)
    names = {address: name for name, address in accounts.items()}
    suspended_for = "" if int(late, 16) == 0 else names.setdefault(late, name_of(late))
    requests = read_requests(chain, vault, names)
    struck = {name: read_strike(chain, vault, name) for name in sorted(strikes)}
    return Vault(
        account=label,
        terms=VaultTerms(minimum, patience, band),
        reference=price,
        reference_at=at,
        last=last,
        before=before,
        waiting={
            names[one]: Waiting(found.waiting, found.since, found.delivery)
            for one, found in requests.items()
            if found.waiting
        },
        called_back={names[one]: found.called_back for one, found in requests.items() if found.called_back},
        claims={
            names[one]: Claim(found.filled, found.coins)
            for one, found in requests.items()
            if found.filled or found.coins
        },
        strikes={name: one for name, one in struck.items() if one is not None},
        operators=set(pairs_of(chain, vault, OPERATOR, names, since)),
        approved=set(pairs_of(chain, vault, APPROVED, names, since)),
        suspended_for=suspended_for,
        in_kind=bool(in_kind),
    )


def pairs_of(
    chain: Chain, vault: Contract, event: bytes, names: Mapping[str, str], since: int
) -> Iterator[tuple[str, str]]:
    """The pairs of accounts, both of whom have names here, that the last of such events set."""
    latest: dict[tuple[str, str], bool] = {}
    for one in chain.logs(vault, [event], since):
        latest[address_in(one.topics[1]), address_in(one.topics[2])] = any(one.data)
    for (first, second), stands in latest.items():
        if stands and first in names and second in names:
            yield names[first], names[second]


def address_in(topic: bytes) -> str:
    """The address that a topic of an event is."""
    return f"0x{topic[-20:].hex()}"
