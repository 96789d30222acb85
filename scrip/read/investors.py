"""Who may hold: the investors of a network's register, their wallets, and until when each is cleared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from base58 import b58decode, b58encode
from solders.pubkey import Pubkey

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.evm.chain import Call, ask_all
from scrip.holders.evm import registry_events, told_investors
from scrip.ledger.clearance import Clearance
from scrip.manifest.addresses import is_pubkey
from scrip.manifest.countries import country_name
from scrip.preview import moment
from scrip.read.names import NO_NAMES, Names
from scrip.solana.addresses import investor_id

DAY = 86_400
NUMBER_BITS = 64
"""Of the number by which a registry on an Ethereum-family chain knows an investor."""


@dataclass(frozen=True, slots=True)
class InvestorFacts:
    """An investor of a register. `number` is the text by which the chain tells it from others, `name` "" where nobody
    said; `country` is ISO 3166 numeric, `expiry` UTC seconds. `lost` are wallets whose place another took.

    `status` at the second of the reading: "cleared", "blocked", or "lapsed" from the expiry on.
    """

    network: str
    number: str
    name: str
    status: str
    country: int
    investor_class: str
    expiry: int
    wallets: tuple[str, ...]
    lost: tuple[str, ...] = ()

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "name": "investor",
        "number": "number",
        "status": "status",
        "country": "country",
        "class": "class",
        "expiry": "cleared until",
        "wallets": "wallets",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "number": self.number,
            "name": self.name,
            "status": self.status,
            "country": country_name(self.country),
            "class": self.investor_class,
            "expiry": moment(self.expiry),
            "wallets": list(self.wallets),
            "lost": list(self.lost),
        }


def number_of(network: Network, investor: str) -> str:
    """The text of the number by which a network knows an investor of a name: decimal digits, in base58 on Solana.

    A register's files have the same.
    """
    if isinstance(network, SolanaNetwork):
        return str(b58encode(investor_id(investor)), "ascii")
    return str(network.views().owner(investor))


def named(network: Network, names: Iterable[str]) -> Names:
    """These names by the numbers of a network."""
    return {number_of(network, one): one for one in names}


def investors(network: Network, names: Names = NO_NAMES) -> list[InvestorFacts]:
    """Every investor of a network's register, in the order of their numbers."""
    found = _of_solana(network, names) if isinstance(network, SolanaNetwork) else _of_evm(network, names)
    return sorted(found, key=lambda one: (one.name, len(one.number), one.number))


def expiring(found: Sequence[InvestorFacts], now: int, days: int) -> list[InvestorFacts]:
    """Those whose clearance ends within so many days of `now`, or has ended; the first to end first. Blocked ones are
    left out: they may hold nothing whatever their date."""
    ends = [one for one in found if one.status != "blocked" and one.expiry <= now + days * DAY]
    return sorted(ends, key=lambda one: (one.expiry, one.number))


def investor(network: Network, what: str, names: Names = NO_NAMES) -> InvestorFacts:
    """One investor by name, by its number, or by any of its wallets, as address or by the manifest's name.

    InputError where the register knows none of these.
    """
    views = network.views()
    number = number_of(network, what)
    if not views.clearances([what])[what].known:
        number = _by_number(network, what) or _by_wallet(network, what)
        if not number:
            reason = "is no investor of the register: neither a name, nor a number, nor a wallet of one"
            raise InputError(reason, field="investor", value=what)
    elif number not in names:
        names = {**names, number: what}
    if isinstance(network, SolanaNetwork):
        (found,) = _of_solana(network, names, number)
    else:
        (found,) = _of_evm(network, names, int(number))
    return found


def _by_number(network: Network, what: str) -> str:
    """The number that a text is, of an investor that is known; "" for none."""
    if isinstance(network, SolanaNetwork):
        if not is_pubkey(what):
            return ""
        (found,) = _kept(network, [_place(network, what)])
        return what if found is not None else ""
    if not (what.isascii() and what.isdigit()) or int(what) >> NUMBER_BITS:
        return ""
    (record,) = _records(network, [int(what)])
    return str(int(what)) if record.known else ""


def _by_wallet(network: Network, what: str) -> str:
    """The number of the investor that a wallet belongs to; "" where it is nobody's, or where no such account is."""
    views = network.views()
    try:
        owner = views.owners([what])[what]
    except InputError:
        return ""
    if owner is None:
        return ""
    if isinstance(network, SolanaNetwork):
        (found,) = _kept(network, [Pubkey.from_string(str(owner))])
        return _number(found)
    return str(owner)


def status_of(clearance: Clearance, now: int) -> str:
    """How a clearance stands, as InvestorFacts has it; "unknown" of who is not in the register."""
    if not clearance.known:
        return "unknown"
    return "blocked" if clearance.blocked else "cleared" if now < clearance.expiry else "lapsed"


# --- Ethereum-family chains ------------------------------------------------------------------------------------------


def _evm(network: Network) -> EvmNetwork:
    if not isinstance(network, EvmNetwork):
        raise TypeError(f"{network.manifest.network} is of no known kind of chain")
    return network


def _of_evm(network: Network, names: Names, only: int | None = None) -> list[InvestorFacts]:
    evm = _evm(network)
    told = told_investors(registry_events(evm, evm.node.block().number, only))
    # The events do not tell of renewals and blocks: the register itself is asked for these.
    stand, now = _records(evm, [one.number for one in told]), evm.now()
    return [
        InvestorFacts(
            evm.manifest.network,
            str(one.number),
            names.get(str(one.number), ""),
            status_of(record, now),
            record.country,
            record.investor_class,
            record.expiry,
            tuple(wallet for wallet in one.wallets if wallet not in one.lost),
            tuple(one.lost),
        )
        for one, record in zip(told, stand, strict=True)
    ]


def _records(network: Network, numbers: Sequence[int]) -> list[Clearance]:
    evm = _evm(network)
    calls = [Call(evm.suite().registry, "investorRecord", (one,)) for one in numbers]
    return [evm.views().clearance(*answer) for answer in ask_all(evm.chain, calls)]


# --- Solana ----------------------------------------------------------------------------------------------------------


def _kept(network: SolanaNetwork, places: Sequence[Pubkey]) -> list[Any]:
    return network.program.records(network.chain, places, "Investor")


def _place(network: SolanaNetwork, number: str) -> Pubkey:
    """Where the program keeps the investor of a number."""
    return network.program.at.investor(b58decode(number))


def _number(record: Any) -> str:
    return str(b58encode(bytes(record.id)), "ascii")


def _of_solana(network: SolanaNetwork, names: Names, only: str = "") -> list[InvestorFacts]:
    ledger, now = network.ledger(), network.now()
    wallets: dict[Pubkey, list[str]] = {}
    lost: dict[Pubkey, list[str]] = {}
    for _, one in ledger.investors.stored("Wallet"):
        kept = lost if one.successor is not None else wallets
        kept.setdefault(one.investor, []).append(str(one.holder))
    if only:
        at = _place(network, only)
        rows = list(zip([at], _kept(network, [at]), strict=True))
    else:
        rows = ledger.investors.stored("Investor")
    return [
        InvestorFacts(
            network.manifest.network,
            _number(one),
            names.get(_number(one), ""),
            status_of(Clearance(True, one.blocked, one.country, "", one.expiry), now),
            one.country,
            type(one.class_).__name__.lower(),
            one.expiry,
            tuple(sorted(wallets.get(place, ()))),
            tuple(sorted(lost.get(place, ()))),
        )
        for place, one in rows
    ]
