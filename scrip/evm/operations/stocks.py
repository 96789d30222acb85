"""The issuer's network: new stocks of the manifest, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy.deployment import administrator, backing, creating, holding, survey
from scrip.evm.deploy.survey import plan_of
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.ledger import EvmLedger
from scrip.evm.operations.common import sender_of
from scrip.evm.state.holder_limits import read_limits, read_rules
from scrip.plan.identity import unrepeated
from scrip.holder_limits import HolderLimits
from scrip.manifest.rules import resolve
from scrip.plan import Plan
from scrip.preview import admitted, limited, moment, shares
from scrip.units import WAD_DECIMALS, RawUnits, format_fixed


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a stock stands, for people: each fact with its unit."""

    stock: str
    facts: dict[str, str]


def create(network: EvmConnection, ticker: str, sender: str = "") -> Plan:
    """Create a stock of the manifest (ISSUER); where it stands, set who may hold it (COMPLIANCE) and configure its
    reserve (the timelock)."""
    manifest = network.manifest
    if ticker not in manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    network.ledger()
    look = survey(network)
    wanted = [creating(manifest, ticker, sender_of(manifest, "ISSUER", sender))]
    if not look.deployed(ticker):
        return plan_of("stock create", ticker, wanted, look)
    # What names the stock's address can be signed once it has one.
    admin = administrator(look)
    wanted += holding(manifest, ticker, look, admin)
    wanted += backing(manifest, ticker, manifest.stocks[ticker], admin)
    return unrepeated(network, plan_of("stock create", ticker, wanted, look))


def show(network: EvmConnection, ticker: str) -> Sheet:
    """How a stock stands on the chain, and which of its rules no contract enforces."""
    if ticker not in network.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    ledger = network.ledger()
    token = ledger.token(ticker)
    now, backed = ledger.multiplier(ticker), ledger.coverage(ticker)
    facts = {
        "address": token.address,
        "ISIN": ledger.isin(ticker),
        "paused": "yes" if ledger.chain.call(token, "paused") else "no",
        "may be held by": admitted(read_rules(ledger.chain, ledger.suite.registry, token)),
        "limits": limited(read_limits(ledger.chain, ledger.suite.registry, token) or HolderLimits()),
        "holders": _holders(ledger, ticker),
        "supply": f"{ledger.supply(ticker)} tokens",
        "multiplier": _wad(now.ui_multiplier),
        "split factor": f"{now.num}:{now.den}",
        "dividend index": _wad(now.index),
        "pending": f"{now.pending_ui_multiplier / 10**18:.9f} at {moment(now.effective_at)}"
        if now.effective_at
        else "none",
        "covered": "yes" if backed.covered else "NO",
        "reserve answer": _answer(ledger, ticker),
        "attested": shares(backed.attested),
        "required": shares(backed.required),
        "ceiling": shares(backed.ceiling),
    }
    facts |= {
        f"rule {number}": str(rule) for number, rule in enumerate(resolve(network.manifest, ticker).listed, start=1)
    }
    return Sheet(ticker, facts)


def _holders(ledger: EvmLedger, ticker: str) -> str:
    """How many hold a stock, if anybody counts, and whether all are counted."""
    count, left = ledger.holders(ticker)
    if not ledger.chain.call(ledger.token(ticker), "capped"):
        return "not counted"
    return f"{count}" + (f", and {RawUnits(left, ledger.traits.decimals)} tokens NOT COUNTED YET" if left else "")


def _answer(ledger: EvmLedger, ticker: str) -> str:
    """When the custodian's oracle answered last, and whether mints take that."""
    oracle, _, max_age, *_ = ledger.chain.call(ledger.suite.feed, "configuration", ledger.token(ticker).address)
    if oracle == ZERO_ADDRESS:
        return "no oracle"
    updated_at = ledger.chain.call(Contract("MockReserveOracle", oracle), "latestRoundData")[3]
    if not updated_at:
        return "none yet: mints are refused"
    age = ledger.now() - updated_at
    return f"{moment(updated_at)}, " + ("fresh" if 0 <= age <= max_age else "TOO OLD: mints are refused")


def _wad(value: int) -> str:
    return format_fixed(value, WAD_DECIMALS)
