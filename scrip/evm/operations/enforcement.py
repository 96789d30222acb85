"""Forced actions on holders, each on an order: a reason code and a document. Signed by ENFORCER."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.desk import Desk
from scrip.evm.ledger import EvmLedger
from scrip.evm.operations.common import by_role, plan, step_of
from scrip.plan import Plan
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
    made = plan(desk, "compliance seize", reference or document, [step_of(ledger, title, title, order)], natural=True)
    if held < amount.value and not _done_before(desk, made):
        raise InputError(
            f"is more than {account} holds, {RawUnits(held, amount.decimals)}", field="amount", value=amount
        )
    return made


def _done_before(desk: Desk, made: Plan) -> bool:
    from scrip.evm.steps import identity

    latest = desk.records.latest(identity(desk, made, made.steps[0]))
    return latest is not None and latest.done


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
