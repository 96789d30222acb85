"""Forced actions on holders, each on an order: a reason code and a document. Signed by ENFORCER."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.errors import Drift, InputError
from scrip.evm.rpc.wire import RpcError
from scrip.evm.tx.steps import once, used_in
from scrip.flows.investors import check_signable
from scrip.model.laws import lockups
from scrip.plan import Plan, Step
from scrip.plan.draft import Draft, Reason
from scrip.plan.identity import booked_under
from scrip.preview import moment
from scrip.records.record import Action
from scrip.units import RawUnits


def freeze(network: Network, stock: str, account: str, frozen: bool, reason: Reason) -> Plan:
    """Freeze a whole account of one stock, or lift that.

    On Solana the wallet is held, whatever token accounts it has or makes; what it has beside the canonical one is
    frozen in the next transactions.
    """
    verb = "freeze" if frozen else "unfreeze"
    views = network.views()
    draft = Draft(views, f"compliance {verb}", reason.told, single=reason.reference)
    if views.frozen(stock, account) == frozen:
        return draft.nothing(f"{account} is {'' if frozen else 'not '}frozen in {stock}")
    order = ins.Freeze(stock, account, frozen, reason.code, reason.document)
    what = "hold_account" if frozen else "release_account"
    by = draft.order(f"{verb} {account} in {stock}", order, reason.sender, what=what).sender
    draft.steps += views.consequences(order, by)
    return draft.plan()


def sweep(network: Network, sender: str = "") -> Plan:
    """Freeze every token account that is open though its wallet is blocked, held or lapsed. Anyone may.

    InputError on Ethereum-family chains, where a wallet has one balance of a stock.
    """
    views = network.views()
    draft = Draft(views, "compliance sweep", f"at {views.now()}", natural=True)
    draft.steps += views.sweep(draft.anyone("ENFORCER", sender))
    return draft.plan() if draft.steps else draft.nothing("nothing is open that must be frozen")


def thaw(network: Network, stock: str, account: str, units: str = "", sender: str = "") -> Plan:
    """Let a wallet's token account of a stock receive: its canonical one, opened where it has none, or that at the
    address `units`, as a pool's vault. Anyone may; the program refuses where the wallet may not have it open.

    InputError on Ethereum-family chains, where a wallet needs no account of a stock.
    """
    views = network.views()
    draft = Draft(views, "compliance thaw", f"{account} at {views.now()}", natural=True)
    draft.steps += views.thaw(stock, account, units, draft.anyone("COMPLIANCE", sender))
    return draft.plan() if draft.steps else draft.nothing(f"{units or account} is open in {stock}")


def seize(network: Network, stock: str, account: str, to: str, amount: RawUnits, reason: Reason) -> Plan:
    """Move units without the holder. Under one document the same seizure is done once; another needs a reference.

    On Solana the receiver's token account is opened before, where it has none.
    """
    check_signable(to, network.views().unsignable([to]), "to")
    order = ins.ForcedTransfer(stock, account, to, amount, reason.code, reason.document)
    title = f"seize {amount} of {stock} from {account} for {to}"
    return _once(network, "compliance seize", title, order, reason)


def burn(network: Network, stock: str, account: str, amount: RawUnits, reason: Reason) -> Plan:
    """Destroy units that their holder cannot redeem: nothing is paid out. Once under one document, as a seizure."""
    order = ins.ForcedBurn(stock, account, amount, reason.code, reason.document)
    return _once(network, "compliance burn", f"burn {amount} of {stock} of {account}", order, reason)


def freeze_tokens(network: Network, stock: str, account: str, amount: RawUnits, reason: Reason) -> Plan:
    """Freeze part of a balance: an amount, absolute and not added.

    It may exceed the balance on Ethereum-family chains. On Solana it is moved to the wallet's vault, and cannot.
    """
    views = network.views()
    amount = amount.to_decimals(views.ledger.traits.decimals)
    draft = Draft(views, "compliance freeze-tokens", reason.told, single=reason.reference)
    if views.bonds().frozen(stock, account) == amount.value:
        return draft.nothing(f"{amount} of {account} are frozen in {stock}")
    order = ins.SetFrozenTokens(stock, account, amount, reason.code, reason.document)
    draft.order(f"freeze {amount} of {account} in {stock}", order, reason.sender)
    return draft.plan()


def lock(network: Network, stock: str, account: str, amount: RawUnits, until: int, reason: Reason) -> Plan:
    """Lock units up until a UTC second, on top of what is locked. Once under one document, as a seizure."""
    order = ins.Lock(stock, account, amount, until, reason.code, reason.document)
    title = f"lock {amount} of {account} in {stock} until {moment(until)}"
    return _once(network, "compliance lock", title, order, reason)


def release(network: Network, stock: str, account: str, reason: Reason) -> Plan:
    """End all lock-ups of an account."""
    views = network.views()
    draft = Draft(views, "compliance release", reason.told, single=reason.reference)
    if not lockups.running(views.bonds().lockups(stock, account), views.now()):
        return draft.nothing(f"nothing of {account} is locked in {stock}")
    order = ins.ReleaseLocks(stock, account, reason.code, reason.document)
    draft.order(f"release {account} in {stock}", order, reason.sender)
    return draft.plan()


def release_ended(network: Network, stock: str, account: str, sender: str = "") -> Plan:
    """Give a wallet what its lock-ups that have ended bound. Anyone may; the program refuses where the wallet is
    blocked or held.

    InputError on Ethereum-family chains, where what has ended binds nothing.
    """
    views = network.views()
    draft = Draft(views, "compliance release-ended", f"{account} at {views.now()}", natural=True)
    draft.steps += views.bonds().releasing(stock, account, draft.anyone("COMPLIANCE", sender))
    return draft.plan() if draft.steps else draft.nothing(f"no lock-up of {account} in {stock} has ended")


# --- on Ethereum-family chains ---------------------------------------------------------------------------------------


def open_case(network: Network, stock: str, account: str, reason: Reason) -> Plan:
    """Open a case on an account, under which the standard's own forms work."""
    evm = evm_only(network)
    draft = Draft(evm.views(), "compliance open-case", reason.told, single=reason.reference)
    if _ask(evm, stock, "caseOf", account)[0]:
        return draft.nothing(f"a case on {account} is open in {stock}")
    order = ins.OpenCase(stock, account, reason.code, reason.document)
    draft.order(f"open a case on {account} in {stock}", order, reason.sender)
    return draft.plan()


def close_case(network: Network, stock: str, account: str, reference: str = "", sender: str = "") -> Plan:
    """Close an account's case."""
    evm = evm_only(network)
    draft = Draft(evm.views(), "compliance close-case", reference, single=reference)
    if not _ask(evm, stock, "caseOf", account)[0]:
        return draft.nothing(f"no case on {account} is open in {stock}")
    draft.order(f"close the case on {account} in {stock}", ins.CloseCase(stock, account), sender)
    return draft.plan()


def _ask(network: EvmNetwork, stock: str, view: str, account: str) -> Any:
    """Ask a view of a stock about an account."""
    return network.chain.call(network.ledger().token(stock), view, network.chain.address(account))


def _once(
    network: Network, name: str, title: str, order: ins.ForcedTransfer | ins.ForcedBurn | ins.Lock, reason: Reason
) -> Plan:
    """An order that its key tells from any other, whoever sent it: a key of ours or the Safe."""
    views = network.views()
    order = replace(order, amount=order.amount.to_decimals(views.ledger.traits.decimals))
    draft = Draft(views, name, reason.told, natural=True, single=reason.reference)
    # Its own reference is good for one order, whatever that says, wherever it was signed: the chain honours a key once.
    signed = draft.by_role(order, reason.sender, "the order" if reason.reference else title)
    step = views.step("the order" if reason.reference else title, title, [signed])
    if isinstance(order, ins.ForcedTransfer):
        draft.prepared([*views.opening(order.stock, order.to, signed.by), step])
    else:
        draft.add(step)
    made = draft.plan()
    manager = network.transactions()
    prepared = manager.prepare(made, step)
    if manager.is_done(step, prepared):
        if reason.reference and _of_other_terms(network, step, prepared):
            told = "names an order of other terms, which was carried out: give this one a reference of its own"
            raise InputError(told, field="reference", value=reason.reference)
        return draft.nothing(f"{title}, under {reason.told}")
    account = order.sender if isinstance(order, ins.ForcedTransfer) else order.account
    for action in booked_under(network, name, reason.told):
        if _is_about(action, order.stock, views.address(account)) and action.step != step.name:
            # A slip of the amount is the same order twice: whoever means it says so.
            named = f"names an order on {account} of other terms already ({action.title})"
            raise InputError(f"{named}: give this one --reference", field="document", value=reason.told)
    if not isinstance(order, ins.Lock):
        held = views.ledger.balance(order.stock, account)
        if held.value < order.amount.value:
            raise InputError(f"is more than {account} holds, {held}", field="amount", value=order.amount)
    return made


def _is_about(action: Action, stock: str, holder: str) -> bool:
    """Whether a recorded action took units of a holder in a stock."""
    first = action.arguments[0] if action.arguments else None
    if isinstance(first, Mapping):
        return bool(first.get("accounts", {}).get("holder") == holder)
    # The holder comes first among a forced action's arguments.
    return action.to_name == stock and first == holder


def _of_other_terms(network: Network, step: Step, prepared: Any) -> bool:
    """Whether the transaction that used an order's key carried another call than the order's.

    The Safe's holds the call within its own. Nothing is said where the node does not tell which transaction it was.
    """
    if not isinstance(network, EvmNetwork):
        try:
            network.transactions().carried_out(step, prepared)
        except Drift:
            return True
        return False
    how = once(network, step, prepared)
    try:
        used = used_in(network, prepared, how) if how is not None else ""
        sent = network.node.transaction(used) if used else None
    except RpcError:
        return False
    return sent is not None and prepared.data.hex() not in sent["input"]
