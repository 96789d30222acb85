"""The integer formulas, with the order of floors: the specification that every implementation follows.

Units: a *wad* is an integer with 18 decimals. Prices and dividends (currency per share), indices and multipliers are
`Wad`; shares, `supply`, liability, reserve, receivable and ceiling are `ShareWad`, and neither is taken for the other.
`raw` is raw token units of the chain's own decimals. All arguments are non-negative integers unless a docstring says
otherwise, and nothing here uses a float.
"""

from __future__ import annotations

from math import gcd

from scrip import parameters
from scrip.parameters import BPS
from scrip.units import WAD, WAD_DECIMALS, ShareWad, Wad

U40_MAX = parameters.MAX_TIME.value
U64_MAX = parameters.MAX_RATIO_TERM.value
MAX_RECEIVABLE_DELTA = Wad(parameters.MAX_RECEIVABLE_DELTA.value)
U96_MAX = parameters.MAX_INDEX.value
U128_MAX = parameters.MAX_AMOUNT.value
U256_MAX = 2**256 - 1

YEAR = parameters.RATE_WINDOW.value
CEILING_MAX = parameters.RESERVE_CEILING.ceiling


def ceil_div(a: int, b: int) -> int:
    """a ÷ b rounded up; b > 0."""
    return -(-a // b)


# --- the multiplier --------------------------------------------------------------------------------------------------


def reduce(num: int, den: int) -> tuple[int, int]:
    """The fraction num/den in lowest terms; both ≥ 1."""
    common = gcd(num, den)
    return num // common, den // common


def ui_multiplier(index: Wad, num: int, den: int) -> Wad:
    """uiMultiplier = floor(dividendIndex × num ÷ den) (law 2).

    index: below 2^96. num, den: in lowest terms, 1 to 2^64−1. The result is usable when pair_fits says so.
    """
    return Wad(index * num // den)


def pair_fits(index: Wad, num: int, den: int) -> bool:
    """Whether the factors and their multiplier fit what every chain stores: u96, u64, u64, u96, none of them 0."""
    if not (0 < index <= U96_MAX and 0 < num <= U64_MAX and 0 < den <= U64_MAX):
        return False
    return 0 < ui_multiplier(index, num, den) <= U96_MAX


def ui_amount(raw: int, multiplier: Wad) -> int:
    """What a person sees: floor(raw × multiplier ÷ 1e18), in the decimals of `raw` (law 1). raw below 2^128."""
    return raw * multiplier // WAD


def raw_amount(ui: int, multiplier: Wad) -> int:
    """The most raw units that a UI amount pays for: floor(ui × 1e18 ÷ multiplier), in the decimals of `ui`."""
    return ui * WAD // multiplier


def next_split(num: int, den: int, new: int, old: int) -> tuple[int, int]:
    """The split factor after a split of `new` shares for `old`, in lowest terms. It fits when pair_fits says so."""
    return reduce(num * new, den * old)


def next_index(index: Wad, price: Wad, net: Wad) -> Wad:
    """The dividend index after a reinvested dividend: floor(index × (P + D) ÷ P) (law 3).

    price > 0 and net: currency per share, below 2^128, ex-dividend and in the split basis at effectiveAt.
    """
    return Wad(index * (price + net) // price)


# --- the dividend ----------------------------------------------------------------------------------------------------


def withheld(gross: Wad, bps: int) -> Wad:
    """Tax withheld per share: ceil(gross × bps ÷ 10000). bps: 0 to 10000. Rounds up: never too little."""
    return Wad(ceil_div(gross * bps, BPS))


def net_dividend(gross: Wad, bps: int) -> Wad:
    """What is reinvested per share: gross − withheld."""
    return Wad(gross - withheld(gross, bps))


def theoretical_ex_price(cum_close: Wad, gross: Wad) -> Wad:
    """Cum close − gross dividend, currency per share: the P that is known before the open (law 3).

    Zero or less means that the dividend has no such price; the result may be negative.
    """
    return Wad(cum_close - gross)


# --- bounds ----------------------------------------------------------------------------------------------------------


def dividend_step_ok(price: Wad, net: Wad) -> bool:
    """One dividend raises the index by 25 % at most: net × 10000 ≤ price × 2500 (law 4)."""
    return net * BPS <= price * parameters.MAX_DIVIDEND_STEP.value


def split_step_ok(new: int, old: int) -> bool:
    """One split is between 1:100 and 100:1 (law 4)."""
    most = parameters.MAX_SPLIT.value
    return new <= most * old and old <= most * new


def rate_ok(following: Wad, year_ago: Wad) -> bool:
    """The index rises by 50 % at most within 365 days: following × 10000 ≤ 15000 × the index then (law 4)."""
    return following * BPS <= year_ago * (BPS + parameters.MAX_INDEX_RISE.value)


# --- backing ---------------------------------------------------------------------------------------------------------


def to_shares(raw: int, decimals: int) -> ShareWad:
    """Raw units at `decimals` (18 at most) as a supply with 18 decimals, exactly."""
    unit: int = 10 ** (WAD_DECIMALS - decimals)
    return ShareWad(raw * unit)


def normalise_answer(answer: int, decimals: int) -> ShareWad:
    """An oracle's positive answer at its own decimals as shares with 18 decimals, rounded down (law 5)."""
    unit: int = 10 ** abs(WAD_DECIMALS - decimals)
    return ShareWad(answer * unit if decimals <= WAD_DECIMALS else answer // unit)


def liability(supply: ShareWad, index: Wad, basis_num: int, basis_den: int) -> ShareWad:
    """Shares owed to `supply`, in a split basis: ceil(supply × index × bn ÷ (bd × 1e18)), in one division (law 5).

    index: the greater of current and pending.
    """
    return ShareWad(ceil_div(supply * index * basis_num, basis_den * WAD))


def receivable(supply: ShareWad, recorded_supply: ShareWad, delta: Wad, basis_num: int, basis_den: int) -> ShareWad:
    """Shares that one open dividend will buy: floor(min(supply, recorded) × floor(delta × bn ÷ bd) ÷ 1e18) (law 5).

    delta: rise of the index that the scheduled dividend is; recorded_supply: the smallest supply since then.
    """
    return ShareWad(min(supply, recorded_supply) * (delta * basis_num // basis_den) // WAD)


def receivable_delta(rise: Wad, index: Wad, unbought: int) -> Wad:
    """What counts of a dividend's rise of `index`: floor(rise × (index − unbought) ÷ index), at most what is stored.

    unbought: what open dividends before it raised the index by, whose shares may not be there when it is paid (law 5).
    """
    return min(Wad(rise * max(index - unbought, 0) // index), MAX_RECEIVABLE_DELTA)


def counted_reserve(answer: ShareWad, margin_bps: int) -> ShareWad:
    """What a normalised answer counts for: floor(answer × (10000 − margin) ÷ 10000) (law 5)."""
    return ShareWad(answer * (BPS - margin_bps) // BPS)


def surplus(spare: ShareWad, owed: ShareWad, dividends: int) -> ShareWad:
    """Shares beyond what is owed, each announced dividend owed as the greatest that can be struck (law 5).

    spare: what is there without receivables. So many times `owed` rises by a quarter, rounded up.
    """
    for _ in range(dividends):
        owed = ShareWad(owed + ceil_div(owed * parameters.MAX_DIVIDEND_STEP.value, BPS))
    return ShareWad(max(0, spare - owed))


def is_plausible(answer: ShareWad, owed: ShareWad) -> bool:
    """Whether an answer can be meant in a basis: it is 98 % at least of what is owed here (law 5).

    What other chains may owe does not count: whoever names it would decide, and a sale there lowers the answer first.
    answer: shares before the margin. Both in that basis.
    """
    return answer * BPS >= parameters.PLAUSIBLE.value * owed


def scaled_down(shares: ShareWad, num: int, den: int) -> ShareWad:
    """Shares after a split of num/den, rounded down: this chain's ceiling. At most the greatest ceiling."""
    return ShareWad(min(shares * num // den, CEILING_MAX))


def scaled_up(shares: ShareWad, num: int, den: int) -> ShareWad:
    """Shares after a split of num/den, rounded up: the other chains' ceilings. At most the greatest ceiling."""
    return ShareWad(min(ceil_div(shares * num, den), CEILING_MAX))


# --- settlement ------------------------------------------------------------------------------------------------------


def _value(raw: int, decimals: int, multiplier: Wad, price: Wad, coin_decimals: int) -> tuple[int, int]:
    return raw * multiplier * price * 10**coin_decimals, 10**decimals * WAD * WAD


def mint_settlement(raw: int, decimals: int, multiplier: Wad, price: Wad, coin_decimals: int) -> int:
    """Currency for `raw` units at `price` (per share), rounded up once: against the one who buys (law 6)."""
    return ceil_div(*_value(raw, decimals, multiplier, price, coin_decimals))


def redeem_settlement(raw: int, decimals: int, multiplier: Wad, price: Wad, coin_decimals: int) -> int:
    """Currency for `raw` units at `price` (per share), rounded down once: against the one who redeems (law 6)."""
    above, below = _value(raw, decimals, multiplier, price, coin_decimals)
    return above // below


# --- the float that Token-2022 shows ---------------------------------------------------------------------------------

_F64_FRACTION_BITS = 52
_F64_BIAS = 1023


def f64_bits(multiplier: Wad) -> int:
    """The IEEE 754 binary64 nearest to multiplier ÷ 1e18, ties to even, as its 64 bits; integers only (law 2).

    multiplier: 1 to 2^96−1, so the result is never subnormal and 128-bit integers suffice.
    """
    if not 0 < multiplier <= U96_MAX:
        raise ValueError(f"not a multiplier: {multiplier}")
    # The shifted numerator has 114 bits, so the quotient has 54 or 55: 53 to keep and one or two to round away.
    shift = _F64_FRACTION_BITS + 2 + WAD.bit_length() - multiplier.bit_length()
    quotient, rest = divmod(multiplier << shift, WAD)
    extra = quotient.bit_length() - (_F64_FRACTION_BITS + 1)
    kept = quotient >> extra
    lost = quotient & ((1 << extra) - 1)
    half = 1 << (extra - 1)
    if lost > half or (lost == half and (rest or kept & 1)):
        kept += 1
    # `kept` holds the hidden bit, which adds one to the exponent, as does a carry out of the 53 bits.
    exponent = extra - shift + _F64_FRACTION_BITS + _F64_BIAS
    return ((exponent - 1) << _F64_FRACTION_BITS) + kept
