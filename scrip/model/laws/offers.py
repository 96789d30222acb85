"""What an offer comes to: exact integers, each floor named, and the theoretical price of a rights issue.

Choices are raw units of what is escrowed. `first` of a tender offer are the units, of a rights issue the rights that
are used, of a merger the units for cash; `second` of a rights issue what is asked for beyond the rights, of a merger
the units for stock.

    price    floor(floor(multiplier × money a share ÷ 10^18) × rate ÷ 10^18): a wad of whole coins for 10^18 raw units
    ratio    floor of the raw units that are given for 10^18 raw units, a wad
    settled  floor(price × index at the deadline ÷ index when opened), and the ratio likewise: reinvested dividends
    taken    first, or floor(first × most ÷ total) where all first choices are more than the most
    paid     floor(taken × price × 10^decimals ÷ 10^36), in base units of the coin
    cost     the same of new units, rounded up
    TERP     (cum × old + price × new) ÷ (old + new), exactly

What all outcomes come to is never more than what was brought in for all together.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from scrip import parameters
from scrip.units import WAD, Wad

OfferCode = Literal["TEND", "RHTS", "MRGR"]
OFFER_CODES: tuple[OfferCode, ...] = ("TEND", "RHTS", "MRGR")
"""ISO 15022 codes of the kinds of offers, in the order of the contract's numbers, from 1."""
DEADLINE_BITS, KIND_BITS = 40, 8
_UNIT = 10**18
_DEADLINE = 2**DEADLINE_BITS - 1


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an offer was opened on. `price` is a wad of whole coins, `ratio` a wad of raw units that are given, each for
    10^18 raw units; `most` bounds first choices, or is how many rights were issued; `decimals` are the coin's.
    """

    code: OfferCode
    price: Wad
    ratio: Wad
    most: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a position: units taken, units that are due, base units of the coin that are due, and the
    treasury's. Units that are due are what comes back of a tender offer, else what is given.
    """

    taken: int = 0
    units: int = 0
    coins: int = 0
    proceeds: int = 0


# --- names -----------------------------------------------------------------------------------------------------------


def offer_number(chain_id: int, escrow: bytes, action: bytes, part: int, code: OfferCode, deadline: int) -> int:
    """The number of an action's offer: a hash over chain, contract, action and part, its kind and its last second."""
    # The model works where nothing else is installed: a hash alone needs a library.
    from scrip.model.laws.merkle_sum import keccak, word

    found = int.from_bytes(bytes(keccak(word(chain_id) + escrow.rjust(32, b"\0") + action + word(part))), "big")
    low = DEADLINE_BITS + KIND_BITS
    return (found >> low << low) | (OFFER_CODES.index(code) + 1) << DEADLINE_BITS | deadline


def code_of(number: int) -> OfferCode | None:
    """The code of an offer by its number; None for none."""
    kind = number >> DEADLINE_BITS & 2**KIND_BITS - 1
    return OFFER_CODES[kind - 1] if 0 < kind <= len(OFFER_CODES) else None


def deadline_of(number: int) -> int:
    """The last second of choices of an offer by its number, UTC."""
    return number & int(_DEADLINE)


# --- what was agreed -------------------------------------------------------------------------------------------------


def price_of(multiplier: Wad, money: Wad, rate: Wad) -> Wad:
    """What 10^18 raw units are paid: `money` is a wad of currency a share, `rate` one of whole coins a unit of it."""
    return Wad(multiplier * money // WAD * rate // WAD)


def ratio_of(multiplier: Wad, given: Wad, num: int = 1, den: int = 1) -> Wad:
    """What 10^18 raw units are given: num new shares for den, by the multipliers of what is escrowed and of it."""
    return Wad(multiplier * num * WAD // (den * given))


def grown(value: Wad, index: Wad, was: Wad) -> Wad:
    """A price or a ratio with the dividends that were reinvested while the index rose from `was`."""
    return Wad(value * index // was)


def shrunk(ratio: Wad, index: Wad, was: Wad) -> Wad:
    """A ratio of units that stand for more shares than when it was agreed: their index rose from `was`."""
    return Wad(ratio * was // index)


# --- what it comes to ------------------------------------------------------------------------------------------------


def paid(units: int, price: Wad, decimals: int) -> int:
    """Base units for units that are taken, rounded down."""
    return units * price * int(10**decimals) // (_UNIT * WAD)


def cost(units: int, price: Wad, decimals: int) -> int:
    """Base units for units that are subscribed to, rounded up."""
    return -(-units * price * int(10**decimals) // (_UNIT * WAD))


def extra(agreed: Agreed, total: int) -> int:
    """Units of a rights issue that are there for who asks for more: what nobody used of the rights."""
    return max(agreed.most - total, 0)


def needs(agreed: Agreed, total: int, more: int) -> tuple[int, int]:
    """(base units to bring in, raw units to mint) for all choices, `total` first and `more` second ones."""
    if agreed.code == "RHTS":
        return 0, (total + min(more, extra(agreed, total))) * agreed.ratio // WAD
    taken = min(total, agreed.most) if agreed.most else total
    return paid(taken, agreed.price, agreed.decimals), (more + total - taken) * agreed.ratio // WAD


def outcome(agreed: Agreed, first: int, second: int, total: int, more: int) -> Outcome:
    """What becomes of a position of an offer that is funded."""
    price, ratio, decimals = agreed.price, agreed.ratio, agreed.decimals
    if agreed.code == "RHTS":
        there = extra(agreed, total)
        allotted = second if more <= there else second * there // more
        proceeds = cost(first + allotted, price, decimals)
        refund = cost(first + second, price, decimals) - proceeds
        return Outcome(first, (first + allotted) * ratio // WAD, refund, proceeds)
    taken, rest = first, 0
    if agreed.most and total > agreed.most:
        taken, rest = first * agreed.most // total, first * (total - agreed.most) // total
    coins = paid(taken, price, decimals)
    if agreed.code == "TEND":
        return Outcome(taken, first - taken, coins)
    return Outcome(first + second, (second + rest) * ratio // WAD, coins)


def returned(agreed: Agreed, first: int, second: int) -> tuple[int, int]:
    """(units, base units) that come back of a position, all of it: the offer is called off, or the holder withdraws."""
    if agreed.code == "RHTS":
        return first, cost(first + second, agreed.price, agreed.decimals)
    return first + second, 0


def lapses_at(pay: int) -> int:
    """The last second in which an offer may be funded, UTC."""
    return pay + parameters.OFFER_GRACE.value


# --- rights ----------------------------------------------------------------------------------------------------------


def terp(cum: Fraction, price: Fraction, new: int, old: int) -> Fraction:
    """The theoretical price of a share without its right: `new` shares at `price` for `old` at the price with it."""
    return (cum * old + price * new) / (old + new)


def right_worth(cum: Fraction, price: Fraction, new: int, old: int) -> Fraction:
    """What the right to one new share is worth by that price; nothing where a new share costs more."""
    return max(terp(cum, price, new, old) - price, Fraction(0))
