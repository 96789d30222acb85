"""What one field of a manifest says about another, and about the world: accounts, addresses, bounds, stocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from stdnum import isin as isin_number

from scrip.labels import DEPLOYER, MOCK, SAFE, STREAM
from scrip.manifest.addresses import wrong_address, wrong_genesis
from scrip.manifest.countries import is_country
from scrip.manifest.document import Where
from scrip.manifest.fault import Fault, Faults
from scrip.manifest.keys import check_keys
from scrip.manifest.model import (
    AnyManifest,
    EvmManifest,
    EvmStock,
    Holders,
    Manifest,
    MarketLimit,
    Redemption,
    Reserve,
    SolanaManifest,
    Subscription,
)
from scrip.manifest.prices import Price, Stream
from scrip.market_limits import CAP_BITS, CENT_DECIMALS, SCOPES, money
from scrip.parameters import (
    BLIND_MARGIN,
    ESCHEAT,
    GRACE,
    MAX_AMOUNT,
    MAX_ASSETS,
    MAX_NAME,
    NOTICES,
    PEG_MAX_AGE,
    PRICE_MAX_AGE,
    REQUEST_PATIENCE,
    RESERVE_CEILING,
    RESERVE_MAX_AGE,
    SEQUENCER_GRACE,
    SOLANA_MAX_WITHHOLDING,
    VOTE_LEAD,
)
from scrip.units import STABLECOIN_DECIMALS, WAD_DECIMALS, parse_fixed

CODE = re.compile("[A-Z0-9]{4}")
"""An exchange's code, as a chain numbers it."""
STREAM_SCHEMAS = (8, 10, 11)
TOKENISED, ADVANCED = 10, 11
"""Schemas of data streams: of tokenised assets, and of shares with more than one map of market statuses."""
OWN_CHAINS = (1337, 31337)
"""Chain ids of development chains on one machine. All others are other people's networks, too."""
BY_FILE = "file"
"""The rule of a venue that is looked through by a list that it sends."""
CALENDARS = frozenset({"XNYS", "XNAS", "XTSE", "XLON", "XETR", "XPAR", "XAMS", "XMIL", "XMAD", "XSWX", "XTKS", "XHKG"})
"""Exchanges (ISO 10383 codes) that are known without asking exchange-calendars, which takes long to load."""


def check(manifest: AnyManifest, name: str) -> Faults:
    """Everything wrong with a manifest whose fields have their types; `name` is the file's, without its ending."""
    if manifest.network != name:
        yield Fault(("network",), f"is not the file's name, {name}", manifest.network)
    yield from _check_chain(manifest)
    yield from _check_spans(manifest)
    yield from check_keys(manifest)
    for where, contract in contracts_of_others(manifest):
        yield from _check_contract(where, contract, manifest)
    yield from _check_actions(manifest)
    yield from _check_calendar(("calendar",), manifest.calendar)
    yield from _check_withholding(manifest)
    yield from _check_limits(manifest)
    yield from _check_stocks(manifest)
    yield from _check_dividends(manifest)
    yield from _check_voting(manifest)
    yield from _check_offers(manifest)
    yield from _check_wind_up(manifest)
    yield from _check_region_exit(manifest)
    yield from _check_elections(manifest)
    match manifest:
        case EvmManifest():
            yield from _check_evm(manifest)
        case SolanaManifest():
            yield from _check_solana(manifest)


def _check_chain(manifest: AnyManifest) -> Faults:
    chain = manifest.chain
    if chain.genesis and (wrong := wrong_genesis(chain.genesis, chain.kind)):
        yield Fault(("chain", "genesis"), wrong, chain.genesis)
    if not chain.public:
        # Or one word would let keys that anyone can derive onto a real network.
        if shared := _shared(manifest):
            yield Fault(("chain", "public"), "must be true: others share it", shared)
        return
    for name in ("genesis", "rpc_env"):
        if not getattr(chain, name):
            yield Fault(("chain", name), "is missing, and the network is public")
    if chain.finality == 0:
        yield Fault(("chain", "finality"), "a public network needs blocks until it is final", 0)


def _shared(manifest: AnyManifest) -> int | str:
    """The chain's name or id, where other people use the chain too; 0 for a chain of one's own machine."""
    match manifest:
        case EvmManifest(chain=chain):
            return 0 if chain.chain_id in OWN_CHAINS else chain.chain_id
        case SolanaManifest(chain=chain):
            return 0 if chain.cluster == "localnet" else chain.cluster


def _check_spans(manifest: Manifest) -> Faults:
    for place, name in enumerate(manifest.spans):
        if name == manifest.network:
            yield Fault(("spans", place), "is this network itself", name)
        elif name in manifest.spans[:place]:
            yield Fault(("spans", place), "is listed twice", name)


def contracts_of_others(manifest: AnyManifest) -> Iterator[tuple[Where, str]]:
    """Each place where a manifest names a contract that is not the project's, and what stands there: "mock" too."""
    for symbol, asset in manifest.settlement.assets.items():
        yield ("settlement", "assets", symbol), asset
    if not isinstance(manifest, EvmManifest):
        return
    for symbol, peg in manifest.settlement.pegs.items():
        yield ("settlement", "pegs", symbol, "feed"), peg.feed
    if manifest.sanctions_oracle:
        yield ("sanctions_oracle",), manifest.sanctions_oracle
    for ticker, stock in manifest.stocks.items():
        if stock.reserve.oracle:
            yield ("stocks", ticker, "reserve", "oracle"), stock.reserve.oracle
        if stock.price is not None:
            if stock.price.source != STREAM:
                yield ("stocks", ticker, "price", "source"), stock.price.source
            if stock.price.stream is not None:
                yield ("stocks", ticker, "price", "stream", "verifier"), stock.price.stream.verifier
            if stock.price.second:
                yield ("stocks", ticker, "price", "second"), stock.price.second
    if manifest.sequencer is not None:
        yield ("sequencer", "feed"), manifest.sequencer.feed


def _check_evm(manifest: EvmManifest) -> Faults:
    """What only an Ethereum-family network has: a treasury that is an account."""
    where, treasury = ("settlement", "treasury"), manifest.settlement.treasury
    if treasury == DEPLOYER:
        yield Fault(where, "the deployer holds nothing", treasury)
    elif treasury not in (SAFE, *manifest.accounts):
        yield Fault(where, "is no account of this manifest", treasury)
    for symbol, peg in manifest.settlement.pegs.items():
        if symbol not in manifest.settlement.assets:
            yield Fault(("settlement", "pegs", symbol), "is no coin of settlement.assets", symbol)
        if peg.max_age not in PEG_MAX_AGE:
            reason = f"is out of bounds: {PEG_MAX_AGE.bounds}"
            yield Fault(("settlement", "pegs", symbol, "max_age"), reason, peg.max_age)
    if manifest.sequencer is not None and manifest.sequencer.grace not in SEQUENCER_GRACE:
        yield Fault(("sequencer", "grace"), f"is out of bounds: {SEQUENCER_GRACE.bounds}", manifest.sequencer.grace)
    for ticker, stock in manifest.stocks.items():
        if stock.price is not None:
            yield from _check_price(("stocks", ticker, "price"), stock.price, manifest.calendar_of(ticker))
        if not stock.reserve.is_blind and stock.reserve.oracle:
            place = ("stocks", ticker, "reserve", "oracle")
            yield Fault(place, "says nothing: the source is attested, ATTESTOR signs", stock.reserve.oracle)


def _check_solana(manifest: SolanaManifest) -> Faults:
    """What Solana's program takes less of than the contracts do."""
    rate, most = manifest.corporate_actions.withholding_bps, SOLANA_MAX_WITHHOLDING.value
    if rate > most:
        yield Fault(("corporate_actions", "withholding_bps"), f"is out of bounds: at most {most:,} on Solana", rate)
    for provider in manifest.providers:
        if provider == DEPLOYER or provider not in manifest.accounts:
            reason = "the deployer holds nothing" if provider == DEPLOYER else "is no account of this manifest"
            yield Fault(("providers", provider), reason, provider)
    oracle = manifest.sanctions_oracle
    if oracle and (oracle == DEPLOYER or oracle not in manifest.accounts):
        reason = "the deployer holds nothing" if oracle == DEPLOYER else "is no account of this manifest"
        yield Fault(("sanctions_oracle",), reason, oracle)
    if manifest.strict_list and not oracle:
        yield Fault(("strict_list",), "lets nobody in: sanctions_oracle names nobody who signs a list", "true")
    for symbol, out in manifest.settlement.custodians.items():
        where = ("settlement", "custodians", symbol)
        if symbol not in manifest.settlement.assets:
            yield Fault(where, "is no coin of settlement.assets", symbol)
        if out.account == DEPLOYER:
            yield Fault((*where, "account"), "the deployer holds nothing", out.account)
        elif out.account not in (SAFE, *manifest.accounts):
            yield Fault((*where, "account"), "is no account of this manifest", out.account)
        if not out.daily:
            yield Fault((*where, "daily"), "is missing: the most that may leave in a day, 0 for nothing", out.daily)


def _check_contract(where: Where, address: str, manifest: Manifest) -> Faults:
    """An address, or "mock" where the network is not public."""
    if address == MOCK:
        if manifest.chain.public:
            yield Fault(where, "a public network takes no mock: name the contract's address", address)
    elif wrong := wrong_address(address, manifest.chain.kind):
        yield Fault(where, wrong, address)


def _check_actions(manifest: Manifest) -> Faults:
    policy = manifest.corporate_actions
    for one in NOTICES:
        notice = getattr(policy, one.name, None)  # no corrections on Solana
        if notice is not None and notice not in one:
            yield Fault(("corporate_actions", one.name), f"is out of bounds: {one.bounds}", notice)
    if policy.grace not in GRACE:
        yield Fault(
            ("corporate_actions", "grace"), f"is out of bounds: at most {GRACE.ceiling:,} seconds", policy.grace
        )


def _check_calendar(where: Where, name: str) -> Faults:
    if name not in CALENDARS and name not in _calendars():
        yield Fault(where, "is no calendar of exchange-calendars, such as XNYS", name)


@cache
def _calendars() -> frozenset[str]:
    # It brings pandas (half a second of every command), which most users of this module do not need.
    from exchange_calendars import get_calendar_names

    return frozenset(get_calendar_names(include_aliases=True))


def _check_withholding(manifest: Manifest) -> Faults:
    for country in manifest.withholding:
        if not is_country(country):
            yield Fault(("withholding", country), "is no ISO 3166 alpha-2 country code", country)


def _check_limits(manifest: Manifest) -> Faults:
    most, decimals = manifest.limits.max_mint, manifest.decimals
    if len(most.partition(".")[2].rstrip("0")) > decimals:
        yield Fault(("limits", "max_mint"), f"has more than the {decimals} decimals of this chain's tokens", most)
    if isinstance(manifest, EvmManifest):
        if len(manifest.settlement.assets) > MAX_ASSETS.value:
            reason = f"has more than {MAX_ASSETS.value} assets"
            yield Fault(("settlement", "assets"), reason, len(manifest.settlement.assets))
        yield from _check_money(("limits", "second_signer_from"), manifest.limits.second_signer_from)
        for scope in SCOPES:
            one: MarketLimit = getattr(manifest.limits, scope)
            for name, cap in (("net", one.net), ("gross", one.gross)):
                yield from _check_money(("limits", scope, name), cap)


def _check_money(where: Where, cap: str) -> Faults:
    if len(cap.partition(".")[2].rstrip("0")) > CENT_DECIMALS:
        yield Fault(where, "is not in whole cents", cap)
    elif int(Fraction(cap or "0") * 100) >= 1 << CAP_BITS:
        yield Fault(where, f"is not under {money(1 << CAP_BITS)}", cap)


def _check_birth(manifest: Manifest, ticker: str) -> Faults:
    """The ISIN that a token was created under: one, and no other stock's of this series."""
    if not (birth := manifest.stocks[ticker].birth_isin):
        return
    where, series = ("stocks", ticker, "birth_isin"), manifest.stocks[ticker].series
    if not isin_number.is_valid(birth) or birth != isin_number.compact(birth):
        yield Fault(where, "is no ISIN: its check digit or its form is wrong", birth)
    others = (name for name, one in manifest.stocks.items() if name != ticker)
    for name in others:
        if (manifest.stocks[name].born, manifest.stocks[name].series) == (birth, series):
            yield Fault(where, f"is {name}'s, of the same series", birth)


def _check_stocks(manifest: Manifest) -> Faults:
    seen: dict[str, str] = {}
    for ticker, stock in manifest.stocks.items():
        where = ("stocks", ticker)
        if not isin_number.is_valid(stock.isin) or stock.isin != isin_number.compact(stock.isin):
            yield Fault((*where, "isin"), "is no ISIN: its check digit or its form is wrong", stock.isin)
        elif stock.isin in seen:
            yield Fault((*where, "isin"), f"is {seen[stock.isin]}'s already", stock.isin)
        seen.setdefault(stock.isin, ticker)
        yield from _check_birth(manifest, ticker)
        if len(stock.name.encode()) > MAX_NAME.value:
            yield Fault((*where, "name"), f"is longer than {MAX_NAME.value} bytes", stock.name)
        if stock.calendar:
            yield from _check_calendar((*where, "calendar"), stock.calendar)
        yield from _check_reserve((*where, "reserve"), stock.reserve)
        yield from _check_holders((*where, "holders"), stock.holders, manifest)
        if isinstance(stock, EvmStock) and stock.redemption is not None:
            yield from _check_redemption((*where, "redemption"), stock.redemption)
        if isinstance(stock, EvmStock) and not stock.quotes and stock.redemption is None:
            yield Fault((*where, "quotes"), "leaves holders no way out: give redemption, too", stock.quotes)
        if isinstance(stock, EvmStock) and stock.subscription is not None:
            yield from _check_subscription((*where, "subscription"), stock.subscription)


def _check_dividends(manifest: Manifest) -> Faults:
    if isinstance(manifest, EvmManifest) and (wanted := manifest.dividends) is not None:
        if wanted.escheat not in ESCHEAT:
            yield Fault(("dividends", "escheat"), f"is out of bounds: {ESCHEAT.bounds}", wanted.escheat)
        if wanted.tax == manifest.settlement.treasury:
            message = "is the treasury: what is withheld is kept apart from what the issuer has"
            yield Fault(("dividends", "tax"), message, wanted.tax)


def _check_voting(manifest: Manifest) -> Faults:
    if isinstance(manifest, EvmManifest) and (wanted := manifest.voting) is not None:
        if wanted.lead not in VOTE_LEAD:
            yield Fault(("voting", "lead"), f"is out of bounds: {VOTE_LEAD.bounds}", wanted.lead)
        if manifest.dividends is None:
            yield Fault(
                ("voting",), "needs the book that meetings are announced in: give dividends, too", wanted.custodian
            )


def _check_offers(manifest: Manifest) -> Faults:
    if isinstance(manifest, EvmManifest) and (wanted := manifest.offers) is not None:
        if manifest.dividends is None:
            yield Fault(
                ("offers",), "needs the book that offers are announced in: give dividends, too", wanted.treasury
            )
        if wanted.treasury not in ("", SAFE, *manifest.accounts):
            yield Fault(("offers", "treasury"), "is no account of the manifest", wanted.treasury)


def _check_wind_up(manifest: Manifest) -> Faults:
    if isinstance(manifest, EvmManifest) and (wanted := manifest.wind_up) is not None:
        if manifest.dividends is None:
            message = "needs the book that ends are announced in: give dividends, too"
            yield Fault(("wind_up",), message, wanted.escheat_account)
        if wanted.escheat_account == manifest.settlement.treasury:
            message = "is the treasury: unclaimed property is kept apart from what the issuer has"
            yield Fault(("wind_up", "escheat_account"), message, wanted.escheat_account)


def _check_region_exit(manifest: Manifest) -> Faults:
    if isinstance(manifest, EvmManifest) and (wanted := manifest.region_exit) is not None:
        where: Where = ("region_exit", "escheat_account")
        if wanted.escheat_account not in (SAFE, *manifest.accounts):
            yield Fault(where, "is no account of the manifest", wanted.escheat_account)
        if wanted.escheat_account == manifest.settlement.treasury:
            message = "is the treasury: unclaimed property is kept apart from what the issuer has"
            yield Fault(where, message, wanted.escheat_account)


def _check_elections(manifest: Manifest) -> Faults:
    if isinstance(manifest, EvmManifest) and (wanted := manifest.elections) is not None and manifest.dividends is None:
        message = "needs the book that dividends are announced in: give dividends, too"
        yield Fault(("elections",), message, wanted.default)


def _check_holders(where: Where, holders: Holders, manifest: Manifest) -> Faults:
    for place, name in enumerate(holders.excluded):
        if name not in manifest.accounts:
            yield Fault((*where, "excluded", place), "is no account of the manifest", name)
        elif name in holders.look_through:
            yield Fault((*where, "excluded", place), "is looked through: it cannot be both", name)
        elif name in holders.excluded[:place]:
            yield Fault((*where, "excluded", place), "is listed twice", name)
    for name, one in holders.look_through.items():
        if name not in manifest.accounts:
            yield Fault((*where, "look_through", name), "is no account of the manifest", name)
        if one.rule == BY_FILE and not one.file:
            yield Fault((*where, "look_through", name, "file"), "is missing: the list that the venue sends")
        if one.rule != BY_FILE and one.file:
            yield Fault((*where, "look_through", name, "file"), f"is of rule {BY_FILE} alone", one.file)


def _check_redemption(where: Where, wanted: Redemption) -> Faults:
    minimum = parse_fixed(wanted.minimum or "0", WAD_DECIMALS)
    if not 0 < minimum <= MAX_AMOUNT.value:
        yield Fault((*where, "minimum"), "is no number of tokens that could be held: more than 0", wanted.minimum)
    yield from _check_queue(where, wanted)


def _check_queue(where: Where, wanted: Redemption | Subscription) -> Faults:
    if wanted.patience not in REQUEST_PATIENCE:
        yield Fault((*where, "patience"), f"is out of bounds: {REQUEST_PATIENCE.bounds}", wanted.patience)
    if not _is_money(wanted.reference):
        message = f"is no price: more than 0, with at most {STABLECOIN_DECIMALS} decimals"
        yield Fault((*where, "reference"), message, wanted.reference)


def _check_subscription(where: Where, wanted: Subscription) -> Faults:
    if not _is_money(wanted.minimum):
        message = f"is no amount of money: more than 0, with at most {STABLECOIN_DECIMALS} decimals"
        yield Fault((*where, "minimum"), message, wanted.minimum)
    yield from _check_queue(where, wanted)


def _is_money(text: str) -> bool:
    amount = parse_fixed(text or "0", WAD_DECIMALS)
    return amount > 0 and not amount % 10 ** (WAD_DECIMALS - STABLECOIN_DECIMALS)


def _check_price(where: Where, price: Price, calendar: str) -> Faults:
    if price.max_age not in PRICE_MAX_AGE:
        yield Fault((*where, "max_age"), f"is out of bounds: {PRICE_MAX_AGE.bounds}", price.max_age)
    if (price.source == STREAM) != (price.stream is not None):
        yield Fault((*where, "stream"), "is what source: stream names, and is named by it alone", price.source)
    if price.stream is not None:
        yield from _check_stream((*where, "stream"), price.stream, price.basis == "raw")
    if price.second and not price.deviation_bps:
        yield Fault((*where, "deviation_bps"), "is 0: two sources need a bound on how far they may be apart")
    if price.deviation_bps and not price.second:
        yield Fault((*where, "deviation_bps"), "is of a second source, and there is none", price.deviation_bps)
    if price.second and price.second == price.source != MOCK:
        yield Fault((*where, "second"), "is the first source itself", price.second)
    if price.hours != "24/7" and not CODE.fullmatch(calendar):
        yield Fault((*where, "hours"), f"calendar {calendar} has no code of four letters, such as XNYS", price.hours)
    for place, decimals in enumerate(price.adapters):
        if decimals in price.adapters[:place]:
            yield Fault((*where, "adapters", place), "is listed twice", decimals)


def _check_stream(where: Where, stream: Stream, raw: bool) -> Faults:
    version = int(stream.feed_id[2:6], 16)
    if version not in STREAM_SCHEMAS:
        known = ", ".join(f"v{one}" for one in STREAM_SCHEMAS)
        yield Fault((*where, "feed_id"), f"is of schema v{version}, and {known} are read", stream.feed_id)
    elif raw and version != TOKENISED:
        yield Fault((*where, "feed_id"), f"is of schema v{version}: v{TOKENISED} alone has raw prices", stream.feed_id)
    elif stream.statuses == "extended" and version != ADVANCED:
        message = f"is of v{ADVANCED} of US equities alone: elsewhere status 1 is closed"
        yield Fault((*where, "statuses"), message, stream.statuses)


def _check_reserve(where: Where, reserve: Reserve) -> Faults:
    if reserve.max_age not in RESERVE_MAX_AGE:
        yield Fault((*where, "max_age"), f"is out of bounds: {RESERVE_MAX_AGE.bounds}", reserve.max_age)
    if reserve.is_blind and reserve.margin_bps not in BLIND_MARGIN:
        message = f"is out of bounds where an aggregator answers: {BLIND_MARGIN.bounds}"
        yield Fault((*where, "margin_bps"), message, reserve.margin_bps)
    if not reserve.ceiling:
        yield Fault((*where, "ceiling"), "is empty: shares, with at most 18 decimals")
    elif parse_fixed(reserve.ceiling, WAD_DECIMALS) not in RESERVE_CEILING:
        yield Fault((*where, "ceiling"), "does not fit 128 bits with 18 decimals", reserve.ceiling)
    if parse_fixed(reserve.others or "0", WAD_DECIMALS) not in RESERVE_CEILING:
        yield Fault((*where, "others"), "does not fit 128 bits with 18 decimals", reserve.others)
