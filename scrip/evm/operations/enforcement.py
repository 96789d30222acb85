"""Forced actions on holders, each on an order: a reason code and a document. Signed by ENFORCER."""

from __future__ import annotations

from typing import Any

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.desk import Desk
from scrip.evm.operations.common import Grounds, by_role, plan, step_of
from scrip.evm.steps import is_used, once, prepare
from scrip.evm.words import is_frozen
from scrip.plan import Plan
from scrip.preview import moment
from scrip.units import RawUnits


def freeze(desk: Desk, stock: str, account: str, frozen: bool, grounds: Grounds) -> Plan:
    """Freeze a whole account of one stock, or lift that."""
    verb = "freeze" if frozen else "unfreeze"
    name = f"compliance {verb}"
    if is_frozen(_ask(desk, stock, "accountWord", account)) == frozen:
        return plan(desk, name, grounds.reference, (), [f"{account} is {'' if frozen else 'not '}frozen in {stock}"])
    order = ins.Freeze(stock, account, frozen, grounds.reason, grounds.document)
    return _one(desk, name, f"{verb} {account} in {stock}", order, grounds)


def freeze_tokens(desk: Desk, stock: str, account: str, amount: RawUnits, grounds: Grounds) -> Plan:
    """Freeze part of a balance: an amount, absolute and not added, which may exceed the balance."""
    name = "compliance freeze-tokens"
    if _ask(desk, stock, "getFrozenTokens", account) == amount.value:
        return plan(desk, name, grounds.reference, (), [f"{amount} of {account} are frozen in {stock}"])
    order = ins.SetFrozenTokens(stock, account, amount, grounds.reason, grounds.document)
    return _one(desk, name, f"freeze {amount} of {account} in {stock}", order, grounds)


def seize(desk: Desk, stock: str, account: str, to: str, amount: RawUnits, grounds: Grounds) -> Plan:
    """Move units without the holder. Under one document the same seizure is done once; another needs a reference."""
    held = _ask(desk, stock, "balanceOf", account)
    order = ins.ForcedTransfer(stock, account, to, amount, grounds.reason, grounds.document)
    title = f"seize {amount} of {stock} from {account} for {to}"
    return _once(desk, "compliance seize", title, order, grounds, (account, held))


def burn(desk: Desk, stock: str, account: str, amount: RawUnits, grounds: Grounds) -> Plan:
    """Destroy units that their holder cannot redeem: nothing is paid out. Once under one document, as a seizure."""
    held = _ask(desk, stock, "balanceOf", account)
    order = ins.ForcedBurn(stock, account, amount, grounds.reason, grounds.document)
    return _once(desk, "compliance burn", f"burn {amount} of {stock} of {account}", order, grounds, (account, held))


def lock(desk: Desk, stock: str, account: str, amount: RawUnits, until: int, grounds: Grounds) -> Plan:
    """Lock units up until a UTC second, on top of what is locked. Once under one document, as a seizure."""
    order = ins.Lock(stock, account, amount, until, grounds.reason, grounds.document)
    title = f"lock {amount} of {account} in {stock} until {moment(until)}"
    return _once(desk, "compliance lock", title, order, grounds)


def release(desk: Desk, stock: str, account: str, grounds: Grounds) -> Plan:
    """End all lock-ups of an account."""
    name = "compliance release"
    if not any(_ask(desk, stock, "lockupsOf", account)[0]):
        return plan(desk, name, grounds.reference, (), [f"nothing of {account} is locked in {stock}"])
    order = ins.ReleaseLocks(stock, account, grounds.reason, grounds.document)
    return _one(desk, name, f"release {account} in {stock}", order, grounds)


def open_case(desk: Desk, stock: str, account: str, grounds: Grounds) -> Plan:
    """Open a case on an account, under which the standard's own forms work."""
    name = "compliance open-case"
    if _ask(desk, stock, "caseOf", account)[0]:
        return plan(desk, name, grounds.reference, (), [f"a case on {account} is open in {stock}"])
    order = ins.OpenCase(stock, account, grounds.reason, grounds.document)
    return _one(desk, name, f"open a case on {account} in {stock}", order, grounds)


def close_case(desk: Desk, stock: str, account: str, reference: str = "", sender: str = "") -> Plan:
    """Close an account's case."""
    name = "compliance close-case"
    if not _ask(desk, stock, "caseOf", account)[0]:
        return plan(desk, name, reference, (), [f"no case on {account} is open in {stock}"])
    title = f"close the case on {account} in {stock}"
    order = by_role(desk.manifest, ins.CloseCase(stock, account), sender)
    return plan(desk, name, reference, [step_of(desk.ledger(), title, title, order)])


def _ask(desk: Desk, stock: str, view: str, account: str) -> Any:
    """A view of a stock about an account."""
    ledger = desk.ledger()
    return ledger.chain.call(ledger.token(stock), view, ledger.chain.address(account))


def _one(desk: Desk, name: str, title: str, order: ins.RoleInstruction, grounds: Grounds) -> Plan:
    signed = by_role(desk.manifest, order, grounds.sender)
    return plan(desk, name, grounds.told, [step_of(desk.ledger(), title, title, signed)])


def _once(
    desk: Desk,
    name: str,
    title: str,
    order: ins.ForcedTransfer | ins.ForcedBurn | ins.Lock,
    grounds: Grounds,
    holding: tuple[str, int] | None = None,
) -> Plan:
    """An order that its key tells from any other, whoever sent it: a key of ours or the Safe.

    `holding` is whose raw units it takes, and how many there are.
    """
    signed = by_role(desk.manifest, order, grounds.sender)
    made = plan(desk, name, grounds.told, [step_of(desk.ledger(), title, title, signed)], natural=True)
    prepared = prepare(desk, made, made.steps[0])
    if (how := once(desk, made.steps[0], prepared)) is not None and is_used(desk, prepared, how):
        return plan(desk, name, grounds.told, (), [f"{title}, under {grounds.told}"], natural=True)
    if holding is not None and holding[1] < order.amount.value:
        held = RawUnits(holding[1], order.amount.decimals)
        raise InputError(f"is more than {holding[0]} holds, {held}", field="amount", value=order.amount)
    return made
