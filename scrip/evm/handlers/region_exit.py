"""Exits from countries: opened, priced, funded, parked, taken and swept in the RegionExit.

An exit's id is a hash of what its stock was born as and of the desk's reference, as an action's is, under EXIT_CODE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import Transaction, country_words, document_hash
from scrip.evm.handlers.table import TRANSACTIONS, Facts, known_or_nothing
from scrip.holder_limits import Countries, StockRules
from scrip.labels import REGION_EXIT, STABLECOIN
from scrip.model.state.region_exit import ExitStatus, RegionExit, RegionExits
from scrip.plan import Address

CONTRACT_REGION_EXIT = "RegionExit"
EXIT_CODE = "EXIT"
"""What stands in an exit's id where an action's has its ISO 15022 code: no action is called so."""
STATUS: Mapping[int, ExitStatus] = {1: "OPENED", 2: "PRICED", 3: "CLOSED"}
OPENED, PRICED, CLOSED = STATUS
"""What the contract stores of an exit: its numbers."""
EXIT_OPENED = keccak(text="ExitOpened(bytes32,address,uint256[4],uint256,uint256,address,address)")
EXIT_PARKED = keccak(text="ExitParked(bytes32,address,address,uint256,uint256)")


# --- the desk --------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.OpenExit)
def open_(facts: Facts, order: ins.OpenExit) -> Transaction:
    """Announce which countries are left, and until when their holders redeem."""
    words = country_words(StockRules(countries=order.countries))
    terms = (order.until, order.expiry, Address(STABLECOIN), Address(order.funder))
    return _call(order.by, "openExit", _id(facts, order), known_or_nothing(order.stock, facts), words, *terms)


@TRANSACTIONS.of(ins.PriceExit)
def price(facts: Facts, order: ins.PriceExit) -> Transaction:
    """Name what is paid for a token."""
    return _call(order.by, "priceExit", _id(facts, order), order.price.value, document_hash(order.source))


@TRANSACTIONS.of(ins.TakeInAtExit)
def take_in(facts: Facts, order: ins.TakeInAtExit) -> Transaction:
    """Let an account keep its units."""
    return _call(order.by, "takeIn", _id(facts, order), Address(order.account))


@TRANSACTIONS.of(ins.ReadmitCountries)
def readmit(facts: Facts, order: ins.ReadmitCountries) -> Transaction:
    """Drop what the rules admit again."""
    return _call(order.by, "readmit", _id(facts, order))


@TRANSACTIONS.of(ins.FundExit)
def fund(facts: Facts, order: ins.FundExit) -> Transaction:
    """Bring coins in."""
    return _call(order.by, "fundExit", _id(facts, order), order.amount.value)


@TRANSACTIONS.of(ins.SweepExit)
def sweep(facts: Facts, order: ins.SweepExit) -> Transaction:
    """Send the escheat account what was not fetched."""
    accounts = tuple(map(Address, order.accounts))
    args = (_id(facts, order), accounts, order.reason, document_hash(order.document))
    return _call(order.by, "sweepExit", *args)


@TRANSACTIONS.of(ins.CloseExit)
def close(facts: Facts, order: ins.CloseExit) -> Transaction:
    """Return what is not parked."""
    return _call(order.by, "closeExit", _id(facts, order))


# --- holders ---------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.ParkAtExit)
def park(facts: Facts, order: ins.ParkAtExit) -> Transaction:
    """Burn what is left, and park its price."""
    return _call(order.by, "parkFor", _id(facts, order), tuple(map(Address, order.accounts)))


@TRANSACTIONS.of(ins.TakeAtExit)
def take(facts: Facts, order: ins.TakeAtExit) -> Transaction:
    """Have what is parked paid."""
    return _call(order.by, "takeExit", _id(facts, order), Address(order.account))


def _id(facts: Facts, order: Any) -> bytes:
    return facts.action_id(order.stock, EXIT_CODE, order.reference)


def _call(by: str, function: str, *args: object) -> Transaction:
    return Transaction(by, REGION_EXIT, CONTRACT_REGION_EXIT, function, args)


# --- read back -------------------------------------------------------------------------------------------------------

FIELDS = ("status", "token", "countries", "until", "expiry", "coin", "price", "funder", "cash", "parked")


def read_exit(chain: Chain, contract: Contract, identity: bytes) -> Mapping[str, Any] | None:
    """What the contract keeps of an exit, by FIELDS, its countries as a set of them; None where there is none."""
    found = dict(zip(FIELDS, chain.call(contract, "regionExit", identity), strict=True))
    return found | {"countries": countries_of(found["countries"])} if found["status"] else None


def countries_of(words: Sequence[int]) -> Countries:
    """A set of countries as the contract keeps it."""
    return Countries(sum(word << 256 * place for place, word in enumerate(words)))


def read_each(chain: Chain, contract: Contract, view: str, identity: bytes, accounts: Iterable[str]) -> list[Any]:
    """What a view answers of an exit and each of these addresses."""
    return ask_all(chain, [Call(contract, view, (identity, one)) for one in accounts])


def read_region_exits(
    chain: Chain,
    contract: Contract,
    named: Mapping[tuple[str, str], bytes],
    accounts: Mapping[str, str],
    name_of: Callable[[str], str],
) -> RegionExits:
    """Read what the model keeps of the exits of these ids, by stock and reference, and of these accounts by name."""
    made = RegionExits(name_of(chain.call(contract, "escheatAccount")))
    for key, identity in named.items():
        found = read_exit(chain, contract, identity)
        if found is None:
            continue
        parked, kept = (
            read_each(chain, contract, view, identity, accounts.values()) for view in ("exitParkedOf", "isTakenIn")
        )
        made.exits[key] = RegionExit(
            countries=found["countries"],
            until=found["until"],
            expiry=found["expiry"],
            funder=name_of(found["funder"]),
            status=STATUS[found["status"]],
            price=found["price"],
            cash=found["cash"],
            parked={name: cash for name, cash in zip(accounts, parked, strict=True) if cash},
            taken_in={name for name, keeps in zip(accounts, kept, strict=True) if keeps},
        )
    return made
