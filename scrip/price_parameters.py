"""The bounds of prices, of their coins and of exchanges' sessions, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import DAY, Chosen, Fixed

__all__ = [
    "CALENDAR_WARNING",
    "MAX_PRICE",
    "MAX_PRICE_DECIMALS",
    "MAX_VAULT_COIN_DECIMALS",
    "PEG_BAND",
    "PEG_GAS",
    "PEG_LEAST_GAS",
    "PEG_MAX_AGE",
    "PRICE_BAND",
    "PRICE_DEVIATION",
    "PRICE_ESCAPE",
    "PRICE_GAS",
    "PRICE_LEAD",
    "PRICE_MAX_AGE",
    "SEQUENCER_GRACE",
    "SESSIONS_SEARCHED",
    "SESSION_DAYS",
    "SESSION_WORDS",
    "TRADE_BAND",
]

SESSION_WORDS = Fixed(
    name="session_words",
    unit="count",
    what="words of packed sessions that one transaction loads: a year",
    value=27,
    read_in=("SharePriceFeed", "scrip.inputs", "scrip.model"),
)
SESSION_DAYS = Fixed(
    name="session_days",
    unit="count",
    what="days that are looked back for an exchange's last close, and that one order closes: none is shut for longer",
    value=14,
    read_in=("SharePriceFeed", "scrip.flows", "scrip.model"),
)
SESSIONS_SEARCHED = Fixed(
    name="sessions_searched",
    unit="count",
    what="days that are searched for sessions since a window opened",
    value=21,
    read_in=("SharePriceFeed", "scrip.model"),
)
CALENDAR_WARNING = Fixed(
    name="calendar_warning",
    unit="seconds",
    what="how long before a calendar's loaded sessions end people are told",
    value=60 * DAY,
    read_in=("scrip.evm",),
)
PRICE_MAX_AGE = Chosen(
    name="price_max_age",
    unit="seconds",
    what="the oldest answer about a price that is traded at while the exchange trades",
    floor=1,
    ceiling=2**24 - 1,
    set_in="stocks.*.price.max_age",
    read_in=("SharePriceFeed", "scrip.manifest", "scrip.model"),
)
PRICE_BAND = Chosen(
    name="price_band",
    unit="bps",
    what="how far a price around a change of the multiplier may be from the one before",
    floor=1,
    ceiling=5_000,
    set_in="stocks.*.price.band_bps",
    read_in=("SharePriceFeed", "scrip.manifest", "scrip.model"),
)
TRADE_BAND = Chosen(
    name="trade_band",
    unit="bps",
    what="how far the price of a quote, or its spread, may be from what the price feed says; 0 asks none",
    floor=1,
    ceiling=5_000,
    set_in="stocks.*.price.trade_band_bps",
    read_in=("PrimaryMarket", "scrip.flows", "scrip.manifest", "scrip.model", "scripts"),
)
PEG_BAND = Chosen(
    name="peg_band",
    unit="bps",
    what="how far a settlement coin may be from a dollar while quotes in it are taken; 0 holds it off its peg",
    floor=0,
    ceiling=1_000,
    set_in="settlement.pegs.*.band_bps",
    read_in=("PrimaryMarket", "scrip.manifest", "scrip.model"),
)
PEG_MAX_AGE = Chosen(
    name="peg_max_age",
    unit="seconds",
    what="after which an answer of a settlement coin's peg feed is good no more",
    floor=1,
    ceiling=7 * 86_400,
    set_in="settlement.pegs.*.max_age",
    read_in=("PrimaryMarket", "scrip.manifest", "scrip.model"),
)
PRICE_DEVIATION = Chosen(
    name="price_deviation",
    unit="bps",
    what="how far a price may be from what a second source says; 0 where there is none",
    ceiling=2_000,
    set_in="stocks.*.price.deviation_bps",
    read_in=("SharePriceFeed", "scrip.manifest", "scrip.model"),
)
PRICE_LEAD = Fixed(
    name="price_lead",
    unit="seconds",
    what="before a change of the multiplier in which nobody trades",
    value=60,
    read_in=("SharePriceFeed", "scrip.model"),
)
PRICE_ESCAPE = Fixed(
    name="price_escape",
    unit="count",
    what="sessions after which a price outside the band ends a window, on a second source's or the timelock's word",
    value=5,
    read_in=("SharePriceFeed", "scrip.model"),
)
MAX_PRICE = Fixed(
    name="max_price",
    unit="wad",
    what="the greatest price of a whole token in dollars",
    value=2**104 - 1,
    read_in=("SharePriceFeed", "scrip.model"),
)
MAX_PRICE_DECIMALS = Fixed(
    name="max_price_decimals",
    unit="decimals",
    what="of a price source's answers, and of a coin that is lent against a stock",
    value=18,
    read_in=("DataStream", "PriceAdapter", "SharePriceFeed", "scrip.manifest", "scrip.model"),
)
MAX_VAULT_COIN_DECIMALS = Fixed(
    name="max_vault_coin_decimals",
    unit="decimals",
    what="the most decimals of a stablecoin in which a vault takes requests",
    value=24,
    read_in=("VaultFactory",),
)
PEG_GAS = Fixed(
    name="peg_gas",
    unit="gas",
    what="given to each call of a settlement coin's peg feed",
    value=200_000,
    read_in=("PrimaryMarket",),
)
PEG_LEAST_GAS = Fixed(
    name="peg_least_gas",
    unit="gas",
    what="that a poke of a peg must have left, so that its caller cannot make a good feed fail",
    value=460_000,
    read_in=("PrimaryMarket",),
)
PRICE_GAS = Fixed(
    name="price_gas",
    unit="gas",
    what="given to each call of a price's source",
    value=500_000,
    read_in=("SharePriceFeed",),
)
SEQUENCER_GRACE = Chosen(
    name="sequencer_grace",
    unit="seconds",
    what="after the return of a layer 2's sequencer in which nothing is priced",
    ceiling=DAY,
    set_in="sequencer.grace",
    read_in=("SharePriceFeed", "scrip.manifest", "scrip.model"),
)
