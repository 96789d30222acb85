"""Emergencies: stopping one stock, the market or the fleet, going on again, and taking a role from a key."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm import design as parts
from scrip.evm.desk import Desk
from scrip.evm.operations.common import by_role, plan, step_of
from scrip.evm.words import TIMELOCK, role
from scrip.plan import Plan
from scrip.roles import EVM_ROLES

HALTED = 2
"""The fleet's mode (contracts/token/token_config.vy)."""


def halt(desk: Desk, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop every stock at once (GUARDIAN), or end that (the timelock)."""
    ledger = desk.ledger()
    name = "emergency halt" if wished else "emergency unhalt"
    if (ledger.chain.call(ledger.suite.beacon, "mode") == HALTED) == wished:
        return plan(desk, name, reference, (), [f"the fleet is {'' if wished else 'not '}halted"])
    return _one(desk, name, ins.Halt() if wished else ins.Unhalt(), "", reference, sender)


def pause(desk: Desk, stock: str, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop one stock (PAUSER), or go on (UNPAUSER)."""
    ledger = desk.ledger()
    name = "emergency pause" if wished else "emergency unpause"
    if ledger.chain.call(ledger.token(stock), "paused") == wished:
        return plan(desk, name, reference, (), [f"{stock} is {'' if wished else 'not '}paused"])
    return _one(desk, name, ins.Pause(stock) if wished else ins.Unpause(stock), stock, reference, sender)


def pause_market(desk: Desk, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop mints and redemptions on quotes, of all stocks (PAUSER), or go on (UNPAUSER)."""
    ledger = desk.ledger()
    name = "market pause" if wished else "market unpause"
    if ledger.chain.call(ledger.suite.market, "paused") == wished:
        return plan(desk, name, reference, (), [f"the market is {'' if wished else 'not '}paused"])
    return _one(desk, name, ins.PauseMarket() if wished else ins.UnpauseMarket(), "", reference, sender)


def _one(desk: Desk, name: str, order: ins.RoleInstruction, stock: str, reference: str, sender: str) -> Plan:
    title = " ".join(filter(None, (name.split()[-1], stock or ("the market" if "market" in name else "the fleet"))))
    return plan(desk, name, reference, [step_of(desk.ledger(), title, title, by_role(desk.manifest, order, sender))])


def revoke(desk: Desk, name: str, account: str, reference: str = "") -> Plan:
    """Take a role from an account, by the timelock. The holder can give it up at once with `renounce`."""
    return _role(desk, "emergency revoke", name, account, reference, TIMELOCK)


def renounce(desk: Desk, name: str, account: str, reference: str = "") -> Plan:
    """An account gives up a role that it holds, at once: what its own desk does with a key that leaked."""
    return _role(desk, "emergency renounce", name, account, reference, account)


def _role(desk: Desk, operation: str, name: str, account: str, reference: str, by: str) -> Plan:
    if name not in EVM_ROLES:
        raise InputError(f"is none of {', '.join(EVM_ROLES)}", field="role", value=name)
    ledger = desk.ledger()
    address = ledger.chain.address(account)
    if not ledger.chain.call(ledger.suite.roles, "hasRole", role(name), address):
        return plan(desk, operation, reference, (), [f"{account} does not hold {name}"])
    if by == account:
        made = parts.renounce(name, account).step
    else:
        made = parts.revoke(name, account, by, "roles", "Roles").step
    return plan(desk, operation, reference, [made])
