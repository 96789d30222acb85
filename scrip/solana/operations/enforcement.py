"""Forced actions on holders, each on an order: a reason code and a document. Signed by ENFORCER."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrip import instructions as ins
from scrip.plan import Plan
from scrip.solana.connection import SolanaConnection
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.operations.common import Draft, step

if TYPE_CHECKING:
    from scrip.evm.operations.common import Grounds


def freeze(network: SolanaConnection, stock: str, account: str, frozen: bool, grounds: Grounds) -> Plan:
    """Freeze a whole account of one stock, or lift that. A release thaws what may be thawed in the same transaction."""
    verb = "freeze" if frozen else "unfreeze"
    draft = Draft(network, f"compliance {verb}", grounds.told)
    ledger = draft.ledger
    listing, holder = ledger.listing(stock), network.keys.address(account)
    hold = network.chain.account(network.program.at.hold(listing.stock, holder))
    if (hold is not None) == frozen:
        return draft.nothing(f"{account} is {'' if frozen else 'not '}frozen in {stock}")
    order = ins.Freeze(stock, account, frozen, grounds.reason, grounds.document)
    title = f"{verb} {account} in {stock}"
    signed = draft.by_role(order, grounds.sender, title)
    calls = [*opening(draft, listing, account, signed.by), *ledger.calls(signed)]
    draft.steps.append(
        step(title, title, signed.by, calls, signed, what="hold_account" if frozen else "release_account")
    )
    return draft.plan()


def opening(draft: Draft, listing: Listing, account: str, payer: str) -> list:
    """What makes an account's canonical token account, where it has none yet."""
    holder = draft.network.keys.address(account)
    if draft.network.chain.account(draft.ledger.units(listing, account)) is not None:
        return []
    return [tokens.create_account(draft.network.keys.address(payer), holder, listing.mint)]
