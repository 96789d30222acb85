"""Forced actions on holders, each on an order: a reason code and a document. Signed by ENFORCER."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.desk import Desk
from scrip.evm.ledger import EvmLedger
from scrip.evm.operations.common import by_role, plan, step_of
from scrip.evm.steps import is_used, once, prepare
from scrip.plan import Plan
from scrip.preview import moment
from scrip.units import RawUnits

FROZEN = 1 << 168
"""Of the account word (contracts/modules/account_word.vy)."""


def freeze(
    desk: Desk,
    stock: str,
    account: str,
    frozen: bool,
    reason: int,
    document: str,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """Freeze a whole account of one stock, or lift that."""
    ledger = desk.ledger()
    verb = "freeze" if frozen else "unfreeze"
    name = f"compliance {verb}"
    word = ledger.chain.call(ledger.token(stock), "accountWord", ledger.chain.address(account))
    if bool(word & FROZEN) == frozen:
        return plan(desk, name, reference, (), [f"{account} is {'' if frozen else 'not '}frozen in {stock}"])
    order = ins.Freeze(stock, account, frozen, reason, document)
    return _one(desk, ledger, name, f"{verb} {account} in {stock}", order, reference or document, sender)


def freeze_tokens(
    desk: Desk,
    stock: str,
    account: str,
    amount: RawUnits,
    reason: int,
    document: str,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """Freeze part of a balance: an amount, absolute and not added, which may exceed the balance."""
    ledger = desk.ledger()
    name = "compliance freeze-tokens"
    if ledger.chain.call(ledger.token(stock), "getFrozenTokens", ledger.chain.address(account)) == amount.value:
        return plan(desk, name, reference, (), [f"{amount} of {account} are frozen in {stock}"])
    order = ins.SetFrozenTokens(stock, account, amount, reason, document)
    title = f"freeze {amount} of {account} in {stock}"
    return _one(desk, ledger, name, title, order, reference or document, sender)


def seize(
    desk: Desk,
    stock: str,
    account: str,
    to: str,
    amount: RawUnits,
    reason: int,
    document: str,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """Move units without the holder. Under one document the same seizure is done once; another needs a reference."""
    ledger = desk.ledger()
    held = ledger.chain.call(ledger.token(stock), "balanceOf", ledger.chain.address(account))
    order = by_role(desk.manifest, ins.ForcedTransfer(stock, account, to, amount, reason, document), sender)
    title = f"seize {amount} of {stock} from {account} for {to}"
    return _once(desk, "compliance seize", title, order, reference or document, (account, held))


def burn(
    desk: Desk,
    stock: str,
    account: str,
    amount: RawUnits,
    reason: int,
    document: str,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """Destroy units that their holder cannot redeem: nothing is paid out. Once under one document, as a seizure."""
    ledger = desk.ledger()
    held = ledger.chain.call(ledger.token(stock), "balanceOf", ledger.chain.address(account))
    order = by_role(desk.manifest, ins.ForcedBurn(stock, account, amount, reason, document), sender)
    title = f"burn {amount} of {stock} of {account}"
    return _once(desk, "compliance burn", title, order, reference or document, (account, held))


def lock(
    desk: Desk,
    stock: str,
    account: str,
    amount: RawUnits,
    until: int,
    reason: int,
    document: str,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """Lock units up until a UTC second, on top of what is locked. Once under one document, as a seizure."""
    order = by_role(desk.manifest, ins.Lock(stock, account, amount, until, reason, document), sender)
    title = f"lock {amount} of {account} in {stock} until {moment(until)}"
    return _once(desk, "compliance lock", title, order, reference or document)


def release(
    desk: Desk, stock: str, account: str, reason: int, document: str, reference: str = "", sender: str = ""
) -> Plan:
    """End all lock-ups of an account."""
    ledger = desk.ledger()
    name = "compliance release"
    if not any(ledger.chain.call(ledger.token(stock), "lockupsOf", ledger.chain.address(account))[0]):
        return plan(desk, name, reference, (), [f"nothing of {account} is locked in {stock}"])
    order = ins.ReleaseLocks(stock, account, reason, document)
    return _one(desk, ledger, name, f"release {account} in {stock}", order, reference or document, sender)


def _once(
    desk: Desk,
    name: str,
    title: str,
    order: ins.RoleInstruction,
    reference: str,
    holding: tuple[str, int] | None = None,
) -> Plan:
    """An order that its key tells from any other, whoever sent it: a key of ours or the Safe.

    `holding` is whose raw units it takes, and how many there are.
    """
    made = plan(desk, name, reference, [step_of(desk.ledger(), title, title, order)], natural=True)
    prepared = prepare(desk, made, made.steps[0])
    if (how := once(desk, made.steps[0], prepared)) is not None and is_used(desk, prepared, how):
        return plan(desk, name, reference, (), [f"{title}, under {reference}"], natural=True)
    if holding is not None and holding[1] < (amount := order.amount).value:  # type: ignore[attr-defined]
        held = RawUnits(holding[1], amount.decimals)
        raise InputError(f"is more than {holding[0]} holds, {held}", field="amount", value=amount)
    return made


def open_case(
    desk: Desk, stock: str, account: str, reason: int, document: str, reference: str = "", sender: str = ""
) -> Plan:
    """Open a case on an account, under which the standard's own forms work."""
    ledger = desk.ledger()
    name = "compliance open-case"
    if ledger.chain.call(ledger.token(stock), "caseOf", ledger.chain.address(account))[0]:
        return plan(desk, name, reference, (), [f"a case on {account} is open in {stock}"])
    order = ins.OpenCase(stock, account, reason, document)
    return _one(desk, ledger, name, f"open a case on {account} in {stock}", order, reference or document, sender)


def close_case(desk: Desk, stock: str, account: str, reference: str = "", sender: str = "") -> Plan:
    """Close an account's case."""
    ledger = desk.ledger()
    name = "compliance close-case"
    if not ledger.chain.call(ledger.token(stock), "caseOf", ledger.chain.address(account))[0]:
        return plan(desk, name, reference, (), [f"no case on {account} is open in {stock}"])
    order = ins.CloseCase(stock, account)
    return _one(desk, ledger, name, f"close the case on {account} in {stock}", order, reference, sender)


def _one(
    desk: Desk, ledger: EvmLedger, name: str, title: str, order: ins.RoleInstruction, reference: str, sender: str
) -> Plan:
    return plan(desk, name, reference, [step_of(ledger, title, title, by_role(desk.manifest, order, sender))])
