"""Forced actions on holders, each on an order: a reason code and a document. Signed by ENFORCER."""

from __future__ import annotations

from typing import Any

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.connection import EvmConnection
from scrip.evm.labels import is_frozen
from scrip.evm.operations.common import Grounds, by_role, plan, step_of
from scrip.evm.tx.steps import is_used, once, prepare
from scrip.plan import Plan
from scrip.preview import moment
from scrip.units import RawUnits


def freeze(network: EvmConnection, stock: str, account: str, frozen: bool, grounds: Grounds) -> Plan:
    """Freeze a whole account of one stock, or lift that."""
    verb = "freeze" if frozen else "unfreeze"
    name = f"compliance {verb}"
    if is_frozen(_ask(network, stock, "accountWord", account)) == frozen:
        return plan(network, name, grounds.reference, (), [f"{account} is {'' if frozen else 'not '}frozen in {stock}"])
    order = ins.Freeze(stock, account, frozen, grounds.reason, grounds.document)
    return _one(network, name, f"{verb} {account} in {stock}", order, grounds)


def freeze_tokens(network: EvmConnection, stock: str, account: str, amount: RawUnits, grounds: Grounds) -> Plan:
    """Freeze part of a balance: an amount, absolute and not added, which may exceed the balance."""
    name = "compliance freeze-tokens"
    if _ask(network, stock, "getFrozenTokens", account) == amount.value:
        return plan(network, name, grounds.reference, (), [f"{amount} of {account} are frozen in {stock}"])
    order = ins.SetFrozenTokens(stock, account, amount, grounds.reason, grounds.document)
    return _one(network, name, f"freeze {amount} of {account} in {stock}", order, grounds)


def seize(network: EvmConnection, stock: str, account: str, to: str, amount: RawUnits, grounds: Grounds) -> Plan:
    """Move units without the holder. Under one document the same seizure is done once; another needs a reference."""
    held = _ask(network, stock, "balanceOf", account)
    order = ins.ForcedTransfer(stock, account, to, amount, grounds.reason, grounds.document)
    title = f"seize {amount} of {stock} from {account} for {to}"
    return _once(network, "compliance seize", title, order, grounds, (account, held))


def burn(network: EvmConnection, stock: str, account: str, amount: RawUnits, grounds: Grounds) -> Plan:
    """Destroy units that their holder cannot redeem: nothing is paid out. Once under one document, as a seizure."""
    held = _ask(network, stock, "balanceOf", account)
    order = ins.ForcedBurn(stock, account, amount, grounds.reason, grounds.document)
    return _once(network, "compliance burn", f"burn {amount} of {stock} of {account}", order, grounds, (account, held))


def lock(network: EvmConnection, stock: str, account: str, amount: RawUnits, until: int, grounds: Grounds) -> Plan:
    """Lock units up until a UTC second, on top of what is locked. Once under one document, as a seizure."""
    order = ins.Lock(stock, account, amount, until, grounds.reason, grounds.document)
    title = f"lock {amount} of {account} in {stock} until {moment(until)}"
    return _once(network, "compliance lock", title, order, grounds)


def release(network: EvmConnection, stock: str, account: str, grounds: Grounds) -> Plan:
    """End all lock-ups of an account."""
    name = "compliance release"
    if not any(_ask(network, stock, "lockupsOf", account)[0]):
        return plan(network, name, grounds.reference, (), [f"nothing of {account} is locked in {stock}"])
    order = ins.ReleaseLocks(stock, account, grounds.reason, grounds.document)
    return _one(network, name, f"release {account} in {stock}", order, grounds)


def open_case(network: EvmConnection, stock: str, account: str, grounds: Grounds) -> Plan:
    """Open a case on an account, under which the standard's own forms work."""
    name = "compliance open-case"
    if _ask(network, stock, "caseOf", account)[0]:
        return plan(network, name, grounds.reference, (), [f"a case on {account} is open in {stock}"])
    order = ins.OpenCase(stock, account, grounds.reason, grounds.document)
    return _one(network, name, f"open a case on {account} in {stock}", order, grounds)


def close_case(network: EvmConnection, stock: str, account: str, reference: str = "", sender: str = "") -> Plan:
    """Close an account's case."""
    name = "compliance close-case"
    if not _ask(network, stock, "caseOf", account)[0]:
        return plan(network, name, reference, (), [f"no case on {account} is open in {stock}"])
    title = f"close the case on {account} in {stock}"
    order = by_role(network.manifest, ins.CloseCase(stock, account), sender)
    return plan(network, name, reference, [step_of(network.ledger(), title, title, order)])


def _ask(network: EvmConnection, stock: str, view: str, account: str) -> Any:
    """A view of a stock about an account."""
    ledger = network.ledger()
    return ledger.chain.call(ledger.token(stock), view, ledger.chain.address(account))


def _one(network: EvmConnection, name: str, title: str, order: ins.RoleInstruction, grounds: Grounds) -> Plan:
    signed = by_role(network.manifest, order, grounds.sender)
    return plan(network, name, grounds.told, [step_of(network.ledger(), title, title, signed)])


def _once(
    network: EvmConnection,
    name: str,
    title: str,
    order: ins.ForcedTransfer | ins.ForcedBurn | ins.Lock,
    grounds: Grounds,
    holding: tuple[str, int] | None = None,
) -> Plan:
    """An order that its key tells from any other, whoever sent it: a key of ours or the Safe.

    `holding` is whose raw units it takes, and how many there are.
    """
    signed = by_role(network.manifest, order, grounds.sender)
    made = plan(network, name, grounds.told, [step_of(network.ledger(), title, title, signed)], natural=True)
    prepared = prepare(network, made, made.steps[0])
    if (how := once(network, made.steps[0], prepared)) is not None and is_used(network, prepared, how):
        return plan(network, name, grounds.told, (), [f"{title}, under {grounds.told}"], natural=True)
    if holding is not None and holding[1] < order.amount.value:
        held = RawUnits(holding[1], order.amount.decimals)
        raise InputError(f"is more than {holding[0]} holds, {held}", field="amount", value=order.amount)
    return made
