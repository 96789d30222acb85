"""A stock's backing: its limits, and the attestations that a custodian signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.action_codes import ACTION_CODES
from scrip.errors import InputError, Refusal
from scrip.ledger import Coverage, Receipt, Surplus
from scrip.model.laws.arithmetic import surplus, to_shares
from scrip.model.state.actions import Action
from scrip.model.state.receivables import Receivable
from scrip.model.state.reserve import NO_SHARES, Answer, Ceilings, Feed, FeedConfig, Step
from scrip.parameters import PAPER_LIFE, RESERVE_CEILING
from scrip.solana.encoding import messages
from scrip.solana.encoding.program import Listing, coverage_state
from scrip.solana.handlers.actions import announced_actions
from scrip.solana.handlers.client import Client
from scrip.solana.handlers.table import APPLIED, CALLS, Context, send_signed
from scrip.solana.signing import Signer
from scrip.units import SOLANA_DECIMALS, WAD_DECIMALS, ShareWad, Wad


@CALLS.of(ins.ConfigureReserve)
def configure(context: Context, order: ins.ConfigureReserve) -> list[Call]:
    """How a stock's reserve is judged, and both ceilings in a basis that is named. InputError for an aggregator."""
    age, margin, own, others = order.max_age, order.margin_bps, order.ceiling.to_wad(), order.others.to_wad()
    if order.source == "aggregator":
        raise InputError("has no equivalent on Solana: ATTESTOR signs", field="source", value=order.source)
    if not (0 <= age < 2**32 and 0 <= margin < 2**16 and own in RESERVE_CEILING and others in RESERVE_CEILING):
        raise Refusal("reserve: bad config" if order.by == ins.ISSUER else "roles: not authorised")
    listing = context.listing(order.stock)
    basis = order.basis or present_basis(context, listing)
    args = (age, margin, own, others, encoded(basis))
    return [context.signed("configure_reserve", order.by, *args, listing=listing)]


@CALLS.of(ins.SetCeiling)
def set_ceiling(context: Context, order: ins.SetCeiling) -> list[Call]:
    """The most that this chain may issue, and all others together, in a basis that is named."""
    listing = context.listing(order.stock)
    feed = backing_of(state_of(context, listing))
    basis = order.basis or feed.present(context.now())
    own = order.ceiling.to_wad()
    others = feed.standing(basis).others if order.others is None else order.others.to_wad()
    if own not in RESERVE_CEILING or others not in RESERVE_CEILING:
        configured = feed.config is not None or order.by != ins.ISSUER
        raise Refusal("reserve: bad config" if configured else "reserve: not configured")
    return [context.signed("set_ceiling", order.by, own, others, encoded(basis), listing=listing)]


@CALLS.of(ins.SetBasis)
def set_basis(context: Context, order: ins.SetBasis) -> list[Call]:
    """A split basis, on the administrator's word: the one that the order names, or the stock's own now."""
    listing = context.listing(order.stock)
    basis = order.basis or present_basis(context, listing)
    return [context.signed("set_basis", order.by, encoded(basis), listing=listing)]


@CALLS.of(ins.ConfirmBasis)
def confirm_basis(context: Context, order: ins.ConfirmBasis) -> list[Call]:
    """A split that the latest attestation shows."""
    return [context.signed("confirm_basis", context.custodian, listing=context.listing(order.stock))]


@CALLS.of(ins.AttestReserve)
def attest(context: Context, order: ins.AttestReserve) -> list[Call]:
    """The custodian's next attestation; what the order does not name is as it stands."""
    listing = context.listing(order.stock)
    feed = backing_of(state_of(context, listing))
    said = paper_of(order, feed, context.now())
    if not all(amount in RESERVE_CEILING for amount in (said.shares, said.ceiling, said.others)):
        raise Refusal("reserve: bad config")
    return attestation_calls(context, listing, said, context.keys.signer(context.custodian))


def paper_of(order: ins.AttestReserve, feed: Feed, now: int) -> messages.Attestation:
    """What an attestor is to sign; what the order does not name is as it stands at the reserve."""
    basis = order.basis or feed.present(now)
    ceilings = feed.standing(basis)
    return messages.Attestation(
        shares=order.shares.to_wad(),
        ceiling=ceilings.own if order.ceiling is None else order.ceiling.to_wad(),
        others=ceilings.others if order.others is None else order.others.to_wad(),
        num=basis.num,
        den=basis.den,
        counter=basis.counter,
        as_of=now if order.updated_at is None else order.updated_at,
        nonce=feed.nonce if order.nonce is None else order.nonce,
        expiry=now + PAPER_LIFE.default if order.expiry is None else order.expiry,
    )


def attestation_calls(client: Client, listing: Listing, said: messages.Attestation, attestor: Signer) -> list[Call]:
    """The attestor's signature and what it is for, which the custodian sends."""
    digest = said.digest(client.chain.genesis, client.program.id, client.program.at.issuer, listing.mint)
    names = ("shares", "ceiling", "others", "as_of", "nonce", "expiry")
    paper = {name: getattr(said, name) for name in names}
    paper["basis"] = encoded(ins.Basis(said.num, said.den, said.counter))
    call = client.signed("attest_reserve", client.custodian, paper, listing=listing)
    return [messages.signed_by(attestor, digest), call]


def encoded(basis: ins.Basis) -> dict[str, int]:
    """A basis as the program takes it."""
    return basis._asdict()


def present_basis(context: Context, listing: Listing) -> ins.Basis:
    """The stock's own basis now; the first one's before it is born."""
    found = context.program.record(context.chain, listing.reserve, "Reserve")
    return backing_of(found).present(context.now()) if found is not None else Feed().present(0)


# An unknown stock has no accounts that a transaction could name, so its refusals are made here.


@APPLIED.of(ins.ConfigureReserve)
def apply_configure(context: Context, order: ins.ConfigureReserve) -> Receipt:
    """Configure it, or refuse an unknown stock."""
    return _by_role(context, order, "reserve: unknown stock")


@APPLIED.of(ins.SetCeiling, ins.SetBasis)
def apply_change(context: Context, order: ins.SetCeiling | ins.SetBasis) -> Receipt:
    """Change it, or refuse an unknown stock."""
    return _by_role(context, order, "reserve: not configured")


def _by_role(context: Context, order: ins.ConfigureReserve | ins.SetCeiling | ins.SetBasis, unknown: str) -> Receipt:
    if order.stock in context.stocks:
        return send_signed(context, order)
    if order.by != ins.ISSUER:
        raise Refusal("roles: not authorised", order.by)
    raise Refusal(unknown, order.stock)


@APPLIED.of(ins.ConfirmBasis)
def apply_confirm_basis(context: Context, order: ins.ConfirmBasis) -> Receipt:
    """Confirm it, or refuse an unknown stock. Anyone may: the custodian does."""
    if order.stock not in context.stocks:
        raise Refusal("reserve: not configured", order.stock)
    return context.send(CALLS(context, order), [context.custodian])


@APPLIED.of(ins.AttestReserve)
def apply_attest(context: Context, order: ins.AttestReserve) -> Receipt:
    """Publish what the custodian signs."""
    return context.send(CALLS(context, order), [context.custodian])


# --- read back -------------------------------------------------------------------------------------------------------


def state_of(client: Client, listing: Listing) -> Any:
    """A stock's reserve as the program keeps it."""
    return client.demanded(listing.reserve, "Reserve")


def read_coverage(client: Client, stock: str) -> Coverage:
    """A stock's backing as the program's view shows it now."""
    return coverage_state(client.view("coverage", stock))


def read_surplus(client: Client, stock: str) -> Surplus:
    """What a stock's custodian may sell: what the program's view shows beyond what is owed.

    Actions are read before the view: one that is scheduled meanwhile counts twice and never not at all.
    """
    undecided = [one for one in announced_actions(client, stock) if one.status == "announced"]
    dividends = sum(bool(ACTION_CODES[one.code].struck) for one in undecided)
    feed, now = backing_of(state_of(client, client.listing(stock))), client.now()
    shown = read_coverage(client, stock)
    if feed.config is None:
        return Surplus(NO_SHARES, NO_SHARES, shown.required, feed.basis.counter, 0)
    ahead = feed.step is not None and feed.said is not None and feed.said.counter == feed.step.basis.counter
    counter = feed.basis.counter + ahead
    as_of = feed.said.as_of if feed.said is not None else 0
    ex_is_past = any(one.ex_at <= now for one in undecided)
    if ex_is_past or not 0 <= now - as_of <= feed.config.max_age:
        return Surplus(NO_SHARES, NO_SHARES, shown.required, counter, as_of)
    spare = replace(shown, receivable=NO_SHARES).there
    return Surplus(surplus(spare, shown.required, dividends), spare, shown.required, counter, as_of)


def backing_of(reserve: Any) -> Feed:
    """How a stock's decoded reserve is judged, its basis, ceilings and what was attested: all but dividends."""
    feed = Feed(WAD_DECIMALS)
    feed.basis, feed.nonce = _basis(reserve.basis), reserve.nonce
    if reserve.max_age:
        feed.config = FeedConfig(reserve.max_age, reserve.margin_bps, "attested")
    if reserve.step.effective_at:
        feed.step = Step(_basis(reserve.step.basis), reserve.step.effective_at, reserve.step.fold)
    feed.ceilings = Ceilings(
        ShareWad(reserve.ceilings.own), ShareWad(reserve.ceilings.others), reserve.ceilings.counter
    )
    latest = reserve.latest
    feed.said = Answer(ShareWad(latest.shares), latest.as_of, latest.counter) if latest.as_of else None
    return feed


def _basis(found: Any) -> ins.Basis:
    return ins.Basis(found.num, found.den, found.counter)


def feed_of(reserve: Any, records: Mapping[Pubkey, Action]) -> Feed:
    """A stock's decoded reserve as the model keeps it. `records` are the stock's actions by account."""
    feed = backing_of(reserve)
    feed.receivables = [
        Receivable(records[one.action].id, Wad(one.delta), to_shares(one.supply, SOLANA_DECIMALS), one.buy, one.until)
        for one in reserve.receivables.open
    ]
    return feed
