"""Emergencies: stopping one stock or the market, going on again, and moving a role from a key."""

from __future__ import annotations

from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.plan import Change, Plan
from scrip.roles import ADMIN, SOLANA_ROLES
from scrip.solana import tokens
from scrip.solana.desk import SolanaDesk
from scrip.solana.operations.common import Draft, sender_of, step
from scrip.solana.operations.deployment import issuer_of


def pause(desk: SolanaDesk, stock: str, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop one stock (PAUSER), or go on (UNPAUSER)."""
    draft = Draft(desk, "emergency pause" if wished else "emergency unpause", reference)
    if tokens.is_paused(draft.ledger.mint_data(draft.ledger.listing(stock))) == wished:
        return draft.nothing(f"{stock} is {'' if wished else 'not '}paused")
    order = ins.Pause(stock) if wished else ins.Unpause(stock)
    draft.order(f"{draft.name.split()[-1]} {stock}", order, sender)
    return draft.plan()


def pause_market(desk: SolanaDesk, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop mints and redemptions on quotes, of all stocks (PAUSER), or go on (UNPAUSER)."""
    draft = Draft(desk, "market pause" if wished else "market unpause", reference)
    desk.suite()
    if issuer_of(desk).market_paused == wished:
        return draft.nothing(f"the market is {'' if wished else 'not '}paused")
    order = ins.PauseMarket() if wished else ins.UnpauseMarket()
    draft.order(f"{draft.name.split()[-1]} the market", order, sender)
    return draft.plan()


def give(draft: Draft, role: str, to: str) -> None:
    """Two steps: the administrator offers a role, and its new holder, who must be able to sign, accepts it."""
    desk, admin = draft.desk, sender_of(draft.desk.manifest, ADMIN)
    kind = getattr(desk.program.type["Role"], "".join(word.capitalize() for word in role.split("_")))()
    address = desk.keys.address(to)
    offer = draft.ledger.signed("offer_role", admin, kind, address)
    accept = draft.ledger.signed("accept_role", to, kind)
    draft.steps.append(step(f"offer {role} to {to}", f"offer {role} to {to}", admin, [offer], what="offer_role"))
    draft.steps.append(step(f"accept {role} as {to}", f"{to} accepts {role}", to, [accept], what="accept_role"))
    draft.changes.append(Change(f"role {role}", desk.keys.name(holder_of(desk, role)), to))


def holder_of(desk: SolanaDesk, role: str) -> Pubkey:
    """Who holds a role on the chain."""
    return getattr(issuer_of(desk).roles, SOLANA_ROLES.get(role, role.lower()))  # type: ignore[no-any-return]


def revoke(desk: SolanaDesk, name: str, account: str, reference: str = "") -> Plan:
    """Take a role from an account by giving it to whom the manifest names now: a role has one holder, always."""
    if name not in SOLANA_ROLES:
        raise InputError(f"is none of {', '.join(SOLANA_ROLES)}", field="role", value=name)
    draft = Draft(desk, "emergency revoke", reference)
    desk.suite()
    if holder_of(desk, name) != desk.keys.address(account):
        return draft.nothing(f"{account} does not hold {name}")
    heir = desk.manifest.role_holders(name)[0]
    if desk.keys.address(heir) == desk.keys.address(account):
        reason = "is the manifest's holder of it: put who is to hold it into the manifest first"
        raise InputError(reason, field=f"roles.{name}", value=account)
    give(draft, name, heir)
    return draft.plan()
