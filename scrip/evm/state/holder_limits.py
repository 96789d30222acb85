"""A stock's rules and limits, read from a chain as the model keeps them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from eth_utils import keccak

from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.values import CLASSES
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.model.token import Token
from scrip.units import EVM_DECIMALS, RawUnits

ROUND_SHIFT = 192
"""Of a stock's limits (contracts/registry/holder_limits_totals.vy): how often counting began."""
WORD = 256


def read_rules(chain: Chain, registry: Contract, token: Contract) -> StockRules:
    """Who may hold a stock."""
    return rules_of(*chain.call(registry, "stockRules", token.address))


def read_limits(chain: Chain, registry: Contract, token: Contract) -> HolderLimits | None:
    """A stock's limits; None where its holders are not counted."""
    capped, limits = chain.call_many([Call(token, "capped"), Call(registry, "holderLimits", (token.address,))])
    return limits_of(*limits) if capped else None


def rules_of(classes: int, countries: Sequence[int]) -> StockRules:
    """The registry's numbers as rules."""
    admitted = frozenset(name for name, number in CLASSES.items() if classes >> number & 1)
    bits = sum(word << WORD * place for place, word in enumerate(countries))
    return StockRules(admitted, Countries(bits))  # type: ignore[arg-type]


def limits_of(most: int, maximum: int, minimum: int) -> HolderLimits:
    """The registry's numbers as limits."""
    return HolderLimits(most, RawUnits(maximum, EVM_DECIMALS), RawUnits(minimum, EVM_DECIMALS))


def read_holders(chain: Chain, registry: Contract, token: Contract, into: Token, accounts: Collection[str]) -> None:
    """A stock's limits and what is counted. `accounts` are those of `into` that have an address."""
    limits = read_limits(chain, registry, token)
    if limits is None:
        return
    count, unseeded = chain.call(registry, "holderCount", token.address)
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
    layout = artifact("ComplianceRegistry").layout["storage_layout"]["holder_limits_totals"]
    number = chain.call(registry, "tokenNumber", token.address) - 1
    limits = chain.word(registry, _place(layout["limits"]["slot"], number))
    return _place(layout["seeded"]["slot"], number | (limits >> ROUND_SHIFT & 2**32 - 1) << 16)


def _place(slot: int, key: int) -> int:
    """Where Vyper keeps a map's value: the hash of the map's slot and the key."""
    return int.from_bytes(keccak(slot.to_bytes(32) + key.to_bytes(32)))
