"""Emergencies: stopping one stock or the market, going on again, and moving a role from a key."""

from __future__ import annotations

from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.plan import Change, Plan
from scrip.roles import ADMIN, SOLANA_ROLES
from scrip.solana.connection import SolanaConnection
from scrip.solana.encoding import tokens
from scrip.solana.operations.common import Draft, sender_of, step
from scrip.solana.operations.deployment import issuer_of


def pause(network: SolanaConnection, stock: str, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop one stock (PAUSER), or go on (UNPAUSER)."""
    draft = Draft(network, "emergency pause" if wished else "emergency unpause", reference)
    if tokens.is_paused(draft.ledger.mint_data(draft.ledger.listing(stock))) == wished:
        return draft.nothing(f"{stock} is {'' if wished else 'not '}paused")
    order = ins.Pause(stock) if wished else ins.Unpause(stock)
    draft.order(f"{draft.name.split()[-1]} {stock}", order, sender)
    return draft.plan()


def pause_market(network: SolanaConnection, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop mints and redemptions on quotes, of all stocks (PAUSER), or go on (UNPAUSER)."""
    draft = Draft(network, "market pause" if wished else "market unpause", reference)
    network.suite()
    if issuer_of(network).market_paused == wished:
        return draft.nothing(f"the market is {'' if wished else 'not '}paused")
    order = ins.PauseMarket() if wished else ins.UnpauseMarket()
    draft.order(f"{draft.name.split()[-1]} the market", order, sender)
    return draft.plan()


def give(draft: Draft, role: str, to: str) -> None:
    """Two steps: the administrator offers a role, and its new holder, who must be able to sign, accepts it."""
    network, admin = draft.network, sender_of(draft.network.manifest, ADMIN)
    kind = getattr(network.program.type["Role"], "".join(word.capitalize() for word in role.split("_")))()
    address = network.keys.address(to)
    offer = draft.ledger.signed("offer_role", admin, kind, address)
    accept = draft.ledger.signed("accept_role", to, kind)
    draft.steps.append(step(f"offer {role} to {to}", f"offer {role} to {to}", admin, [offer], what="offer_role"))
    draft.steps.append(step(f"accept {role} as {to}", f"{to} accepts {role}", to, [accept], what="accept_role"))
    draft.changes.append(Change(f"role {role}", network.keys.name(holder_of(network, role)), to))


def holder_of(network: SolanaConnection, role: str) -> Pubkey:
    """Who holds a role on the chain."""
    return getattr(issuer_of(network).roles, SOLANA_ROLES.get(role, role.lower()))  # type: ignore[no-any-return]


def revoke(network: SolanaConnection, name: str, account: str, reference: str = "") -> Plan:
    """Take a role from an account by giving it to whom the manifest names now: a role has one holder, always."""
    if name not in SOLANA_ROLES:
        raise InputError(f"is none of {', '.join(SOLANA_ROLES)}", field="role", value=name)
    draft = Draft(network, "emergency revoke", reference)
    network.suite()
    if holder_of(network, name) != network.keys.address(account):
        return draft.nothing(f"{account} does not hold {name}")
    heir = network.manifest.role_holders(name)[0]
    if network.keys.address(heir) == network.keys.address(account):
        reason = "is the manifest's holder of it: put who is to hold it into the manifest first"
        raise InputError(reason, field=f"roles.{name}", value=account)
    give(draft, name, heir)
    return draft.plan()
