"""Offers that holders answer with units: opened, chosen in, funded, settled, fetched, in the OfferEscrow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import Transaction, coins, document_hash, key_word, raw
from scrip.evm.handlers.redemption import accounts_of
from scrip.evm.handlers.table import TRANSACTIONS, Facts
from scrip.instructions.dividends import word
from scrip.labels import OFFERS
from scrip.model.laws import offers as law
from scrip.model.laws.offers import Agreed, Outcome
from scrip.model.state.offers import Offer, Offers, OfferStatus, Position
from scrip.plan import Address
from scrip.units import Wad

CONTRACT_OFFERS, CONTRACT_OFFER_TERMS = "OfferEscrow", "OfferTerms"
ROLES = ("VAULT", "MINTER")
"""Roles of the escrow: by the first it takes units in, by the second it makes those of rights issues and mergers."""
OPENED = keccak(
    text="OfferOpened(uint256,bytes32,address,(uint256,uint256,address,address,uint256,uint256,uint256,uint256),"
    "(address,address,uint256),uint256)"
)
TENDERED = keccak(text="Tendered(uint256,address,uint256)")
CHOSEN = keccak(text="Chosen(uint256,address,uint256,uint256,uint256)")
STATUS: Mapping[int, OfferStatus] = {1: "OPEN", 2: "FUNDED", 3: "CANCELLED", 4: "SWEPT", 5: "LAPSED"}
"""What the escrow says of an offer: its numbers."""
CHOICE_FIELDS = (("owner", "address"), *((name, "uint256") for name in ("offer", "units", "more", "nonce", "expiry")))
"""What is signed of a choice, in its order, as EIP-712 types."""
SIGNED_FOR = ("Scrip OfferEscrow", "1")
"""Name and version of the domain of its signatures."""
_U40, _U95, _U96, _U128, _U160 = (2**bits - 1 for bits in (40, 95, 96, 128, 160))
_HIGH = 1 << 255


# --- the desk --------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.OpenOffer)
def open_(facts: Facts, order: ins.OpenOffer) -> Transaction:
    """Open an offer."""
    taker = Address(order.taker) if order.taker else ZERO_ADDRESS
    terms = (taker, Address(order.treasury), raw(order.most))
    action = facts.action_id(order.stock, order.code, order.reference)
    return Transaction(order.by, OFFERS, CONTRACT_OFFERS, "open", (action, order.part, terms))


@TRANSACTIONS.of(ins.StopOffer)
def stop(_: Facts, order: ins.StopOffer) -> Transaction:
    """Take no new choices."""
    return _call(order.by, order.offer, "setStopped", True)


@TRANSACTIONS.of(ins.ResumeOffer)
def resume(_: Facts, order: ins.ResumeOffer) -> Transaction:
    """Take new choices again."""
    return _call(order.by, order.offer, "setStopped", False)


@TRANSACTIONS.of(ins.CancelOffer)
def cancel(_: Facts, order: ins.CancelOffer) -> Transaction:
    """End an offer that is not funded."""
    return _call(order.by, order.offer, "cancel", order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.LetOut)
def let_out(_: Facts, order: ins.LetOut) -> Transaction:
    """End an offer whose action the book has cancelled."""
    return _call(order.by, order.offer, "cancel", order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.FundOffer)
def fund(_: Facts, order: ins.FundOffer) -> Transaction:
    """Bring in what the choices come to."""
    return _call(order.by, order.offer, "fund", coins(order.amount))


@TRANSACTIONS.of(ins.SweepOffer)
def sweep(_: Facts, order: ins.SweepOffer) -> Transaction:
    """Pay the treasury what nobody fetched."""
    return _call(order.by, order.offer, "sweep")


@TRANSACTIONS.of(ins.EnforceOffer)
def enforce(_: Facts, order: ins.EnforceOffer) -> Transaction:
    """Seize what an account has in an offer."""
    why = (order.reason, document_hash(order.document), key_word(order.key))
    given = (Address(order.account), Address(order.to), raw(order.amount), *why)
    return _call(order.by, order.offer, "enforce", *given)


# --- who chooses -----------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.ChooseInOffer)
def choose(_: Facts, order: ins.ChooseInOffer) -> Transaction:
    """Put units in."""
    if law.code_of(number(order.offer)) == "TEND" and not order.more.value:
        return _call(order.account, order.offer, "tender", raw(order.units))
    return _call(order.account, order.offer, "choose", raw(order.units), raw(order.more))


@TRANSACTIONS.of(ins.RelayChoice)
def relay(_: Facts, order: ins.RelayChoice) -> Transaction:
    """Hand in what an account signed."""
    signature = bytes.fromhex(order.signature.removeprefix("0x"))
    given = (raw(order.units), raw(order.more), Address(order.account), order.expiry, signature)
    return _call(order.by, order.offer, "chooseBySig", *given)


@TRANSACTIONS.of(ins.WithdrawChoice)
def withdraw(_: Facts, order: ins.WithdrawChoice) -> Transaction:
    """Take all out that an account put in."""
    return _call(order.by or order.account, order.offer, "withdraw", Address(order.account))


@TRANSACTIONS.of(ins.ClaimOffer)
def claim(_: Facts, order: ins.ClaimOffer) -> Transaction:
    """Fetch what is due to an account."""
    return _call(order.by or order.account, order.offer, "claim", Address(order.account))


@TRANSACTIONS.of(ins.SetOfferOperator)
def set_operator(_: Facts, order: ins.SetOfferOperator) -> Transaction:
    """Let an account act for another, or no longer."""
    args = (Address(order.operator), order.approved)
    return Transaction(order.account, OFFERS, CONTRACT_OFFERS, "setOperator", args)


# --- carrying it out -------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.SettleOffer)
def settle(_: Facts, order: ins.SettleOffer) -> Transaction:
    """Write down what becomes of a page of positions."""
    return _call(order.by, order.offer, "settle", accounts_of(order.accounts))


@TRANSACTIONS.of(ins.CollectOffer)
def collect(_: Facts, order: ins.CollectOffer) -> Transaction:
    """Burn or hand over what is taken, and pay the treasury."""
    return _call(order.by, order.offer, "collect")


def _call(sender: str, offer: str, function: str, *args: object) -> Transaction:
    return Transaction(sender, OFFERS, CONTRACT_OFFERS, function, (number(offer), *args))


def number(offer: str) -> int:
    """An offer's number as a contract takes it."""
    return int.from_bytes(word(offer, "offer"), "big")


def hex_of(number: int) -> str:
    """An offer's number as orders name it."""
    return "0x" + number.to_bytes(32, "big").hex()


# --- read back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """What the chain keeps of an offer. `token`, `given`, `coin`, `taker` and `treasury` are addresses, `given` and
    `taker` the zero address for none; `final` is what it is settled on, once it is funded.
    """

    offer: str
    status: OfferStatus
    stopped: bool
    action: bytes
    token: str
    given: str
    coin: str
    taker: str
    treasury: str
    agreed: Agreed
    final: tuple[Wad, Wad]
    opened_at: int
    deadline: int
    pay: int
    expiry: int
    total: int
    more: int
    coins: int
    proceeds: int
    taken: int
    minted: int


def read_offer(chain: Chain, escrow: Contract, offer: str) -> Shown | None:
    """Read an offer; None for an unknown one."""
    status, action, token, given, coin, taker, treasury, words = chain.call(escrow, "offerOf", number(offer))
    code = law.code_of(number(offer))
    if not status or code is None:
        return None
    gate, terms, most, others, since, price, ratio, sums, units = words
    return Shown(
        offer=offer,
        status=STATUS[status],
        stopped=bool(gate & _HIGH),
        action=bytes(action),
        token=token,
        given=given,
        coin=coin,
        taker=taker,
        treasury=treasury,
        agreed=Agreed(code, Wad(price & _U128), Wad(ratio & _U128), most >> 160, terms >> 240 & 0xFF),
        final=(Wad(price >> 128), Wad(ratio >> 128)),
        opened_at=since >> 160 & _U40,
        deadline=law.deadline_of(number(offer)),
        pay=terms >> 160 & _U40,
        expiry=terms >> 200 & _U40,
        total=gate >> 160 & _U95,
        more=others >> 160,
        coins=sums & _U128,
        proceeds=sums >> 128,
        taken=units & _U128,
        minted=units >> 128,
    )


def read_parts(chain: Chain, escrow: Contract, action: bytes) -> list[str]:
    """The offers that were opened of an action, in their order."""
    count = chain.call(escrow, "parts", action)
    return [hex_of(one) for one in chain.call_many([Call(escrow, "partAt", (action, i)) for i in range(count)])]


def read_need(chain: Chain, escrow: Contract, offer: str) -> tuple[int, int]:
    """What funding asks for as things stand: base units of the coin, new raw units."""
    due, minted = chain.call(escrow, "need", number(offer))
    return int(due), int(minted)


def read_due(chain: Chain, escrow: Contract, offer: str, accounts: Iterable[str]) -> list[Outcome]:
    """What accounts, addresses, would be due if the offer ended as it stands."""
    asked = [Call(escrow, "dueOf", (number(offer), one)) for one in accounts]
    return [Outcome(*found) for found in chain.call_many(asked)]


def read_positions(chain: Chain, escrow: Contract, offer: str, accounts: Iterable[str]) -> dict[str, Position]:
    """What accounts, addresses, have in an offer; nothing of those who have nothing."""
    asked = list(accounts)
    found = chain.call_many([Call(escrow, "choiceOf", (number(offer), one)) for one in asked])
    return {one: Position(*word) for one, word in zip(asked, found, strict=True) if any(word)}


def choosers_of(chain: Chain, escrow: Contract, offer: str, since: int = 0) -> list[str]:
    """Addresses of all who ever put anything into an offer, in the order of their first choice."""
    topic = TENDERED if law.code_of(number(offer)) == "TEND" else CHOSEN
    told = chain.logs(escrow, [topic, word(offer, "offer")], since)
    return list(dict.fromkeys("0x" + event.topics[2][-20:].hex() for event in told))


def offers_of(chain: Chain, escrow: Contract, since: int = 0) -> list[str]:
    """All offers that were ever opened, in their order."""
    return ["0x" + event.topics[1].hex() for event in chain.logs(escrow, [OPENED], since)]


def read_offers(
    chain: Chain,
    escrow: Contract,
    offers: Collection[str],
    references: Mapping[bytes, tuple[str, str, str]],
    accounts: Mapping[str, str],
    name_of: Callable[[str], str],
) -> Offers:
    """Read what the model keeps of these offers, and of these accounts, addresses by name.

    `references` are stock, code and reference by the action's id.
    """
    found = Offers()
    for action, key in references.items():
        if parts := read_parts(chain, escrow, action):
            found.parts[key] = parts
    for offer in sorted({*offers, *(one for parts in found.parts.values() for one in parts)}):
        shown = read_offer(chain, escrow, offer)
        if shown is None:
            continue
        one = _offer(shown, references, name_of)
        found.offers[offer] = one
        if offer in offers:
            names = {address: name for name, address in accounts.items()}
            one.positions = {
                names[at]: position for at, position in read_positions(chain, escrow, offer, names).items()
            }
    pairs = [(one, other) for one in accounts for other in accounts if one != other]
    answers = chain.call_many([Call(escrow, "isOperator", (accounts[one], accounts[other])) for one, other in pairs])
    found.operators = {pair for pair, approved in zip(pairs, answers, strict=True) if approved}
    return found


def _offer(shown: Shown, references: Mapping[bytes, tuple[str, str, str]], name_of: Callable[[str], str]) -> Offer:
    # An order that names the offer alone is of the stock whose action it is: of a rights issue what is given.
    whose = name_of(shown.given if shown.agreed.code == "RHTS" else shown.token)
    stock, _, reference = references.get(shown.action, (whose, "", "0x" + shown.action.hex()))
    return Offer(
        stock=stock,
        reference=reference,
        token=name_of(shown.token),
        given=name_of(shown.given) if shown.given != ZERO_ADDRESS else "",
        treasury=name_of(shown.treasury),
        taker=name_of(shown.taker) if shown.taker != ZERO_ADDRESS else "",
        agreed=shown.agreed,
        opened_at=shown.opened_at,
        deadline=shown.deadline,
        pay=shown.pay,
        expiry=shown.expiry,
        kept="OPEN" if shown.status == "LAPSED" else shown.status,
        stopped=shown.stopped,
        final=shown.final,
        total=shown.total,
        more=shown.more,
        coins=shown.coins,
        proceeds=shown.proceeds,
        taken=shown.taken,
        minted=shown.minted,
    )
