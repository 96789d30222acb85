"""The instructions about the register of investors and their wallets (law 8)."""

from __future__ import annotations

from scrip import parameters
from scrip.errors import Refusal
from scrip.instructions.attestations import OnboardAttested
from scrip.instructions.investors import (
    Block,
    BlockWallet,
    LinkWallet,
    Onboard,
    Renew,
    SetProfile,
    Unblock,
    UnblockWallet,
    UnlinkWallet,
)
from scrip.ledger.handlers import Handlers
from scrip.model.laws.arithmetic import U40_MAX
from scrip.model.reasons import check_reason
from scrip.model.state import Investor, Investors, State

HANDLERS: Handlers[State, None] = Handlers("the model")

MAX_WALLETS = parameters.MAX_WALLETS.value
MAX_COUNTRY = parameters.MAX_COUNTRY.value


@HANDLERS.of(Onboard)
def onboard(state: State, order: Onboard) -> None:
    """Put a new investor on the register. Refuses, in order: keys: used, then as `record`."""
    investors = state.investors
    investors.keys.check(order.key)
    record(investors, order)
    investors.keys.consume(order.key)


def record(investors: Investors, order: Onboard | OnboardAttested) -> None:
    """Put a new investor on the register. Refuses, in order: bad investor, wallet known, investor known, zero address,
    bad expiry, bad country, wallet blocked, sanctions: listed, sanctions: no answer."""
    if not order.investor:
        raise Refusal("registry: bad investor")
    investors.check_stranger(order.wallet)
    if order.investor in investors.records:
        raise Refusal("registry: investor known", order.investor)
    check_address(order.wallet)
    _check_expiry(order.expiry)
    _check_country(order.country)
    investors.check_attachable(order.wallet)
    investors.add(order.investor, Investor(order.country, order.investor_class, order.expiry, wallets=[order.wallet]))


@HANDLERS.of(LinkWallet)
def link_wallet(state: State, order: LinkWallet) -> None:
    """Give an investor one more wallet.

    Refuses, in order: keys: used, unknown investor, wallet known, zero address, too many wallets, wallet blocked,
    sanctions: listed, sanctions: no answer.
    """
    investors = state.investors
    investors.keys.check(order.key)
    found = investors.record_of(order.investor)
    investors.check_stranger(order.wallet)
    check_address(order.wallet)
    if len(found.wallets) >= MAX_WALLETS:
        raise Refusal("registry: too many wallets", order.investor)
    investors.check_attachable(order.wallet)
    investors.attach(order.investor, order.wallet)
    investors.keys.consume(order.key)


@HANDLERS.of(UnlinkWallet)
def unlink_wallet(state: State, order: UnlinkWallet) -> None:
    """Take a wallet from its investor; that must not lift a block.

    Refuses, in order: keys: used, unknown investor, reason and document, investor blocked, unknown wallet.
    """
    investors = state.investors
    investors.keys.check(order.key)
    found = investors.record_of(order.investor)
    check_reason("registry", order.reason, order.document)
    if found.blocked:
        raise Refusal("registry: investor blocked", order.investor)
    if order.wallet not in found.wallets:
        raise Refusal("registry: unknown wallet", order.wallet)
    investors.detach(order.investor, order.wallet)
    investors.keys.consume(order.key)


@HANDLERS.of(Renew)
def renew(state: State, order: Renew) -> None:
    """Set a new expiry; one in the past is legal and clears nobody.

    Refuses, in order: keys: used, unknown investor, bad expiry.
    """
    investors = state.investors
    investors.keys.check(order.key)
    found = investors.record_of(order.investor)
    _check_expiry(order.expiry)
    found.expiry = order.expiry
    investors.keys.consume(order.key)


@HANDLERS.of(SetProfile)
def set_profile(state: State, order: SetProfile) -> None:
    """Set an investor's country and class. Refuses, in order: keys: used, unknown investor, bad country."""
    investors = state.investors
    investors.keys.check(order.key)
    found = investors.record_of(order.investor)
    _check_country(order.country)
    found.country, found.investor_class = order.country, order.investor_class
    investors.keys.consume(order.key)


@HANDLERS.of(Block, Unblock)
def set_blocked(state: State, order: Block | Unblock) -> None:
    """Block an investor or end that.

    Refuses, in order: keys: used, unknown investor, reason and document, already blocked / not blocked.
    """
    investors, blocked = state.investors, isinstance(order, Block)
    investors.keys.check(order.key)
    found = investors.record_of(order.investor)
    check_reason("registry", order.reason, order.document)
    _check_turn(found.blocked, blocked, order.investor)
    found.blocked = blocked
    if blocked:
        state.shut(found.wallets)
    investors.keys.consume(order.key)


@HANDLERS.of(BlockWallet, UnblockWallet)
def set_wallet_blocked(state: State, order: BlockWallet | UnblockWallet) -> None:
    """Block a wallet that belongs to no investor, or end that.

    Refuses, in order: keys: used, reason and document, zero address, wallet known, already blocked / not blocked; and
    to lift a block, wallet recovered.
    """
    investors, blocked = state.investors, isinstance(order, BlockWallet)
    investors.keys.check(order.key)
    check_reason("registry", order.reason, order.document)
    check_address(order.wallet)
    investors.check_stranger(order.wallet)
    _check_turn(order.wallet in investors.blocked_strangers, blocked, order.wallet)
    if not blocked and order.wallet in investors.successors:
        raise Refusal("registry: wallet recovered", order.wallet)
    investors.block_stranger(order.wallet, blocked)
    investors.keys.consume(order.key)


def check_address(wallet: str) -> None:
    """Refuses an account that is none: zero address."""
    if not wallet:
        raise Refusal("registry: zero address")


def _check_expiry(expiry: int) -> None:
    if not 0 < expiry <= U40_MAX:
        raise Refusal("registry: bad expiry", str(expiry))


def _check_country(country: int) -> None:
    if not 0 < country <= MAX_COUNTRY:
        raise Refusal("registry: bad country", str(country))


def _check_turn(blocked: bool, wanted: bool, who: str) -> None:
    if blocked == wanted:
        raise Refusal("registry: already blocked" if wanted else "registry: not blocked", who)
