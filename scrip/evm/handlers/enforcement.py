"""What an enforcer does to an account without its holder: cases, freezes, lock-ups, forced transfers and burns."""

from __future__ import annotations

from collections.abc import Sequence

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import Transaction, document_hash, key_word, raw
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known
from scrip.evm.labels import BALANCE_MASK, is_blocked, is_enrolled, is_frozen
from scrip.instructions.enforcement import Enforcement
from scrip.model.laws.lockups import Lockups, Tranche
from scrip.model.state.accounts import Account
from scrip.plan import Address


def _enforce(facts: Facts, order: Enforcement, function: str, *args: object) -> Transaction:
    demand_known(order.stock, facts)
    return Transaction(order.by, order.stock, "StockToken", function, args)


@TRANSACTIONS.of(ins.OpenCase)
def open_case(facts: Facts, order: ins.OpenCase) -> Transaction:
    """Put a reason and a document on an account, for the standard's own forms."""
    return _enforce(facts, order, "openCase", Address(order.account), order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.CloseCase)
def close_case(facts: Facts, order: ins.CloseCase) -> Transaction:
    """End an account's case."""
    return _enforce(facts, order, "closeCase", Address(order.account))


@TRANSACTIONS.of(ins.Freeze)
def freeze(facts: Facts, order: ins.Freeze) -> Transaction:
    """Freeze a whole account, or free it again."""
    return _enforce(facts, order, "setFrozen", Address(order.account), order.frozen, *_reason(order))


@TRANSACTIONS.of(ins.SetFrozenTokens)
def set_frozen_tokens(facts: Facts, order: ins.SetFrozenTokens) -> Transaction:
    """Freeze part of a balance."""
    return _enforce(facts, order, "setFrozenTokens", Address(order.account), raw(order.amount), *_reason_or_none(order))


@TRANSACTIONS.of(ins.ForcedTransfer)
def forced_transfer(facts: Facts, order: ins.ForcedTransfer) -> Transaction:
    """Take units from an account and give them to another."""
    args = (Address(order.sender), Address(order.to), raw(order.amount))
    return _enforce(facts, order, "forcedTransfer", *args, *_reason_or_none(order))


@TRANSACTIONS.of(ins.ForcedBurn)
def forced_burn(facts: Facts, order: ins.ForcedBurn) -> Transaction:
    """Destroy units of an account."""
    return _enforce(facts, order, "forcedBurn", Address(order.account), raw(order.amount), *_reason(order))


@TRANSACTIONS.of(ins.Lock)
def lock(facts: Facts, order: ins.Lock) -> Transaction:
    """Lock units up until a date."""
    return _enforce(facts, order, "lock", Address(order.account), raw(order.amount), order.until, *_reason(order))


@TRANSACTIONS.of(ins.ReleaseLocks)
def release_locks(facts: Facts, order: ins.ReleaseLocks) -> Transaction:
    """End all lock-ups of an account."""
    return _enforce(facts, order, "releaseLocks", Address(order.account), *_reason(order))


def _reason(
    order: ins.Freeze | ins.SetFrozenTokens | ins.ForcedTransfer | ins.ForcedBurn | ins.Lock | ins.ReleaseLocks,
) -> tuple[object, ...]:
    """The arguments that every forced action ends with: reason, document and key."""
    return order.reason, document_hash(order.document), key_word(order.key)


def _reason_or_none(order: ins.SetFrozenTokens | ins.ForcedTransfer) -> tuple[object, ...]:
    """Reason, document and key of the long form; nothing for the standard's own form."""
    return _reason(order) if order.reason or order.document or order.key else ()


# --- read back -------------------------------------------------------------------------------------------------------


def read_accounts(chain: Chain, token: Contract, names: Sequence[str]) -> dict[str, Account]:
    """Read what accounts of a stock hold, and what of it is frozen or locked up."""
    addresses = [(chain.address(name),) for name in names]
    words, frozen, cases, locks = (
        ask_all(chain, [Call(token, view, where) for where in addresses])
        for view in ("accountWord", "getFrozenTokens", "caseOf", "lockupsOf")
    )
    return {
        name: Account(
            word & BALANCE_MASK,
            is_frozen(word),
            part,
            case[0] != 0,
            _lockups(*held),
            is_enrolled(word),
            is_enrolled(word) or is_blocked(word),
        )
        for name, word, part, case, held in zip(names, words, frozen, cases, locks, strict=True)
    }


def _lockups(amounts: Sequence[int], untils: Sequence[int]) -> Lockups:
    return tuple(Tranche(until, amount) for until, amount in zip(untils, amounts, strict=True) if amount)
