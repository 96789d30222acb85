"""Looks through venues: what a pool or a vault holds is shared out among those whose it is, by a rule of the manifest.

A rule weighs the venue's own holders; the venue's actual balance of raw units is shared out by these weights, each
share rounded down. What is left, of the rounding and of weights that nobody is known for, stays the venue's: the
shares and the rest are the balance, to the last unit.

`@RULES.of(name)` registers a rule; a contract that holds units for others registers its own where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scrip.errors import InputError
from scrip.holders.movements import NOBODY
from scrip.holders.register import Reallocation


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue that the manifest has looked through: its account, by which rule, and the file where the rule has one."""

    account: str
    rule: str
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """How a venue's balance is shared out: weights by account, out of `whole`, which they may not reach."""

    of: Mapping[str, int]
    whole: int


class Sight(Protocol):
    """What a rule may look at, as of the block of the register."""

    def shares(self, contract: str) -> Weights:
        """The balances of a token that stands for a part of a venue, and its supply."""

    def listed(self, path: Path) -> Mapping[str, int]:
        """What a file of the venue's says of whom it holds units for."""


Rule = Callable[[Venue, Sight], Weights]


class Rules:
    """The rules by name."""

    def __init__(self) -> None:
        self._known: dict[str, Rule] = {}

    def of(self, name: str) -> Callable[[Rule], Rule]:
        """Register a rule under a name that none has yet."""

        def register(rule: Rule) -> Rule:
            if name in self._known:
                raise ValueError(f"two rules are called {name}")
            self._known[name] = rule
            return rule

        return register

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all rules."""
        return tuple(sorted(self._known))

    def __getitem__(self, name: str) -> Rule:
        if name not in self._known:
            raise InputError(f"is none of {', '.join(self.names)}", field="rule", value=name)
        return self._known[name]


RULES = Rules()


@RULES.of("file")
def by_file(venue: Venue, sight: Sight) -> Weights:
    """By a file that the venue sends: whom it holds units for, and how many. Its sum is shared out, whatever it is."""
    if venue.file is None:
        raise InputError("needs the file that the venue sends", field="file", value=venue.account)
    listed = sight.listed(venue.file)
    return Weights(listed, sum(listed.values()))


@RULES.of("v2-pair")
def by_pair(venue: Venue, sight: Sight) -> Weights:
    """By the shares of a pool of two tokens, which are tokens of the pool's own contract (Uniswap v2 and its likes)."""
    return sight.shares(venue.account)


@RULES.of("erc4626")
def by_vault(venue: Venue, sight: Sight) -> Weights:
    """By the shares of a vault of one token, which are tokens of the vault's own contract (ERC-4626)."""
    return sight.shares(venue.account)


def look_through(venue: Venue, balance: int, sight: Sight) -> Iterator[Reallocation]:
    """Who the venue's balance is held for. Shares of nobody's, and of the venue's own, stay with the venue.

    InputError where weights are negative or more than the whole.
    """
    weights = RULES[venue.rule](venue, sight)
    if min(weights.of.values(), default=0) < 0 or sum(weights.of.values()) > weights.whole:
        reason = f"the weights of rule {venue.rule} are negative, or more than the whole of {weights.whole}"
        raise InputError(reason, field="look_through", value=venue.account)
    for account, weight in sorted(weights.of.items()):
        units = balance * weight // weights.whole if weight else 0
        if units and account not in (NOBODY, venue.account):
            yield Reallocation(venue.account, account, units, venue.rule)
