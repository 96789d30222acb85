"""The one translation of instructions into the transactions that carry them out."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm import mocks
from scrip.evm.encoding.values import (
    CUSTODIAN,
    POLICIES,
    Facts,
    Transaction,
    action_id,
    class_bits,
    coins,
    country_words,
    document_hash,
    key_word,
    known_or_nothing,
    raw,
    reference_word,
)
from scrip.evm.handlers.registering import register
from scrip.instructions import Instruction
from scrip.instructions.enforcement import Enforcement
from scrip.labels import oracle_label
from scrip.plan import Address


def transaction(order: Instruction, facts: Facts) -> Transaction:
    """What carries an instruction out. InputError for a stock that no chain could be asked about."""
    match order:
        case ins.Transfer() | ins.TransferFrom() | ins.Approve():
            return _holder(order, facts)
        case ins.FundStablecoin(account, amount):
            args = (Address(account), coins(amount))
            return Transaction(account or ins.ISSUER, "stablecoin", mocks.STABLECOIN, "mint", args)
        case ins.Mint() | ins.Redeem():
            return _quoted(order, facts)
        case ins.Announce() | ins.Schedule() | ins.Cancel():
            return _action(order, facts)
        case ins.ConfigureReserve() | ins.SetCeiling() | ins.SetBasis() | ins.ConfirmBasis():
            return _reserve(order, facts)
        case ins.AttestReserve(stock, shares, at):
            _check_stock(stock, facts)
            answer = shares.to_wad()
            name, args = ("push", (answer,)) if at is None else ("pushAt", (answer, at))
            return Transaction(CUSTODIAN, oracle_label(stock), mocks.RESERVE_ORACLE, name, args)
        case ins.CreateStock(stock, name, isin, policy, series):
            args = (name, stock, isin, series, POLICIES[policy])
            return Transaction(order.by, "factory", "StockFactory", "createStock", args)
        case ins.Halt() | ins.Unhalt() | ins.Pause() | ins.Unpause() | ins.PauseMarket() | ins.UnpauseMarket():
            return _stop(order, facts)
        case _ if isinstance(order, Enforcement):
            return _enforce(order, facts)
        case ins.SetStockRules() | ins.SetHolderLimits() | ins.RemoveHolderLimits() | ins.SeedHolders():
            return _rules(order, facts)
        case _:
            return register(order, facts)


# --- holders and orders ----------------------------------------------------------------------------------------------


def _holder(order: ins.Transfer | ins.TransferFrom | ins.Approve, facts: Facts) -> Transaction:
    _check_stock(order.stock, facts)
    match order:
        case ins.Transfer(stock, sender, to, amount):
            return Transaction(sender, stock, "StockToken", "transfer", (Address(to), raw(amount)))
        case ins.TransferFrom(stock, spender, sender, to, amount):
            args = (Address(sender), Address(to), raw(amount))
            return Transaction(spender, stock, "StockToken", "transferFrom", args)
        case ins.Approve(stock, owner, spender, amount):
            return Transaction(owner, stock, "StockToken", "approve", (Address(spender), raw(amount)))


def _quoted(order: ins.Mint | ins.Redeem, facts: Facts) -> Transaction:
    if not order.account:
        raise InputError("nobody signs for the zero address", field="account")
    raw(order.amount)
    coins(order.settlement)
    signed = facts.signed(order)
    function = "mint" if isinstance(order, ins.Mint) else "redeem"
    args = (signed.quote.values(), signed.signer, signed.signature)
    return Transaction(order.by or order.account, "market", "PrimaryMarket", function, args)


# --- corporate actions and backing -----------------------------------------------------------------------------------


def _action(order: ins.Announce | ins.Schedule | ins.Cancel, facts: Facts) -> Transaction:
    if isinstance(order, ins.Announce):
        function = "announce"
        args: tuple = (
            known_or_nothing(order.stock, facts),
            order.code,
            reference_word(order.reference),
            order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day,
            order.pay,
            order.effective_at,
            order.num,
            order.den,
            order.gross,
        )
    else:
        identity = action_id(facts.isin(order.stock), order.code, order.reference)
        if isinstance(order, ins.Schedule):
            function, args = "schedule", (identity, order.price)
        else:
            function, args = "cancel", (identity, order.reason, document_hash(order.document))
    return Transaction(order.by, "actions", "CorporateActions", function, args)


def _reserve(
    order: ins.ConfigureReserve | ins.SetCeiling | ins.SetBasis | ins.ConfirmBasis, facts: Facts
) -> Transaction:
    stock = known_or_nothing(order.stock, facts)
    match order:
        case ins.ConfigureReserve(_, age, margin, ceiling, by=by):
            function, args = "configure", (stock, facts.oracle(order.stock), age, margin, ceiling.to_wad())
        case ins.SetCeiling(_, ceiling, by=by):
            function, args = "setCeiling", (stock, ceiling.to_wad())
        case ins.SetBasis(by=by):
            function, args = "setBasis", (stock,)
        case ins.ConfirmBasis(_, old, new):
            if old is None or new is None:
                chosen = facts.rounds(order.stock)
                old, new = chosen[0] if old is None else old, chosen[1] if new is None else new
            by, function, args = CUSTODIAN, "confirmBasis", (stock, old, new)
    return Transaction(by, "feed", "ReserveFeed", function, args)


# --- stops, enforcement, the directory -------------------------------------------------------------------------------

Stop = ins.Halt | ins.Unhalt | ins.Pause | ins.Unpause | ins.PauseMarket | ins.UnpauseMarket


def _stop(order: Stop, facts: Facts) -> Transaction:
    match order:
        case ins.Halt():
            return Transaction(order.by, "beacon", "StockBeacon", "halt")
        case ins.Unhalt():
            return Transaction(order.by, "beacon", "StockBeacon", "unhalt")
        case ins.PauseMarket():
            return Transaction(order.by, "market", "PrimaryMarket", "pause")
        case ins.UnpauseMarket():
            return Transaction(order.by, "market", "PrimaryMarket", "unpause")
    _check_stock(order.stock, facts)
    function = "pause" if isinstance(order, ins.Pause) else "unpause"
    return Transaction(order.by, order.stock, "StockToken", function)


def _enforce(order: Enforcement, facts: Facts) -> Transaction:
    _check_stock(order.stock, facts)
    match order:
        case ins.OpenCase(_, account, reason, document):
            function, args = "openCase", (Address(account), reason, document_hash(document))
        case ins.CloseCase(_, account):
            function, args = "closeCase", (Address(account),)
        case ins.Freeze(_, account, frozen, reason, document):
            args = (Address(account), frozen, reason, document_hash(document), key_word(order.key))
            function = "setFrozen"
        case ins.SetFrozenTokens(_, account, amount):
            function, args = "setFrozenTokens", (Address(account), raw(amount), *_grounds(order))
        case ins.ForcedTransfer(_, sender, to, amount):
            function, args = "forcedTransfer", (Address(sender), Address(to), raw(amount), *_grounds(order))
        case ins.ForcedBurn(_, account, amount):
            function, args = "forcedBurn", (Address(account), raw(amount), *_own_grounds(order))
        case ins.Lock(_, account, amount, until):
            function, args = "lock", (Address(account), raw(amount), until, *_own_grounds(order))
        case ins.ReleaseLocks(_, account):
            function, args = "releaseLocks", (Address(account), *_own_grounds(order))
    return Transaction(order.by, order.stock, "StockToken", function, args)


def _grounds(order: ins.SetFrozenTokens | ins.ForcedTransfer) -> tuple:
    """Reason, document and key of the long form; nothing for the standard's own form."""
    if order.reason == 0 and not order.document and not order.key:
        return ()
    return _own_grounds(order)


def _own_grounds(order: Enforcement) -> tuple:
    return order.reason, document_hash(order.document), key_word(order.key)


def _rules(
    order: ins.SetStockRules | ins.SetHolderLimits | ins.RemoveHolderLimits | ins.SeedHolders, facts: Facts
) -> Transaction:
    stock = known_or_nothing(order.stock, facts)
    args: tuple
    match order:
        case ins.SetStockRules(rules=rules):
            function, args = "setStockRules", (stock, class_bits(rules), country_words(rules))
        case ins.SetHolderLimits(limits=limits):
            args = (stock, limits.most, raw(limits.maximum), raw(limits.minimum))
            function = "setHolderLimits"
        case ins.RemoveHolderLimits():
            function, args = "removeHolderLimits", (stock,)
        case ins.SeedHolders(accounts=accounts):
            function, args = "seedHolders", (stock, [Address(one) for one in accounts])
    return Transaction(order.by, "registry", "ComplianceRegistry", function, args)


def _check_stock(stock: str, facts: Facts) -> None:
    if not facts.isin(stock):
        raise InputError("is not a known stock", field="stock", value=stock)
