"""Stocks and the fleet: created, shown, renamed; stopped and going on again; a role taken from a key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.chains.views import Views
from scrip.errors import InputError
from scrip.evm.deploy.deployment import administrator, survey
from scrip.evm.deploy.design import call
from scrip.evm.encoding.values import Transaction
from scrip.manifest.rules import resolve
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft
from scrip.preview import moment, shares
from scrip.units import format_wad


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a stock stands, for people: each fact with its unit."""

    stock: str
    facts: dict[str, str]


def create(network: Network, ticker: str, sender: str = "") -> Plan:
    """Create a stock of the manifest (ISSUER), and set what it needs."""
    return network.creation(ticker, sender)


def show(network: Network, ticker: str) -> Sheet:
    """Show how a stock stands on the chain, and which of its rules nothing enforces."""
    if ticker not in network.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    views = network.views()
    ledger = views.ledger
    now, backed, own = ledger.multiplier(ticker), ledger.coverage(ticker), dict(views.sheet(ticker))
    later = f"{format_wad(now.pending_ui_multiplier, 9)} at {moment(now.effective_at)}"
    facts = {
        "address": own.pop("address"),
        "ISIN": own.pop("ISIN"),
        "paused": _stop_of(views, ticker),
        **own,
        "supply": f"{ledger.supply(ticker)} tokens",
        "multiplier": format_wad(now.ui_multiplier),
        "split factor": f"{now.num}:{now.den}",
        "dividend index": format_wad(now.index),
        "pending": later if now.effective_at else "none",
        "covered": "yes" if backed.covered else "NO",
        "attested": shares(backed.attested),
        "required": shares(backed.required),
        "ceiling": shares(backed.ceiling),
        "ceilings elsewhere": shares(backed.others),
        "reserve basis": _basis(views, ticker),
    }
    rules = resolve(network.manifest, ticker).listed
    return Sheet(ticker, facts | {f"rule {number}": str(rule) for number, rule in enumerate(rules, start=1)})


def _stop_of(views: Views, ticker: str) -> str:
    """Whether a stock stands still: by its own pause, by the fleet's halt, or by both."""
    own = "yes" if views.paused(ticker) else "no"
    return f"{own}, and the fleet is HALTED" if views.halted() else own


def stopped(network: Network, stocks: Collection[str] = ()) -> list[str]:
    """Tell what is halted or paused, a line each and what stops most first; of all stocks, unless some are named.

    Nothing of a network where nothing is deployed.
    """
    try:
        views = network.views()
        ledger = views.ledger
    except InputError:
        return []
    found = ["the fleet: every stock is halted, until `emergency unhalt`"] * views.halted()
    found += ["the market: no mints and redemptions on quotes, until `market unpause`"] * views.market_paused()
    standing = [one for one in stocks or network.manifest.stocks if one in ledger.stocks]
    return found + [f"{one}: paused, until `emergency unpause {one}`" for one in standing if views.paused(one)]


def _basis(views: Views, ticker: str) -> str:
    """The split basis that a stock's reserve is counted in, as commands take it, and one that waits for its word.

    While a split is open the figures are in whichever basis counts for less: then that is said.
    """
    feed = views.backing(ticker)
    present = feed.present(views.now())
    told = str(feed.basis) if present == feed.basis else f"{feed.basis}, {present} NOT CONFIRMED YET"
    told += ", IN DOUBT" if feed.in_doubt else ""
    if feed.step is None:
        return told
    ahead = views.ledger.surplus(ticker).counter == feed.step.basis.counter
    return f"{told}; the figures here are in {feed.step.basis if ahead else feed.basis}"


# --- stops -----------------------------------------------------------------------------------------------------------


def halt(network: Network, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop every stock at once (GUARDIAN), or end that (the timelock).

    On Solana the halt stops the program, and each mint is paused behind it: the plan says how far that is, and given
    again it does what is left. Anyone may do that once the halt stands: whoever is named as `sender`.
    """
    views = network.views()
    draft = Draft(views, "emergency halt" if wished else "emergency unhalt", reference)
    halted = views.halted()
    signing = draft.anyone if halted else draft.sender
    left, told = views.left_running(signing("GUARDIAN", sender)) if wished else ((), "")
    if halted == wished and not left:
        return draft.nothing(f"the fleet is {'' if wished else 'not '}halted" + (f", and {told}" if told else ""))
    if halted != wished:
        draft.order(f"{draft.name.split()[-1]} the fleet", ins.Halt() if wished else ins.Unhalt(), sender)
    draft.steps += left
    if left:
        draft.changes.append(Change("transfers", told, "every stock is paused"))
    return draft.plan()


def pause(network: Network, stock: str, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop one stock (PAUSER), or go on (UNPAUSER)."""
    views = network.views()
    draft = Draft(views, "emergency pause" if wished else "emergency unpause", reference)
    if views.paused(stock) == wished:
        return draft.nothing(f"{stock} is {'' if wished else 'not '}paused")
    draft.order(f"{draft.name.split()[-1]} {stock}", ins.Pause(stock) if wished else ins.Unpause(stock), sender)
    return draft.plan()


# --- roles -----------------------------------------------------------------------------------------------------------


def revoke(network: Network, role: str, account: str, reference: str = "") -> Plan:
    """Take a role from an account, by whoever administers. Where its holder can, `renounce` gives it up at once."""
    return _take(network, "emergency revoke", role, account, reference, "")


def renounce(network: Network, role: str, account: str, reference: str = "") -> Plan:
    """Have an account give up a role that it holds, at once: what its owner does with a key that leaked."""
    return _take(network, "emergency renounce", role, account, reference, account)


def _take(network: Network, operation: str, role: str, account: str, reference: str, by: str) -> Plan:
    views = network.views()
    draft = Draft(views, operation, reference)
    if not views.holds(role, account):
        return draft.nothing(f"{account} does not hold {role}")
    steps, changes = views.taking(role, account, by)
    draft.steps += steps
    draft.changes += changes
    return draft.plan()


# --- room in transactions --------------------------------------------------------------------------------------------


def tables(network: Network) -> Plan:
    """Make or extend the lookup tables of a deployment on Solana. InputError elsewhere."""
    if not isinstance(network, SolanaNetwork):
        raise InputError("has no equivalent on this kind of chain: a transaction has room there", field="command")
    return network.tables()


# --- what is seldom amended ------------------------------------------------------------------------------------------


def change_isin(network: Network, ticker: str, before: str, reference: str = "") -> Plan:
    """Record that a stock carries the manifest's ISIN from now on, and `before` no more; by who administers.

    The token and its address stay. InputError when `before` is no stock's on this network.
    """
    if ticker not in network.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    isin, views = network.manifest.stocks[ticker].isin, network.views()
    draft = Draft(views, "stock change-isin", reference, single=reference)
    steps = views.carrying(ticker, before)
    if not steps:
        return draft.nothing(f"{ticker} carries {isin}")
    draft.steps += steps
    draft.changes.append(Change(f"{ticker} ISIN", before, isin))
    return draft.plan()


# --- on Ethereum-family chains ---------------------------------------------------------------------------------------


def bump_epoch(network: Network, ticker: str, reference: str = "") -> Plan:
    """Make a stock ask the registry anew about every account at its next touch; by who administers."""
    evm = evm_only(network)
    views = evm.views()
    draft = Draft(views, "stock bump-epoch", reference, single=reference)
    epoch = evm.chain.call(views.ledger.token(ticker), "epoch")
    one = Transaction(administrator(survey(evm)), ticker, "StockToken", "bumpEpoch")
    draft.add(call(f"epoch {ticker} {epoch + 1}", f"{ticker} asks anew about every account", one))
    draft.changes.append(Change(f"{ticker} epoch", str(epoch), str(epoch + 1)))
    return draft.plan()
