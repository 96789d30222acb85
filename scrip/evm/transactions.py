"""The one translation of instructions into the transactions that carry them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from eth_utils import keccak

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm import quotes
from scrip.evm.words import oracle_label
from scrip.instructions import DOCUMENT_HASH, Instruction
from scrip.instructions.enforcement import Enforcement
from scrip.plan import Address, StepKey
from scrip.stock_rules import StockRules
from scrip.units import EVM_DECIMALS, STABLECOIN_DECIMALS, RawUnits, Stablecoin

POLICIES = {"ALLOWLIST": 0, "BLOCKLIST": 1}
CLASSES = {"retail": 1, "professional": 2, "institutional": 3, "venue": 4}
CUSTODIAN = "custodian"
"""Who publishes rounds on a local chain and shows them to the feed: nobody with a role."""
ZERO_WORD = bytes(32)


@dataclass(frozen=True, slots=True)
class Transaction:
    """A call of `function` of the contract with the label `to`, whose ABI is `contract`'s, by the account `sender`.

    `args` may hold Address and StepKey, in lists and tuples too.
    """

    sender: str
    to: str
    contract: str
    function: str
    args: tuple = ()


@dataclass(frozen=True, slots=True)
class SignedQuote:
    """An issuer's quote, who is said to have signed it, and 65 bytes r, s, v."""

    quote: quotes.Quote
    signer: str
    signature: bytes


class Facts(Protocol):
    """What a translation needs to know beside the instruction."""

    def isin(self, stock: str) -> str:
        """The ISIN that a stock was born with; "" for an unknown stock."""

    def oracle(self, stock: str) -> Address | str:
        """The oracle of a stock's reserve; the zero address for an unknown stock."""

    def rounds(self, stock: str) -> tuple[int, int]:
        """The oracle's rounds before and after the first split that the feed has not confirmed."""

    def signed(self, order: ins.Mint | ins.Redeem) -> SignedQuote:
        """The issuer's quote for an order."""


def document_hash(text: str) -> bytes:
    """The hash that a document stands for: 0x and 64 hex digits are the hash itself; zero for none."""
    if DOCUMENT_HASH.fullmatch(text):
        return bytes.fromhex(text[2:])
    return keccak(text=text) if text else ZERO_WORD


def reference_word(text: str) -> bytes:
    """A reference as the chain keeps it: its UTF-8 bytes when 32 hold them, else their hash."""
    raw = text.encode()
    return raw.ljust(32, b"\0") if len(raw) <= 32 else keccak(raw)


def investor_number(name: str) -> int:
    """The registry's number of an investor's name; 0, which it refuses, for none."""
    return int.from_bytes(keccak(text=f"investor {name}")[:8]) if name else 0


def action_id(isin: str, code: str, reference: str) -> bytes:
    """The id under which the chain keeps an action, the same on every chain."""
    return keccak(isin.encode().ljust(12, b"\0") + code.encode().ljust(4, b"\0") + reference_word(reference))


def class_bits(rules: StockRules) -> int:
    """The classes that may hold a stock as the registry takes them: bit k for class k."""
    return sum(1 << CLASSES[name] for name in rules.classes)


def country_words(rules: StockRules) -> list[int]:
    """The countries whose investors may hold a stock as the registry takes them: four words of 256 bits."""
    return [rules.countries.bits >> 256 * word & (2**256 - 1) for word in range(4)]


def raw(amount: RawUnits) -> int:
    """Raw units as the chain takes them; TypeError for those of another chain."""
    if not isinstance(amount, RawUnits) or amount.decimals != EVM_DECIMALS:
        raise TypeError(f"{amount!r} are not raw units of evm, {EVM_DECIMALS} decimals")
    return amount.value


def coins(amount: Stablecoin) -> int:
    """Settlement currency as the chain takes it; TypeError for another number of decimals."""
    if not isinstance(amount, Stablecoin) or amount.decimals != STABLECOIN_DECIMALS:
        raise TypeError(f"{amount!r} is not the stablecoin, {STABLECOIN_DECIMALS} decimals")
    return amount.value


def transaction(order: Instruction, facts: Facts) -> Transaction:
    """What carries an instruction out. InputError for a stock that no chain could be asked about."""
    match order:
        case ins.Transfer() | ins.TransferFrom() | ins.Approve():
            return _holder(order, facts)
        case ins.FundStablecoin(account, amount):
            args = (Address(account), coins(amount))
            return Transaction(account or ins.ISSUER, "stablecoin", "MockStablecoin", "mint", args)
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
            return Transaction(CUSTODIAN, oracle_label(stock), "MockReserveOracle", name, args)
        case ins.CreateStock(stock, name, isin, policy, series):
            args = (name, stock, isin, series, POLICIES[policy])
            return Transaction(order.by, "factory", "StockFactory", "createStock", args)
        case ins.Halt() | ins.Unhalt() | ins.Pause() | ins.Unpause() | ins.PauseMarket() | ins.UnpauseMarket():
            return _stop(order, facts)
        case _ if isinstance(order, Enforcement):
            return _enforce(order, facts)
        case ins.SetStockRules() | ins.SetHolderLimits() | ins.RemoveHolderLimits() | ins.SeedHolders():
            return _rules(order, facts)
        case ins.RoleInstruction():
            return _register(order)
    raise TypeError(f"no instruction: {order!r}")


def onboarding(orders: tuple[ins.Onboard, ...], by: str) -> Transaction:
    """One transaction that onboards all of `orders` or none; 200 at most."""
    return Transaction(
        by, "registry", "ComplianceRegistry", "onboard", (StepKey(), [_entry(order) for order in orders])
    )


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
            _known_or_nothing(order.stock, facts),
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
    stock = _known_or_nothing(order.stock, facts)
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
            args = (Address(account), frozen, reason, document_hash(document), _key(order.key))
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
    return order.reason, document_hash(order.document), _key(order.key)


def _rules(
    order: ins.SetStockRules | ins.SetHolderLimits | ins.RemoveHolderLimits | ins.SeedHolders, facts: Facts
) -> Transaction:
    stock = _known_or_nothing(order.stock, facts)
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


def _register(order: Instruction) -> Transaction:
    args: tuple
    match order:
        case ins.Onboard():
            function, args = "onboard", ([_entry(order)],)
        case ins.LinkWallet(investor, wallet):
            function, args = "linkWallet", (investor_number(investor), Address(wallet))
        case ins.UnlinkWallet(investor, wallet, reason, document):
            args = (investor_number(investor), Address(wallet), reason, document_hash(document))
            function = "unlinkWallet"
        case ins.Renew(investor, expiry):
            function, args = "renew", (investor_number(investor), expiry)
        case ins.SetProfile(investor, country, investor_class):
            function, args = "setProfile", (investor_number(investor), country, CLASSES[investor_class])
        case ins.Block(investor, reason, document):
            function, args = "block", (investor_number(investor), reason, document_hash(document))
        case ins.Unblock(investor, reason, document):
            function, args = "unblock", (investor_number(investor), reason, document_hash(document))
        case ins.BlockWallet(wallet, reason, document):
            function, args = "blockWallet", (Address(wallet), reason, document_hash(document))
        case ins.UnblockWallet(wallet, reason, document):
            function, args = "unblockWallet", (Address(wallet), reason, document_hash(document))
        case _:
            raise TypeError(f"no instruction: {order!r}")
    return Transaction(order.by, "registry", "ComplianceRegistry", function, (_key(order.key), *args))


def _entry(order: ins.Onboard) -> tuple:
    number = investor_number(order.investor)
    return number, Address(order.wallet), order.country, CLASSES[order.investor_class], order.expiry


def _key(key: str) -> bytes | StepKey:
    """A key word: of the given key, or the step's own."""
    return keccak(text=f"key {key}") if key else StepKey()


def _check_stock(stock: str, facts: Facts) -> None:
    if not facts.isin(stock):
        raise InputError("is not a known stock", field="stock", value=stock)


def _known_or_nothing(stock: str, facts: Facts) -> Address:
    """A stock, or an account that is none, so that the chain itself says so."""
    return Address(stock if facts.isin(stock) else f"no stock {stock}")
