"""What instructions would do, told by the model before anything is signed: each fact that changes, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scrip.errors import InputError, Refusal
from scrip.holder_limits import EVERY_CLASS, HolderLimits, StockRules
from scrip.instructions.base import Instruction
from scrip.instructions.market import DESK_BITS
from scrip.manifest.countries import country_code
from scrip.market_limits import money
from scrip.model.laws import arithmetic as law
from scrip.model.laws import lockups, sessions
from scrip.model.laws.multiplier import Terms
from scrip.model.ledger import ModelLedger
from scrip.model.state import Account, Investors, PriceTerms, Stock, Token
from scrip.plan import Change
from scrip.units import Shares, ShareWad, Wad, format_fixed, format_wad

NONE = "none"
FOREVER = 253_402_300_799
"""The last second of the year 9999, after which instants are shown as numbers."""

Facts = dict[str, str]
"""What people would ask about, and the answer with its unit."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would change, as far as it can be done; and where that ends, what is refused and why."""

    changes: tuple[Change, ...]
    refused: Instruction | None = None
    refusal: Refusal | None = None

    @property
    def ok(self) -> bool:
        """Whether all can be done."""
        return self.refusal is None


def preview(model: ModelLedger, instructions: Iterable[Instruction]) -> Preview:
    """Apply the instructions to a copy of the model, and tell what changed at once and, where they schedule a
    multiplier, from its second on. The first refusal ends it."""
    trial = model.copy()
    before = facts(trial)
    refused, refusal = None, None
    for order in instructions:
        try:
            trial.apply(order)
        except Refusal as reason:
            refused, refusal = order, reason
            break
    changes = [*differences(before, facts(trial)), *_later(model, trial)]
    return Preview(tuple(changes), refused, refusal)


def differences(before: Facts, after: Facts) -> Iterator[Change]:
    """The facts that are not the same, in their order; a fact that is not there is "none"."""
    for fact in dict.fromkeys((*before, *after)):
        one, other = before.get(fact, NONE), after.get(fact, NONE)
        if one != other:
            yield Change(fact, one, other)


def facts(model: ModelLedger) -> Facts:
    """Every fact that a person would ask about, as of now."""
    return dict(_facts(model))


# --- what happens later ----------------------------------------------------------------------------------------------


def _later(before: ModelLedger, after: ModelLedger) -> Iterator[Change]:
    """What each newly scheduled or cancelled multiplier does to holders when it takes effect."""
    instants = {
        state.effective_at
        for ticker in after.stocks
        for state in (after.multiplier(ticker), before.multiplier(ticker) if ticker in before.stocks else None)
        if state is not None and state.effective_at > after.now()
    }
    for instant in sorted(instants):
        then, otherwise = after.copy(), before.copy()
        then.advance_to(instant)
        otherwise.advance_to(instant)
        for change in differences(dict(_holdings(otherwise)), dict(_holdings(then))):
            # What the plan itself moves is told already, as of now.
            if NONE not in (change.before, change.after) and _raw(change.before) == _raw(change.after):
                yield Change(f"{change.what} from {moment(instant)}", change.before, change.after)


def _raw(holding: str) -> str:
    """The tokens of a holding; nothing of a multiplier."""
    return holding.partition(" = ")[0] if " = " in holding else ""


def _holdings(model: ModelLedger) -> Iterator[tuple[str, str]]:
    for ticker, stock in sorted(model.stocks.items()):
        shown = model.multiplier(ticker).ui_multiplier
        yield f"{ticker} multiplier", format_wad(shown)
        yield f"{ticker} supply", tokens(stock.token.supply, model.traits.decimals, shown)
        for name, account in sorted(stock.token.accounts.items()):
            yield f"{ticker} of {name}", tokens(account.balance, model.traits.decimals, shown)


# --- the facts -------------------------------------------------------------------------------------------------------


def _facts(model: ModelLedger) -> Iterator[tuple[str, str]]:
    yield "the fleet", "halted" if model.fleet.halted else "running"
    yield "the primary market", "paused" if model.market.paused else "open"
    for signer, epoch in sorted(model.market.epochs.items()):
        yield f"how often all quotes of {signer} were revoked", str(epoch >> DESK_BITS)
    for (scope, subject), limits in sorted(model.market.limits.items()):
        whose = {"issuer": "all stocks together", "investor": "each investor"}.get(scope, subject)
        yield f"trades of {whose}", str(limits)
    second = model.market.second_from
    yield "the highest fee of a quote", f"{model.market.max_fee_bps} bps"
    yield "quotes that two keys sign", f"of {money(second)} and more" if second else "none"
    for ticker, band in sorted(model.market.bands.items()):
        yield f"quotes of {ticker}", f"within {band} bps of the price" if band else "at any price"
    for asset, peg in sorted(model.market.pegs.items()):
        good = f"on its peg until {moment(peg.until)}" if peg.until else "off its peg"
        yield f"quotes in {asset}", f"{good}, within {peg.band_bps} bps of a dollar by {peg.feed}"
    yield from _holdings(model)
    for account, coins in sorted(model.market.coins.items()):
        yield f"stablecoin of {account}", f"{format_fixed(coins, model.config.stablecoin_decimals)} stablecoin"
    for ticker, stock in sorted(model.stocks.items()):
        yield from _stock(model, ticker, stock)
    for name, investor in sorted(model.investors.records.items()):
        until = moment(investor.expiry)
        yield f"investor {name}", f"{investor.investor_class}, country {investor.country}, cleared until {until}"
        yield f"investor {name} is blocked", yes(investor.blocked)
        yield f"wallets of investor {name}", ", ".join(sorted(investor.wallets)) or NONE
    yield from _register(model.investors)
    if model.prices.sequencer:
        yield "the sequencer's uptime feed", f"{model.prices.sequencer}, grace {model.prices.grace} s"
    for key, word in sorted(model.prices.words.items()):
        calendar, number = key >> sessions.NUMBER, key & (2**sessions.NUMBER - 1)
        yield f"sessions of {sessions.name_of(calendar)}, {days(number)}", sessions.told(word)


def _register(investors: Investors) -> Iterator[tuple[str, str]]:
    """The facts that the register keeps beside investors."""
    for wallet in sorted(investors.blocked_strangers):
        yield f"{wallet}, of no investor, is blocked", "yes"
    for wallet in sorted(investors.successors):
        yield f"successor of {wallet}", investors.successor_of(wallet) or NONE
    sanctions = investors.sanctions
    yield "the sanctions oracle", (sanctions.oracle or NONE) + (", suspended" if sanctions.suspended else "")
    for provider in sorted(investors.attestations.dropped):
        yield f"{provider} is believed as a KYC provider", "no"
    for provider, nonce in sorted(investors.attestations.used):
        yield f"attestation {nonce} of {provider}", "used"


def _stock(model: ModelLedger, ticker: str, stock: Stock) -> Iterator[tuple[str, str]]:
    token, decimals = stock.token, model.traits.decimals
    settled = token.multiplier.settled(model.now())
    coverage = model.coverage(ticker)
    yield ticker, f"{token.name}, {token.isin}, {token.policy}" + (", paused" if token.paused else "")
    yield f"{ticker} factors", _terms(settled.current)
    pending = f"{_terms(settled.pending)} from {moment(settled.effective_at)}" if settled.effective_at else NONE
    yield f"{ticker} scheduled", pending
    for (code, reference), action in sorted(stock.actions.records.items()):
        yield f"{ticker} action {code} {reference}", f"{action.status.lower()}, effective {moment(action.effective_at)}"
    yield from _rules(ticker, token, decimals)
    if token.feed.config is not None:
        config = token.feed.config
        judged = f"{config.source}, answers of {config.max_age} s at most, {config.margin_bps} bps off"
        yield f"{ticker} reserve", judged
        yield f"{ticker} basis", str(token.feed.basis) + (", the next one in doubt" if token.feed.in_doubt else "")
    yield f"{ticker} ceiling", shares(coverage.ceiling)
    yield f"{ticker} ceilings elsewhere", shares(coverage.others)
    yield f"{ticker} attested", shares(coverage.attested)
    yield f"{ticker} required", shares(coverage.required)
    yield f"{ticker} receivable", shares(coverage.receivable)
    yield f"{ticker} covered", yes(coverage.covered)
    yield from _price(model, ticker)
    for name, account in sorted(token.accounts.items()):
        yield f"{name} is cleared for {ticker}", yes(token.may_hold(name, model.now()))
        yield f"{ticker} of {name} frozen", "all" if account.frozen else _frozen(account.frozen_tokens, decimals)
        yield f"{ticker} of {name} locked", _locked(account, decimals, model.now())
        yield f"{name} has an open case at {ticker}", yes(account.case)


def _price(model: ModelLedger, ticker: str) -> Iterator[tuple[str, str]]:
    feed = model.prices.feeds.get(ticker)
    if feed is None or feed.terms is None:
        return
    yield f"{ticker} price", f"{format_wad(Wad(feed.price))} dollars as of {moment(feed.as_of)}" if feed.price else NONE
    traded = moment(feed.until) if feed.price and feed.until and not feed.window and not feed.suspended else NONE
    yield f"{ticker} price to trade at until", traded
    state = "suspended" if feed.suspended else f"no answer since {moment(feed.since)}" if feed.window else NONE
    yield f"{ticker} price in doubt", state
    yield f"{ticker} price judged by", priced(feed.terms)


def priced(terms: PriceTerms) -> str:
    """How a price is judged, as people read it."""
    kinds = {True: "raw units", False: "a share"}
    told = f"{terms.source} of {kinds[terms.raw]}, {terms.max_age} s old at most, band {terms.band_bps} bps"
    if terms.second:
        told += f"; {terms.second} of {kinds[terms.second_raw]} within {terms.deviation_bps} bps"
    return f"{told}; {sessions.name_of(terms.calendar)}"


def _rules(ticker: str, token: Token, decimals: int) -> Iterator[tuple[str, str]]:
    if token.policy == "ALLOWLIST":
        yield f"{ticker} may be held by", admitted(token.rules)
    holders = token.holders
    if holders.limits is not None:
        yield f"{ticker} holders", f"{holders.count()} of {holders.limits.most or 'any number'}"
        yield f"{ticker} of one holder", bounds(holders.limits)
        yield f"{ticker} not counted yet", _frozen(holders.unseeded(), decimals)


def admitted(rules: StockRules) -> str:
    """The rules of a stock as people read them: classes, and countries by ISO 3166 alpha-2, or by number."""
    classes = "every class" if rules.classes == EVERY_CLASS else ", ".join(sorted(rules.classes))
    within, without = rules.countries.members(), rules.countries.others()
    if len(within) <= len(without):
        return f"{classes}; {_countries(within) or 'no country'}"
    return f"{classes}; every country" + (f" but {_countries(without)}" if without else "")


def _countries(numbers: Iterable[int]) -> str:
    return ", ".join(sorted(map(_country, numbers)))


def _country(number: int) -> str:
    with suppress(InputError):
        return country_code(number)
    return f"{number:03d}"


def limited(limits: HolderLimits) -> str:
    """The limits of a stock as people read them."""
    return f"{limits.most or 'any number of'} holders, each of {bounds(limits)}" if limits else NONE


def ceilings(own: Shares, others: Shares) -> str:
    """What a chain and all others together may issue of a stock, as people read it."""
    return f"{own} shares" + (f", {others} elsewhere" if others != Shares.of(0) else "")


def bounds(limits: HolderLimits) -> str:
    """What one holder may have, as people read it."""
    least = f"at least {limits.minimum} tokens" if limits.minimum else ""
    most = f"at most {limits.maximum} tokens" if limits.maximum else ""
    return ", ".join(filter(None, (least, most))) or "any amount"


def _frozen(amount: int, decimals: int) -> str:
    return f"{format_fixed(amount, decimals)} tokens" if amount else NONE


def _locked(account: Account, decimals: int, now: int) -> str:
    held = lockups.running(account.lockups, now)
    return ", ".join(f"{format_fixed(one.amount, decimals)} tokens until {moment(one.until)}" for one in held) or NONE


def _terms(terms: Terms) -> str:
    shown, index = format_wad(terms.ui_multiplier), format_wad(terms.index)
    return f"multiplier {shown} (index {index}, split {terms.num}/{terms.den})"


# --- units -----------------------------------------------------------------------------------------------------------


def tokens(raw: int, decimals: int, multiplier: Wad) -> str:
    """Raw units as people read them: tokens, and the shares that they stand for."""
    stands_for = format_fixed(law.ui_amount(raw, multiplier), decimals)
    return f"{format_fixed(raw, decimals)} tokens = {stands_for} shares"


def shares(count: ShareWad) -> str:
    """Shares as people read them."""
    return f"{format_wad(count)} shares"


def moment(instant: int) -> str:
    """A UTC second as people read it."""
    if not 0 < instant <= FOREVER:
        return str(instant)
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def days(number: int) -> str:
    """The days of a word of packed sessions."""
    first = date(1970, 1, 1) + timedelta(days=number * sessions.DAYS)
    return f"{first} to {first + timedelta(days=sessions.DAYS - 1)}"


def yes(answer: bool) -> str:
    """The word for whether something is so: yes or no."""
    return "yes" if answer else "no"
