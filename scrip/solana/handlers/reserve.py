"""A stock's backing: its limits, and the attestations that a custodian signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solders.instruction import Instruction as Call
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.ledger import Coverage, Receipt
from scrip.model.laws.arithmetic import to_shares
from scrip.model.state.actions import Action
from scrip.model.state.receivables import Receivable
from scrip.model.state.reserve import Feed, FeedConfig, Round
from scrip.solana.encoding import messages
from scrip.solana.encoding.program import Listing, coverage_state
from scrip.solana.handlers.client import Client
from scrip.solana.handlers.table import APPLIED, CALLS, Context, send_signed
from scrip.units import SOLANA_DECIMALS, WAD_DECIMALS, Shares, ShareWad, Wad


@CALLS.of(ins.ConfigureReserve)
def configure(context: Context, order: ins.ConfigureReserve) -> list[Call]:
    """Say how a stock's reserve is judged."""
    age, margin, ceiling = order.max_age, order.margin_bps, order.ceiling.to_wad()
    if not (0 <= age < 2**32 and 0 <= margin < 2**16 and ceiling < 2**128):
        raise Refusal("reserve: bad config" if order.by == ins.ISSUER else "roles: not authorised")
    listing = context.listing(order.stock)
    return [context.signed("configure_reserve", order.by, age, margin, ceiling, listing=listing)]


@CALLS.of(ins.SetCeiling)
def set_ceiling(context: Context, order: ins.SetCeiling) -> list[Call]:
    """Set the most that this chain may issue of a stock, all else as it is configured."""
    listing = context.listing(order.stock)
    state = state_of(context, listing)
    if order.by == ins.ISSUER and not state.max_age:
        raise Refusal("reserve: not configured")
    args = (state.max_age or 1, state.margin_bps, order.ceiling.to_wad())
    return [context.signed("configure_reserve", order.by, *args, listing=listing)]


@CALLS.of(ins.SetBasis)
def set_basis(context: Context, order: ins.SetBasis) -> list[Call]:
    """Adopt the present split basis, on the administrator's word."""
    return [context.signed("set_basis", order.by, listing=context.listing(order.stock))]


@CALLS.of(ins.ConfirmBasis)
def confirm_basis(context: Context, order: ins.ConfirmBasis) -> list[Call]:
    """Show a split by the attestations before and after it."""
    listing = context.listing(order.stock)
    if order.old_round is not None or order.new_round is not None:
        raise InputError("the program picks the attestations itself", field="old_round")
    return [context.signed("confirm_basis", context.custodian, listing=listing)]


@CALLS.of(ins.AttestReserve)
def attest(context: Context, order: ins.AttestReserve) -> list[Call]:
    """Publish the custodian's next attestation, of the ceiling and the basis that stand."""
    listing = context.listing(order.stock)
    state = state_of(context, listing)
    attestation = messages.Attestation(
        shares=order.shares.to_wad(),
        ceiling=ShareWad(state.ceiling),
        num=state.basis_num,
        den=state.basis_den,
        as_of=context.now() if order.updated_at is None else order.updated_at,
        sequence=state.latest.sequence + 1,
    )
    return attestation_calls(context, listing, attestation, context.keys.keypair(context.custodian))


def attestation_calls(client: Client, listing: Listing, said: messages.Attestation, attestor: Keypair) -> list[Call]:
    """The attestor's signature and what it is for, which the custodian sends."""
    digest = said.digest(client.chain.genesis, client.program.id, client.program.at.issuer, listing.mint)
    stored = {"shares": said.shares, "as_of": said.as_of, "sequence": said.sequence}
    call = client.signed("attest_reserve", client.custodian, stored, said.ceiling, listing=listing)
    return [messages.signed_by(attestor, digest), call]


# An unknown stock has no accounts that a transaction could name, so its refusals are made here.


@APPLIED.of(ins.ConfigureReserve)
def apply_configure(context: Context, order: ins.ConfigureReserve) -> Receipt:
    """Configure a stock's reserve, or refuse an unknown stock."""
    return _by_role(context, order, "reserve: unknown stock")


@APPLIED.of(ins.SetCeiling, ins.SetBasis)
def apply_change(context: Context, order: ins.SetCeiling | ins.SetBasis) -> Receipt:
    """Change a stock's reserve, or refuse an unknown stock."""
    return _by_role(context, order, "reserve: not configured")


def _by_role(context: Context, order: ins.ConfigureReserve | ins.SetCeiling | ins.SetBasis, unknown: str) -> Receipt:
    if order.stock in context.stocks:
        return send_signed(context, order)
    if order.by != ins.ISSUER:
        raise Refusal("roles: not authorised", order.by)
    raise Refusal(unknown, order.stock)


@APPLIED.of(ins.ConfirmBasis)
def apply_confirm_basis(context: Context, order: ins.ConfirmBasis) -> Receipt:
    """Confirm a stock's basis, or refuse an unknown stock. Anyone may: the custodian does."""
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
    """Read a stock's backing as the program's view shows it now."""
    return coverage_state(client.view("coverage", stock))


def read_ceiling(client: Client, stock: str) -> Shares:
    """Read the most that this chain may issue of a stock; none before its reserve is configured."""
    return Shares.from_wad(ShareWad(state_of(client, client.listing(stock)).ceiling))


def feed_of(reserve: Any, records: Mapping[Pubkey, Action]) -> Feed:
    """A stock's decoded reserve as the model keeps it. `records` are the stock's actions by account."""
    feed = Feed(WAD_DECIMALS)
    feed.basis = (reserve.basis_num, reserve.basis_den)
    if reserve.max_age:
        feed.config = FeedConfig(reserve.max_age, reserve.margin_bps, ShareWad(reserve.ceiling))
    attestations = [one for one in (reserve.before_split, reserve.latest) if one.sequence]
    feed.rounds = [Round(one.shares, one.as_of) for one in attestations]
    feed.receivables = [
        Receivable(records[one.action].id, Wad(one.delta), to_shares(one.supply, SOLANA_DECIMALS), one.buy, one.until)
        for one in reserve.receivables.open
    ]
    return feed
