"""Every bound, floor, ceiling and default, once: what it counts, what it is, where it is set and who reads it.

The contracts and the program hold some of them as constants of their own, for a chain reads no Python: a test compares.
How long a node is waited for and how many requests go at once is no bound of anybody's and stands where it is used.
Those of prices and sessions stand in scrip.price_parameters, those of cash dividends in scrip.dividend_parameters,
those of requests in scrip.redemption_parameters, of votes in scrip.voting_parameters, of offers in
scrip.offer_parameters, of stocks' ends in scrip.wind_up_parameters, of the timelock in scrip.timelock_parameters; all
are read from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scrip.bounds import BPS as BPS
from scrip.bounds import CODE as CODE
from scrip.bounds import DAY as DAY
from scrip.bounds import Chosen as Chosen
from scrip.bounds import Fixed as Fixed
from scrip.bounds import Parameter as Parameter
from scrip.bounds import Setting as Setting
from scrip.dividend_parameters import *  # noqa: F403
from scrip.offer_parameters import *  # noqa: F403
from scrip.price_parameters import *  # noqa: F403
from scrip.redemption_parameters import *  # noqa: F403
from scrip.timelock_parameters import *  # noqa: F403
from scrip.voting_parameters import *  # noqa: F403
from scrip.wind_up_parameters import *  # noqa: F403

# --- what every chain can store --------------------------------------------------------------------------------------

MAX_TIME = Fixed(
    name="max_time",
    unit="seconds",
    what="the last UTC second that a term or a clearance may name",
    value=2**40 - 1,
    read_in=("ComplianceRegistry", "CorporateActions", "stock-token", "scrip.model"),
)
EARLIEST_TIME = Fixed(
    name="earliest_time",
    unit="seconds",
    what="the first UTC second that an operator may name: the start of 2009, before which there was no chain",
    value=1_230_768_000,
    read_in=("scrip.evm", "scrip.flows", "scrip.inputs"),
)
LATEST_TIME = Fixed(
    name="latest_time",
    unit="seconds",
    what="the last UTC second that an operator may name: the end of 2200",
    value=7_289_654_399,
    read_in=("scrip.evm", "scrip.flows", "scrip.inputs", "scrip.local", "scrip.model"),
)
MAX_INDEX = Fixed(
    name="max_index",
    unit="wad",
    what="the greatest dividend index, and the greatest multiplier",
    value=2**96 - 1,
    read_in=("CorporateActions", "StockToken", "stock-token", "scrip.model"),
)
MAX_RATIO_TERM = Fixed(
    name="max_ratio_term",
    unit="count",
    what="the greatest numerator and denominator of a split factor, and of one split's ratio",
    value=2**64 - 1,
    read_in=("CorporateActions", "StockToken", "scrip.dividends", "scrip.model", "scrip.replay"),
)
MAX_AMOUNT = Fixed(
    name="max_amount",
    unit="raw units",
    what="the greatest balance and supply; of the same width are prices and dividends (wads) and counted shares",
    value=2**128 - 1,
    read_in=("CorporateActions", "PrimaryMarket", "ReserveFeed", "StockToken", "scrip.manifest", "scrip.model"),
)

# --- corporate actions -----------------------------------------------------------------------------------------------

SPLIT_NOTICE = Setting(
    name="split_notice",
    unit="seconds",
    what="from scheduling a split to its effect",
    default=DAY,
    floor=3_600,
    ceiling=30 * DAY,
    set_in="corporate_actions.split_notice",
    read_in=("CorporateActions", "stock-token", "scrip.manifest", "scrip.model", "scrip.evm"),
)
DIVIDEND_ANNOUNCE_NOTICE = Setting(
    name="dividend_announce_notice",
    unit="seconds",
    what="from announcing a dividend to its effect",
    default=DAY,
    floor=3_600,
    ceiling=30 * DAY,
    set_in="corporate_actions.dividend_announce_notice",
    read_in=("CorporateActions", "stock-token", "scrip.manifest", "scrip.model", "scrip.evm"),
)
DIVIDEND_STRIKE_NOTICE = Setting(
    name="dividend_strike_notice",
    unit="seconds",
    what="from striking a dividend's price, which schedules it, to its effect",
    default=3_600,
    floor=600,
    ceiling=30 * DAY,
    set_in="corporate_actions.dividend_strike_notice",
    read_in=("CorporateActions", "stock-token", "scrip.manifest", "scrip.model", "scrip.evm"),
)
CORRECTION_NOTICE = Setting(
    name="correction_notice",
    unit="seconds",
    what="from correcting or folding the multiplier to its effect",
    default=DAY,
    floor=DAY,
    ceiling=30 * DAY,
    set_in="corporate_actions.correction_notice",
    read_in=("CorporateActions", "stock-token", "scrip.manifest", "scrip.model", "scrip.evm"),
)
GRACE = Setting(
    name="grace",
    unit="seconds",
    what="from a dividend's pay date to the end of its receivable",
    default=5 * DAY,
    ceiling=30 * DAY,
    set_in="corporate_actions.grace",
    read_in=("CorporateActions", "stock-token", "scrip.manifest", "scrip.model", "scrip.evm"),
)
WITHHOLDING_BPS = Setting(
    name="withholding_bps",
    unit="bps",
    what="the tax that comes off every gross dividend",
    default=0,
    ceiling=BPS,
    set_in="corporate_actions.withholding_bps",
    read_in=("CorporateActions", "scrip.manifest", "scrip.model", "scrip.evm"),
)
NOTICES = (SPLIT_NOTICE, DIVIDEND_ANNOUNCE_NOTICE, DIVIDEND_STRIKE_NOTICE, CORRECTION_NOTICE)
"""The notices, in the order of the numbers that the contracts give them."""
ACTION_SETTINGS = (*NOTICES, GRACE, WITHHOLDING_BPS)
"""What ADMIN sets about corporate actions. The names are the manifest's fields."""
SOLANA_MAX_WITHHOLDING = Fixed(
    name="solana_max_withholding",
    unit="bps",
    what="the highest rate of withholding that the program takes: something must be left to reinvest",
    value=BPS - 1,
    read_in=("stock-token", "scrip.manifest"),
)
MAX_DIVIDEND_STEP = Fixed(
    name="max_dividend_step",
    unit="bps",
    what="the most that one dividend's net may be of its price",
    value=2_500,
    read_in=("CorporateActions", "ReserveFeed", "stock-token", "scrip.model", "scrip.replay"),
)
MAX_SPLIT = Fixed(
    name="max_split",
    unit="count",
    what="the most shares that one split may make of one, and the most that it may join into one",
    value=100,
    read_in=("CorporateActions", "stock-token", "scrip.model"),
)
MAX_INDEX_RISE = Fixed(
    name="max_index_rise",
    unit="bps",
    what="the most that dividends may raise the index within the rate window, of what it was",
    value=5_000,
    read_in=("CorporateActions", "stock-token", "scrip.model"),
)
RATE_WINDOW = Fixed(
    name="rate_window",
    unit="seconds",
    what="the window of the bound on the index's rise",
    value=365 * DAY,
    read_in=("CorporateActions", "stock-token", "scrip.model"),
)
MAX_PARTS = Fixed(
    name="max_parts",
    unit="count",
    what="actions that may join in a stock's one slot",
    value=4,
    read_in=("CorporateActions", "stock-token", "scrip.model"),
)
EX_WINDOW = Fixed(
    name="ex_window",
    unit="seconds",
    what="from the market's ex instant to the effect, never before it; and from a dividend's cash to a deferred ex",
    value=30 * DAY,
    read_in=("CorporateActions", "stock-token", "scrip.model"),
)
EX_INSTANT = Fixed(
    name="ex_instant",
    unit="seconds",
    what="how far the ex instant may lie from UTC midnight of the ex date, either way",
    value=DAY,
    read_in=("CorporateActions", "stock-token", "scrip.model"),
)
MAX_PAY_DELAY = Fixed(
    name="max_pay_delay",
    unit="seconds",
    what="from a dividend's effect to its pay date: until then, and the grace after, it may count as receivable",
    value=120 * DAY,
    read_in=("CorporateActions", "stock-token", "scrip.model"),
)
MAX_ANNOUNCED = Fixed(
    name="max_announced",
    unit="count",
    what="actions of a stock that are announced and neither scheduled nor cancelled",
    value=16,
    read_in=("CorporateActions", "ReserveFeed", "stock-token", "scrip.model"),
)
MAX_RISES = Fixed(
    name="max_rises",
    unit="count",
    what="rises of the index that the program remembers, those of the rate window: a weekly dividend, and some",
    value=64,
    read_in=("stock-token", "scrip.ledger"),
)

# --- backing ---------------------------------------------------------------------------------------------------------

RESERVE_MAX_AGE = Chosen(
    name="reserve_max_age",
    unit="seconds",
    what="the oldest answer about the reserve that a mint accepts",
    floor=1,
    ceiling=2**32 - 1,
    set_in="stocks.*.reserve.max_age",
    read_in=("ReserveFeed", "stock-token", "scrip.manifest", "scrip.model"),
)
RESERVE_MARGIN = Chosen(
    name="reserve_margin",
    unit="bps",
    what="what comes off the reserve before it counts",
    ceiling=BPS - 1,
    set_in="stocks.*.reserve.margin_bps",
    read_in=("ReserveFeed", "stock-token", "scrip.manifest", "scrip.model"),
)
RESERVE_CEILING = Chosen(
    name="reserve_ceiling",
    unit="shares, 18 decimals",
    what="what this chain alone may owe, and the others together",
    ceiling=2**128 - 1,
    set_in="stocks.*.reserve.ceiling",
    read_in=("ReserveFeed", "stock-token", "scrip.manifest", "scrip.model", "scrip.solana"),
)
MAX_ASSETS = Fixed(
    name="max_assets",
    unit="count",
    what="the most stablecoins that settle quotes of one market",
    value=16,
    read_in=("PrimaryMarket", "scrip.manifest"),
)
WITHDRAWAL_WINDOW = Fixed(
    name="withdrawal_window",
    unit="seconds",
    what="in which what was withdrawn of Solana's treasury drains: the limit is a day's",
    value=DAY,
    read_in=("stock-token", "scrip.model"),
)
MAX_FEE = Chosen(
    name="max_fee",
    unit="bps",
    what="the highest fee that a quote may name, of its settlement",
    ceiling=500,
    set_in="limits.max_fee_bps",
    read_in=("PrimaryMarket", "scrip.evm", "scrip.manifest", "scrip.model", "scripts"),
)
MAX_COIN_DECIMALS = Fixed(
    name="max_coin_decimals",
    unit="decimals",
    what="the most decimals of a stablecoin that settles quotes",
    value=36,
    read_in=("PrimaryMarket", "scrip.model"),
)
MAX_ORACLE_DECIMALS = Fixed(
    name="max_oracle_decimals",
    unit="decimals",
    what="of a reserve oracle's answers",
    value=36,
    read_in=("ReserveFeed",),
)
PLAUSIBLE = Fixed(
    name="plausible",
    unit="bps",
    what="of what is owed, the least that an answer must be to be meant in a split basis",
    value=9_800,
    read_in=("ReserveFeed", "scrip.model"),
)
BLIND_MARGIN = Chosen(
    name="blind_margin",
    unit="bps",
    what="comes off an aggregator's answers: one that is wrong by more than PLAUSIBLE allows is misread around a split",
    ceiling=200,
    set_in="stocks.*.reserve.margin_bps",
    read_in=("ReserveFeed", "scrip.manifest", "scrip.model"),
)
BLIND_SPLITS_APART = Fixed(
    name="blind_splits_apart",
    unit="seconds",
    what="from a split's effect to scheduling the next one where an aggregator answers: until books must have followed",
    value=10 * DAY,
    read_in=("ReserveFeed", "scrip.manifest", "scrip.model"),
)
PAPER_LIFE = Setting(
    name="paper_life",
    unit="seconds",
    what="how long an attestation of the reserve may be published after it was signed",
    default=DAY,
    floor=1,
    ceiling=2**32 - 1,
    set_in="market attest --life",
    read_in=("scrip.evm", "scrip.flows", "scrip.solana", "scripts"),
)
MAX_RECEIVABLES = Fixed(
    name="max_receivables",
    unit="count",
    what="dividends of a stock between their scheduling and the end of their grace; one more is refused",
    value=4,
    read_in=("ReserveFeed", "stock-token", "scrip.model"),
)
MAX_RECEIVABLE_DELTA = Fixed(
    name="max_receivable_delta",
    unit="wad",
    what="the most of a dividend's rise of the index that counts as receivable; what lies beyond is owed all the same",
    value=2**71 - 1,
    read_in=("ReserveFeed", "stock-token", "scrip.model"),
)

# --- stocks ----------------------------------------------------------------------------------------------------------

MAX_NAME = Fixed(
    name="max_name",
    unit="bytes",
    what="a stock's name",
    value=64,
    read_in=("StockFactory", "stock-token", "scrip.manifest"),
)
MAX_SYMBOL = Fixed(
    name="max_symbol",
    unit="bytes",
    what="a stock's symbol",
    value=16,
    read_in=("StockFactory", "stock-token", "scrip.manifest"),
)
MAX_URI = Fixed(
    name="max_uri",
    unit="bytes",
    what="the address of a stock's description, in its mint",
    value=200,
    read_in=("scrip.manifest", "stock-token"),
)
ISIN_LENGTH = Fixed(
    name="isin_length",
    unit="bytes",
    what="an ISIN",
    value=12,
    read_in=("StockFactory", "stock-token", "scrip.model", "scrip.solana"),
)
SERIES = Setting(
    name="series",
    unit="number",
    what="which token of the ISIN that it is born with a stock is, on every network that has it",
    default=1,
    floor=1,
    ceiling=2**24 - 1,
    set_in="stocks.*.series",
    read_in=("StockToken", "stock-token", "scrip.manifest", "scrip.model"),
)
MAX_STOCKS = Fixed(
    name="max_stocks",
    unit="count",
    what="stocks of one registry",
    value=4_096,
    read_in=("ComplianceRegistry",),
)

# --- investors -------------------------------------------------------------------------------------------------------

MAX_WALLETS = Fixed(
    name="max_wallets",
    unit="count",
    what="wallets of one investor",
    value=8,
    read_in=("ComplianceRegistry", "stock-token", "scrip.model"),
)
MAX_COUNTRY = Fixed(
    name="max_country",
    unit="number",
    what="the greatest ISO 3166 country number",
    value=999,
    read_in=("ComplianceRegistry", "scrip.model", "scrip.solana"),
)
BATCH = Setting(
    name="batch",
    unit="count",
    what="investors that one transaction enters or renews",
    default=50,
    floor=1,
    ceiling=200,
    set_in="limits.batch",
    read_in=("ComplianceRegistry", "scrip.manifest"),
)
PUSH_PAGE = Fixed(
    name="push_page",
    unit="count",
    what="stocks that one transaction tells of a block or another profile; the rest waits for the next page",
    value=500,
    read_in=("ComplianceRegistry",),
)
MAX_SUCCESSIONS = Fixed(
    name="max_successions",
    unit="count",
    what="lost wallets that one wallet succeeds, in a chain",
    value=255,
    read_in=("ComplianceRegistry", "stock-token", "scrip.model"),
)
MAX_RECOVERED = Fixed(
    name="max_recovered",
    unit="count",
    what="stocks that one transaction recovers a wallet in",
    value=50,
    read_in=("ComplianceRegistry", "scrip.instructions"),
)
MAX_SCREENED = Fixed(
    name="max_screened",
    unit="count",
    what="addresses that one transaction looks up at the sanctions oracle",
    value=50,
    read_in=("ComplianceRegistry", "scrip.instructions"),
)
MAX_LIST_LIFE = Fixed(
    name="max_list_life",
    unit="seconds",
    what="the longest that a sanctions list on Solana counts, from its issue to its expiry",
    value=30 * 86_400,
    read_in=("stock-token", "scrip.flows", "scrip.model"),
)
SANCTIONS_GAS = Fixed(
    name="sanctions_gas",
    unit="gas",
    what="what the sanctions oracle may use to answer about one address",
    value=60_000,
    read_in=("ComplianceRegistry",),
)
RESERVE_GAS = Fixed(
    name="reserve_gas",
    unit="gas",
    what="given to a reserve's oracle where its answer is only looked at, by a view or a split's schedule",
    value=500_000,
    read_in=("ReserveFeed",),
)
MAX_SIGNATURE = Fixed(
    name="max_signature",
    unit="bytes",
    what="a signature, that of a contract (ERC-1271) included",
    value=1_024,
    read_in=("ComplianceRegistry", "PrimaryMarket", "StockToken", "scrip.evm"),
)

# --- holders ---------------------------------------------------------------------------------------------------------

HOLDERS = Setting(
    name="holders",
    unit="count",
    what="holders of a stock; 0 is any number",
    default=0,
    ceiling=2**32 - 2,
    set_in="stocks.*.rules.max_holders",
    read_in=("ComplianceRegistry", "stock-token", "scrip.manifest", "scrip.model", "scripts"),
)
MAX_HOLDING = Setting(
    name="max_holding",
    unit="raw units",
    what="the most of a stock that one holder may have; 0 is no limit",
    default=0,
    ceiling=2**128 - 2,
    set_in="stocks.*.rules.max_per_investor",
    read_in=("ComplianceRegistry", "scrip.manifest", "scrip.model"),
)
MIN_HOLDING = Setting(
    name="min_holding",
    unit="raw units",
    what="the least of a stock that one holder may have; 0 is no limit",
    default=0,
    ceiling=2**128 - 2,
    set_in="stocks.*.rules.min_holding",
    read_in=("ComplianceRegistry", "scrip.manifest"),
)
MAX_COUNTED_STOCKS = Fixed(
    name="max_counted_stocks",
    unit="count",
    what="stocks with limits on holders",
    value=64,
    read_in=("ComplianceRegistry", "scrip.manifest", "scrip.model"),
)
MAX_SEATS = Fixed(
    name="max_seats",
    unit="count",
    what="stocks with limits on holders in which one investor has a seat, on Solana",
    value=16,
    read_in=("stock-token",),
)
MAX_SEEDED = Fixed(
    name="max_seeded",
    unit="count",
    what="accounts that one transaction counts among a stock's holders",
    value=200,
    read_in=("ComplianceRegistry", "scrip.flows"),
)
MAX_TRANCHES = Fixed(
    name="max_tranches",
    unit="count",
    what="lock-ups of one account in one stock",
    value=4,
    read_in=("StockToken", "stock-token", "scrip.model"),
)

# --- the market ------------------------------------------------------------------------------------------------------

QUOTE_LIFE = Setting(
    name="quote_life",
    unit="seconds",
    what="that a quote is good for: an issuer's price grows old",
    default=300,
    floor=1,
    ceiling=DAY,
    set_in="market quote --life",
    read_in=("scrip.inputs", "scrip.flows", "scripts"),
)

# --- who may ---------------------------------------------------------------------------------------------------------

PUBLIC_SAFE_THRESHOLD = Fixed(
    name="public_safe_threshold",
    unit="count",
    what="the fewest owners that the Safe of a public network asks",
    value=2,
    read_in=("scrip.manifest",),
)
REASON = Chosen(
    name="reason",
    unit="number",
    what="the issuer's code for why somebody is forced, beside the document's hash",
    floor=1,
    ceiling=2**16 - 1,
    set_in="--reason",
    read_in=("scripts",),
)

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {one.name: one for one in list(globals().values()) if isinstance(one, Parameter)}
)
"""All bounds, by name."""
