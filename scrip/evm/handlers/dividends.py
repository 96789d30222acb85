"""What holders are paid and given: cash dividends announced in the ActionBook, roots in the DividendDistributor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import Transaction, coins, document_hash, raw, reference_word
from scrip.evm.handlers.table import TRANSACTIONS, Facts, known_or_nothing
from scrip.instructions.dividends import word
from scrip.labels import BOOK, DISTRIBUTOR
from scrip.model.laws.merkle_sum import TOP, Root
from scrip.model.state.days import day_of
from scrip.model.state.dividends import CASH_CODE, Cash, CashStatus, Distribution, DistributionStatus, Dividends
from scrip.plan import Address
from scrip.units import RawUnits, Wad

CONTRACT_BOOK, CONTRACT_DISTRIBUTOR = "ActionBook", "DividendDistributor"
PAID = keccak(text="DividendPaid(bytes32,address,address,uint256,uint256)")
PARKED = keccak(text="DividendParked(bytes32,address,address,uint256,uint256)")
PARKED_PAID = keccak(text="ParkedPaid(bytes32,address,address,uint256,uint256)")
RECALLED = keccak(text="DividendRecalled(bytes32,address,uint256,uint16,bytes32)")
CASH_STATUS: Mapping[int, CashStatus] = {1: "ANNOUNCED", 2: "PAYING", 3: "CANCELLED", 4: "COMPLETED"}
DISTRIBUTION_STATUS: Mapping[int, DistributionStatus] = {1: "POSTED", 2: "FUNDED", 3: "ENDED", 4: "VOIDED"}
POSTED, FUNDED, ENDED, VOIDED = DISTRIBUTION_STATUS
"""What the distributor stores of a root: its numbers."""


# --- the book --------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.AnnounceCash)
def announce(facts: Facts, order: ins.AnnounceCash) -> Transaction:
    """Announce a cash dividend."""
    args = (known_or_nothing(order.stock, facts), reference_word(order.reference), _terms(order.terms))
    return Transaction(order.by, BOOK, CONTRACT_BOOK, "announceCash", args)


@TRANSACTIONS.of(ins.AmendCash)
def amend(facts: Facts, order: ins.AmendCash) -> Transaction:
    """Put other terms in their place."""
    args = (facts.action_id(order.stock, CASH_CODE, order.reference), _terms(order.terms))
    return Transaction(order.by, BOOK, CONTRACT_BOOK, "amendCash", args)


@TRANSACTIONS.of(ins.CancelCash)
def cancel(facts: Facts, order: ins.CancelCash) -> Transaction:
    """End an announced cash dividend."""
    identity = facts.action_id(order.stock, CASH_CODE, order.reference)
    args = (identity, order.reason, document_hash(order.document))
    return Transaction(order.by, BOOK, CONTRACT_BOOK, "cancelCash", args)


def _terms(terms: ins.CashTerms) -> tuple[object, ...]:
    day = terms.ex.year * 10_000 + terms.ex.month * 100 + terms.ex.day
    times = (day, terms.ex_at, terms.record_at, terms.pay, terms.expiry)
    money = (terms.gross, terms.fee, terms.currency, Address(terms.asset), terms.rate, document_hash(terms.source))
    return (*times, *money)


# --- roots and money -------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.PostRoot)
def post(facts: Facts, order: ins.PostRoot) -> Transaction:
    """Post a root."""
    root = order.root
    values = (
        *(word(root.hash, "hash"), _paid(root.net), _paid(root.gross), _paid(root.withheld)),
        *(root.depth, root.block, word(root.block_hash, "block_hash")),
    )
    identity = facts.action_id(order.stock, order.code, order.reference)
    function = "postUnits" if order.in_units else "post"
    return _call(order.by, order.distribution, function, identity, order.part, values, last=True)


@TRANSACTIONS.of(ins.VoidRoot)
def void(_: Facts, order: ins.VoidRoot) -> Transaction:
    """End a root that nobody has funded."""
    return _call(order.by, order.distribution, "voidRoot", order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.FundDividend)
def fund(_: Facts, order: ins.FundDividend) -> Transaction:
    """Bring in what a root pays."""
    return _call(order.by, order.distribution, "fund", coins(order.amount))


@TRANSACTIONS.of(ins.FundUnits)
def fund_units(_: Facts, order: ins.FundUnits) -> Transaction:
    """Have the units made that a root gives."""
    return _call(order.by, order.distribution, "fundUnits", raw(order.amount))


@TRANSACTIONS.of(ins.RemitWithheld)
def remit(_: Facts, order: ins.RemitWithheld) -> Transaction:
    """Pay what is withheld to the tax account."""
    return _call(order.by, order.distribution, "remit")


@TRANSACTIONS.of(ins.ClaimDividend)
def claim(_: Facts, order: ins.ClaimDividend) -> Transaction:
    """Pay a leaf."""
    leaf = order.leaf
    place = order.index | (TOP if leaf.pushable else 0)
    args = (place, Address(leaf.account), _amounts(leaf), _paid(leaf.net), _proof(order.proof))
    return _call(order.by or leaf.account, order.distribution, "claim", *args)


@TRANSACTIONS.of(ins.PushDividend)
def push(_: Facts, order: ins.PushDividend) -> Transaction:
    """Pay a block of leaves."""
    ins.check_count("leaves", order.leaves, 128)
    entries = [
        (Address(one.account), _amounts(one), _paid(one.net) | (TOP if one.pushable else 0)) for one in order.leaves
    ]
    return _call(order.by, order.distribution, "push", order.first, entries, _proof(order.proof))


@TRANSACTIONS.of(ins.PayParked)
def pay_parked(_: Facts, order: ins.PayParked) -> Transaction:
    """Try again what the coin refused."""
    return _call(order.by, order.distribution, "payParked", order.index)


@TRANSACTIONS.of(ins.SweepDividend)
def sweep(_: Facts, order: ins.SweepDividend) -> Transaction:
    """Send the treasury what nobody fetched."""
    return _call(order.by, order.distribution, "sweep")


@TRANSACTIONS.of(ins.StopDividend)
def stop(_: Facts, order: ins.StopDividend) -> Transaction:
    """Stop one distribution."""
    return _call(order.by, order.distribution, "stop")


@TRANSACTIONS.of(ins.ResumeDividend)
def resume(_: Facts, order: ins.ResumeDividend) -> Transaction:
    """Let it go on."""
    return _call(order.by, order.distribution, "resume")


@TRANSACTIONS.of(ins.RecallDividend)
def recall(_: Facts, order: ins.RecallDividend) -> Transaction:
    """Send the treasury what is not paid of a stopped one."""
    return _call(order.by, order.distribution, "recall", order.reason, document_hash(order.document))


def _call(sender: str, distribution: str, function: str, *args: object, last: bool = False) -> Transaction:
    identity = word(distribution, "distribution")
    given = (*args, identity) if last else (identity, *args)
    return Transaction(sender, DISTRIBUTOR, CONTRACT_DISTRIBUTOR, function, given)


def _amounts(leaf: ins.DividendLeaf) -> int:
    return _paid(leaf.gross) << 128 | _paid(leaf.withheld)


def _paid(amount: ins.Paid) -> int:
    """What a root pays, coins or units."""
    return raw(amount) if isinstance(amount, RawUnits) else coins(amount)


def _proof(proof: Iterable[ins.ProofNode]) -> list[tuple[bytes, int]]:
    return [(word(one.hash, "proof"), one.sum) for one in proof]


# --- read back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaidLeaf:
    """What the chain says of one leaf that was paid or parked: whose, to whom, how much, and whether it is parked.

    `net` is base units of the coin, or raw units of the stock.
    """

    index: int
    account: str
    payee: str
    net: int
    parked: bool


TERMS = ("ex", "exAt", "recordAt", "pay", "expiry", "gross", "fee", "currency", "coin", "rate", "source")


def read_cash(
    chain: Chain, book: Contract, identity: bytes, reference: str, name_of: Callable[[str], str]
) -> Cash | None:
    """Read a cash dividend by its id; None for an unknown one. What a rate's source is stays a hash."""
    _, status, _, amended, values = chain.call(book, "cash", identity)
    if not status:
        return None
    found: dict[str, Any] = dict(zip(TERMS, values, strict=True))
    source = bytes(found["source"])
    terms = ins.CashTerms(
        ex=day_of(found["ex"]),
        record_at=found["recordAt"],
        pay=found["pay"],
        expiry=found["expiry"],
        gross=Wad(found["gross"]),
        ex_at=found["exAt"],
        fee=Wad(found["fee"]),
        currency=found["currency"],
        rate=Wad(found["rate"]),
        source="0x" + source.hex() if any(source) else "",
        asset=name_of(found["coin"]),
    )
    return Cash(reference, terms, CASH_STATUS[status], amended)


def known_of(chain: Chain, book: Contract, token: Contract, code: str) -> list[bytes]:
    """The ids of all actions of a code that the book has of a stock, oldest first."""
    count = chain.call(book, "actionCount", token.address)
    ids = chain.call_many([Call(book, "actionAt", (token.address, i)) for i in range(count)])
    told = chain.call_many([Call(book, "timesOf", (one,)) for one in ids])
    return [bytes(one) for one, (_, one_code, *_) in zip(ids, told, strict=True) if one_code == code]


def read_all_cash(
    chain: Chain, book: Contract, token: Contract, names: Mapping[bytes, str], name_of: Callable[[str], str]
) -> dict[str, Cash]:
    """Every cash dividend of a stock by reference, or by its id in hex where nobody asks about it by reference."""
    found = {}
    for identity in known_of(chain, book, token, CASH_CODE):
        reference = names.get(identity, "0x" + identity.hex())
        one = read_cash(chain, book, identity, reference, name_of)
        if one is not None:
            found[reference] = one
    return found


FIELDS = (
    *("action", "token", "coin", "status", "stopped", "remitted", "root", "depth", "pay", "expiry"),
    *("net", "unpaid", "gross", "withheld", "treasury", "tax", "in_units"),
)


def read_distribution(chain: Chain, distributor: Contract, distribution: str) -> Mapping[str, Any] | None:
    """Read what the chain keeps of a distribution, by FIELDS; None for an unknown one."""
    values = chain.call(distributor, "distribution", word(distribution, "distribution"))
    found = dict(zip(FIELDS, values, strict=True))
    return found if found["status"] else None


def read_parts(chain: Chain, distributor: Contract, action: bytes) -> list[str]:
    """The ids of all roots that were posted for a cash dividend, in their order."""
    count = chain.call(distributor, "parts", action)
    ids = chain.call_many([Call(distributor, "partAt", (action, place)) for place in range(count)])
    return ["0x" + bytes(one).hex() for one in ids]


def read_claimed(chain: Chain, distributor: Contract, distribution: str, places: Iterable[int]) -> set[int]:
    """Which of these places are paid or parked."""
    asked, identity = list(places), word(distribution, "distribution")
    answers = ask_all(chain, [Call(distributor, "isClaimed", (identity, place)) for place in asked])
    return {place for place, is_claimed in zip(asked, answers, strict=True) if is_claimed}


def paid_leaves(chain: Chain, distributor: Contract, distribution: str, since: int = 0) -> dict[int, PaidLeaf]:
    """Every leaf that was paid or parked, by place, as the events tell it."""
    identity, found = word(distribution, "distribution"), dict[int, PaidLeaf]()
    for event in chain.logs(distributor, [PAID, identity], since):
        one = _leaf_of(event.topics, event.data, parked=False)
        found[one.index] = one
    for event in chain.logs(distributor, [PARKED, identity], since):
        one = _leaf_of(event.topics, event.data, parked=True)
        found[one.index] = one
    for event in chain.logs(distributor, [PARKED_PAID, identity], since):
        one = _leaf_of(event.topics, event.data, parked=False)
        found[one.index] = one
    return found


@dataclass(frozen=True, slots=True)
class Parked:
    """What the coin or the stock refused: whose, how much, and whether others than the account may have it paid."""

    account: str
    net: int
    pushable: bool


def read_parked(chain: Chain, distributor: Contract, distribution: str, places: Iterable[int]) -> dict[int, Parked]:
    """What is parked at these places of a distribution; nothing of those where none is."""
    asked, identity = list(places), word(distribution, "distribution")
    answers = ask_all(chain, [Call(distributor, "parkedOf", (identity, place)) for place in asked])
    return {
        place: Parked(account.lower(), net, pushable)
        for place, (account, net, pushable) in zip(asked, answers, strict=True)
        if net
    }


def delivered_stocks(chain: Chain, distributor: Contract, distributions: Collection[str]) -> dict[str, str]:
    """The stock, by address, whose units each of these distributions gives, and the treasury's address; none of those
    that pay coins, by the stock's address."""
    answers = ask_all(chain, [Call(distributor, "distribution", (word(one, "distribution"),)) for one in distributions])
    found = [dict(zip(FIELDS, one, strict=True)) for one in answers]
    return {one["coin"]: one["treasury"] for one in found if one["in_units"]}


def was_recalled(chain: Chain, distributor: Contract, distribution: str, since: int = 0) -> bool:
    """Whether a distribution was recalled: what it had not paid went to the treasury before its time."""
    return any(True for _ in chain.logs(distributor, [RECALLED, word(distribution, "distribution")], since))


def _leaf_of(topics: Iterable[bytes], data: bytes, *, parked: bool) -> PaidLeaf:
    _, _, account, payee = topics
    index, net = int.from_bytes(data[:32], "big"), int.from_bytes(data[32:64], "big")
    return PaidLeaf(index, f"0x{account[-20:].hex()}", f"0x{payee[-20:].hex()}", net, parked)


def read_dividends(
    chain: Chain,
    book: Contract,
    distributor: Contract,
    distributions: Collection[str],
    references: Mapping[bytes, tuple[str, str, str]],
    name_of: Callable[[str], str],
    since: int = 0,
) -> Dividends:
    """Read what the model keeps of these distributions. `references` are stock, code and reference by the action's id;
    `name_of` also says what a stock is called."""
    treasury, tax = chain.call_many([Call(distributor, "treasury"), Call(distributor, "tax")])
    found = Dividends(name_of(treasury), name_of(tax), chain.call(book, "escheat"))
    counts = chain.call_many([Call(distributor, "parts", (identity,)) for identity in references])
    found.parts |= {key: count for key, count in zip(references.values(), counts, strict=True) if count}
    for distribution in sorted(distributions):
        one = read_distribution(chain, distributor, distribution)
        if one is not None:
            paid = paid_leaves(chain, distributor, distribution, since)
            waiting = [place for place, leaf in paid.items() if leaf.parked]
            parked = read_parked(chain, distributor, distribution, waiting)
            found.distributions[distribution] = _distribution(one, references, name_of, paid, parked)
    return found


def _distribution(
    one: Mapping[str, Any],
    references: Mapping[bytes, tuple[str, str, str]],
    name_of: Callable[[str], str],
    paid: Mapping[int, PaidLeaf],
    parked: Mapping[int, Parked],
) -> Distribution:
    stock, code, reference = references.get(bytes(one["action"]), ("", "", "0x" + bytes(one["action"]).hex()))
    return Distribution(
        stock=stock,
        reference=reference,
        root=Root(bytes(one["root"]), one["net"], one["depth"]),
        gross=one["gross"],
        withheld=one["withheld"],
        pay=one["pay"],
        expiry=one["expiry"],
        treasury=name_of(one["treasury"]),
        tax=name_of(one["tax"]),
        unpaid=one["unpaid"],
        status=DISTRIBUTION_STATUS[one["status"]],
        code=code,
        units=name_of(one["coin"]) if one["in_units"] else "",
        stopped=one["stopped"],
        remitted=one["remitted"],
        claimed=set(paid),
        parked={place: (name_of(one.account), one.net, one.pushable) for place, one in parked.items()},
    )
