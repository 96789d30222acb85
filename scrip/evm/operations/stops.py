"""Emergencies: stopping one stock, the market or the fleet, going on again, and taking a role from a key."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy import design as parts
from scrip.evm.labels import TIMELOCK, role
from scrip.evm.operations.common import by_role, plan, step_of
from scrip.plan import Plan
from scrip.roles import EVM_ROLES

HALTED = 2
"""The fleet's mode (contracts/modules/token_config.vy)."""


def halt(network: EvmConnection, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop every stock at once (GUARDIAN), or end that (the timelock)."""
    ledger = network.ledger()
    name = "emergency halt" if wished else "emergency unhalt"
    if (ledger.chain.call(ledger.suite.beacon, "mode") == HALTED) == wished:
        return plan(network, name, reference, (), [f"the fleet is {'' if wished else 'not '}halted"])
    return _one(network, name, ins.Halt() if wished else ins.Unhalt(), "", reference, sender)


def pause(network: EvmConnection, stock: str, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop one stock (PAUSER), or go on (UNPAUSER)."""
    ledger = network.ledger()
    name = "emergency pause" if wished else "emergency unpause"
    if ledger.chain.call(ledger.token(stock), "paused") == wished:
        return plan(network, name, reference, (), [f"{stock} is {'' if wished else 'not '}paused"])
    return _one(network, name, ins.Pause(stock) if wished else ins.Unpause(stock), stock, reference, sender)


def pause_market(network: EvmConnection, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop mints and redemptions on quotes, of all stocks (PAUSER), or go on (UNPAUSER)."""
    ledger = network.ledger()
    name = "market pause" if wished else "market unpause"
    if ledger.chain.call(ledger.suite.market, "paused") == wished:
        return plan(network, name, reference, (), [f"the market is {'' if wished else 'not '}paused"])
    return _one(network, name, ins.PauseMarket() if wished else ins.UnpauseMarket(), "", reference, sender)


def _one(
    network: EvmConnection, name: str, order: ins.RoleInstruction, stock: str, reference: str, sender: str
) -> Plan:
    title = " ".join(filter(None, (name.split()[-1], stock or ("the market" if "market" in name else "the fleet"))))
    return plan(
        network, name, reference, [step_of(network.ledger(), title, title, by_role(network.manifest, order, sender))]
    )


def revoke(network: EvmConnection, name: str, account: str, reference: str = "") -> Plan:
    """Take a role from an account, by the timelock. The holder can give it up at once with `renounce`."""
    return _role(network, "emergency revoke", name, account, reference, TIMELOCK)


def renounce(network: EvmConnection, name: str, account: str, reference: str = "") -> Plan:
    """An account gives up a role that it holds, at once: what its own network does with a key that leaked."""
    return _role(network, "emergency renounce", name, account, reference, account)


def _role(network: EvmConnection, operation: str, name: str, account: str, reference: str, by: str) -> Plan:
    if name not in EVM_ROLES:
        raise InputError(f"is none of {', '.join(EVM_ROLES)}", field="role", value=name)
    ledger = network.ledger()
    address = ledger.chain.address(account)
    if not ledger.chain.call(ledger.suite.roles, "hasRole", role(name), address):
        return plan(network, operation, reference, (), [f"{account} does not hold {name}"])
    if by == account:
        made = parts.renounce(name, account).step
    else:
        made = parts.revoke(name, account, by, "roles", "Roles").step
    return plan(network, operation, reference, [made])
