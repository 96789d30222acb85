"""Who may hold a stock, how many may, and how much one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.values import CLASSES, Transaction, class_bits, country_words, raw
from scrip.evm.handlers.investors import REGISTRY
from scrip.evm.handlers.table import TRANSACTIONS, Facts, known_or_nothing
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.model.state import Token
from scrip.plan import Address
from scrip.units import EVM_DECIMALS, RawUnits

ROUND_SHIFT = 192
"""The shift of a stock's limits (contracts/registry/holder_limits_totals.vy) that counts how often counting began."""
WORD = 256


def _call(by: str, function: str, *args: object) -> Transaction:
    return Transaction(by, "registry", REGISTRY, function, args)


@TRANSACTIONS.of(ins.SetStockRules)
def set_stock_rules(facts: Facts, order: ins.SetStockRules) -> Transaction:
    """Say who may hold a stock."""
    stock, rules = known_or_nothing(order.stock, facts), order.rules
    return _call(order.by, "setStockRules", stock, class_bits(rules), country_words(rules))


@TRANSACTIONS.of(ins.SetHolderLimits)
def set_holder_limits(facts: Facts, order: ins.SetHolderLimits) -> Transaction:
    """Limit how many may hold a stock, and how much each."""
    stock, limits = known_or_nothing(order.stock, facts), order.limits
    return _call(order.by, "setHolderLimits", stock, limits.most, raw(limits.maximum), raw(limits.minimum))


@TRANSACTIONS.of(ins.RemoveHolderLimits)
def remove_holder_limits(facts: Facts, order: ins.RemoveHolderLimits) -> Transaction:
    """End a stock's limits and the counting of its holders."""
    return _call(order.by, "removeHolderLimits", known_or_nothing(order.stock, facts))


@TRANSACTIONS.of(ins.SeedHolders)
def seed_holders(facts: Facts, order: ins.SeedHolders) -> Transaction:
    """Count accounts that held a stock before its limits came."""
    accounts = [Address(one) for one in order.accounts]
    return _call(order.by, "seedHolders", known_or_nothing(order.stock, facts), accounts)


# --- read back -------------------------------------------------------------------------------------------------------


def read_rules(chain: Chain, registry: Contract, token: Contract) -> StockRules:
    """Read who may hold a stock."""
    return rules_of(*chain.call(registry, "stockRules", token.address))


def read_limits(chain: Chain, registry: Contract, token: Contract) -> HolderLimits | None:
    """Read a stock's limits; None where its holders are not counted."""
    capped, limits = chain.call_many([Call(token, "capped"), Call(registry, "holderLimits", (token.address,))])
    return limits_of(*limits) if capped else None


def read_count(chain: Chain, registry: Contract, token: Contract) -> tuple[int, int]:
    """Read how many hold a stock whose holders are counted, and raw units of those who are not counted yet."""
    count, unseeded = chain.call(registry, "holderCount", token.address)
    return count, unseeded


def rules_of(classes: int, countries: Sequence[int]) -> StockRules:
    """The rules that the registry's numbers stand for."""
    admitted = frozenset(name for name, number in CLASSES.items() if classes >> number & 1)
    bits = sum(word << WORD * place for place, word in enumerate(countries))
    return StockRules(admitted, Countries(bits))


def limits_of(most: int, maximum: int, minimum: int) -> HolderLimits:
    """The limits that the registry's numbers stand for."""
    return HolderLimits(most, RawUnits(maximum, EVM_DECIMALS), RawUnits(minimum, EVM_DECIMALS))


# --- as the model keeps them -----------------------------------------------------------------------------------------


def read_holders(chain: Chain, registry: Contract, token: Contract, into: Token, accounts: Collection[str]) -> None:
    """Read a stock's limits and what is counted. `accounts` are those of `into` that have an address."""
    limits = read_limits(chain, registry, token)
    if limits is None:
        return
    count, unseeded = read_count(chain, registry, token)
    holders = into.holders
    holders.limits, holders.seeding = limits, unseeded != 0
    if holders.seeding:
        visited = _series(chain, registry, token)
        places = {name: _place(visited, int(chain.address(name), 16)) for name in accounts}
        holders.seeded = {name for name, place in places.items() if chain.word(registry, place)}
    holders.elsewhere = count - holders.count()
    holders.seeded_elsewhere = holders.unseeded() - unseeded


def _series(chain: Chain, registry: Contract, token: Contract) -> int:
    """Where the registry notes whom the present seeding of a stock has visited: no view shows it."""
    layout = artifact(REGISTRY).layout["storage_layout"]["holder_limits_totals"]
    number = chain.call(registry, "tokenNumber", token.address) - 1
    limits = chain.word(registry, _place(layout["limits"]["slot"], number))
    return _place(layout["seeded"]["slot"], number | (limits >> ROUND_SHIFT & 2**32 - 1) << 16)


def _place(slot: int, key: int) -> int:
    """Where Vyper keeps a map's value: the hash of the map's slot and the key."""
    return int.from_bytes(keccak(slot.to_bytes(32) + key.to_bytes(32)))
