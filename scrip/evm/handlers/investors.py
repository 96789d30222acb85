"""The register of investors and their wallets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import CLASSES, Transaction, document_hash, investor_number, key_word
from scrip.evm.handlers.table import TRANSACTIONS, Facts
from scrip.model.state.investors import Investor
from scrip.plan import Address, StepKey

REGISTRY = "ComplianceRegistry"
_CLASS_NAMES = {number: name for name, number in CLASSES.items()}


def _keyed(order: ins.KeyedInstruction, function: str, *args: object) -> Transaction:
    return Transaction(order.by, "registry", REGISTRY, function, (key_word(order.key), *args))


@TRANSACTIONS.of(ins.Onboard)
def onboard(_facts: Facts, order: ins.Onboard) -> Transaction:
    """Put a new investor with a first wallet on the register."""
    return _keyed(order, "onboard", [_entry(order)])


def onboarding(orders: tuple[ins.Onboard, ...], by: str) -> Transaction:
    """One transaction that onboards all of `orders` or none; 200 at most."""
    return Transaction(by, "registry", REGISTRY, "onboard", (StepKey(), [_entry(order) for order in orders]))


def _entry(order: ins.Onboard) -> tuple[object, ...]:
    number = investor_number(order.investor)
    return number, Address(order.wallet), order.country, CLASSES[order.investor_class], order.expiry


@TRANSACTIONS.of(ins.LinkWallet)
def link_wallet(_facts: Facts, order: ins.LinkWallet) -> Transaction:
    """Give a known investor one more wallet."""
    return _keyed(order, "linkWallet", investor_number(order.investor), Address(order.wallet))


@TRANSACTIONS.of(ins.UnlinkWallet)
def unlink_wallet(_facts: Facts, order: ins.UnlinkWallet) -> Transaction:
    """Take a wallet from its investor."""
    whose = (investor_number(order.investor), Address(order.wallet))
    return _keyed(order, "unlinkWallet", *whose, order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.Renew)
def renew(_facts: Facts, order: ins.Renew) -> Transaction:
    """Set a new expiry of an investor's clearance."""
    return _keyed(order, "renew", investor_number(order.investor), order.expiry)


@TRANSACTIONS.of(ins.SetProfile)
def set_profile(_facts: Facts, order: ins.SetProfile) -> Transaction:
    """Set an investor's country and class."""
    return _keyed(order, "setProfile", investor_number(order.investor), order.country, CLASSES[order.investor_class])


@TRANSACTIONS.of(ins.Block)
def block(_facts: Facts, order: ins.Block) -> Transaction:
    """Block an investor with all wallets."""
    return _keyed(order, "block", investor_number(order.investor), order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.Unblock)
def unblock(_facts: Facts, order: ins.Unblock) -> Transaction:
    """End an investor's block."""
    return _keyed(order, "unblock", investor_number(order.investor), order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.BlockWallet)
def block_wallet(_facts: Facts, order: ins.BlockWallet) -> Transaction:
    """Block a wallet that belongs to no investor."""
    return _keyed(order, "blockWallet", Address(order.wallet), order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.UnblockWallet)
def unblock_wallet(_facts: Facts, order: ins.UnblockWallet) -> Transaction:
    """End the block of a wallet that belongs to no investor."""
    return _keyed(order, "unblockWallet", Address(order.wallet), order.reason, document_hash(order.document))


# --- read back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Register:
    """What the registry says of the accounts and investors in question."""

    investors: dict[str, Investor]
    blocked_strangers: tuple[str, ...]

    @property
    def wallets(self) -> set[str]:
        """Every wallet of these investors."""
        return {wallet for one in self.investors.values() for wallet in one.wallets}


def read_register(
    chain: Chain,
    registry: Contract,
    wallets: Sequence[str],
    investors: Collection[str],
    name_of: Callable[[str], str],
) -> Register:
    """Read the named investors, and those whose any of the named wallets are.

    `name_of` says what an address is called.
    """
    at = chain.address
    numbers = ask_all(chain, [Call(registry, "investorOf", (at(name),)) for name in wallets])
    blocked = ask_all(chain, [Call(registry, "isBlocked", (at(name),)) for name in wallets])
    names = {investor_number(name): name for name in investors}
    for number in numbers:
        if number:
            names.setdefault(number, f"investor {number}")
    strangers = (
        name for name, number, stopped in zip(wallets, numbers, blocked, strict=True) if stopped and not number
    )
    return Register(_investors(chain, registry, names, name_of), tuple(strangers))


def _investors(
    chain: Chain, registry: Contract, names: Mapping[int, str], name_of: Callable[[str], str]
) -> dict[str, Investor]:
    numbers = sorted(names)
    records = ask_all(chain, [Call(registry, "investorRecord", (number,)) for number in numbers])
    wallets = ask_all(chain, [Call(registry, "walletsOf", (number,)) for number in numbers])
    return {
        names[number]: Investor(
            country,
            _CLASS_NAMES.get(kind, f"class {kind}"),
            expiry,
            blocked,
            [name_of(address) for address in addresses],
        )
        for number, (known, blocked, country, kind, expiry), addresses in zip(numbers, records, wallets, strict=True)
        if known
    }
