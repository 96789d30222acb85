"""Elections between cash and stock: opened on a register, chosen in by transaction or signature, and what came of
it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.elections import results as outcome
from scrip.elections.results import Results, Subject
from scrip.elections.signed import SignedChoice
from scrip.errors import InputError
from scrip.evm.encoding.choices import typed_message
from scrip.evm.handlers.actions import RECORD_FIELDS
from scrip.evm.handlers.elections import (
    OPENED,
    read_election,
    read_nonce,
    read_offer,
    read_parts,
    read_said,
    read_state,
    read_totals,
)
from scrip.evm.views import EvmViews
from scrip.flows.register import demand_register
from scrip.holders import files
from scrip.holders.evm import EvmSource
from scrip.holders.roll import Roll, read_roll
from scrip.model.laws import merkle_sum
from scrip.model.laws.elections import OPTIONS, Option, Split, election_id, filled, whole
from scrip.model.state.elections import ELECTION_CODES, Offer
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, RawUnits, format_fixed

(CODE,) = ELECTION_CODES


# --- the desk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an election is opened with: a register's folder, what who says nothing gets ("" for the manifest's), and
    where the terms are read.
    """

    register: Path
    default: Option | str = ""
    uri: str = ""


def open_(network: Network, stock: str, reference: str, sheet: Sheet, sender: str = "") -> Plan:
    """Open the election of an announced action on the register at its record; nothing where it stands on these terms.

    InputError where the register is of another stock, chain or record, where an election stands on other terms; Drift
    where a file is not what it was, or the record's block may still change.
    """
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "election open", f"{stock} {reference}", natural=True)
    offer = desk.demand_offer(reference)
    written = files.verify(sheet.register)
    live = evm_only(network)
    demand_register(live, stock, sheet.register, offer.record_at)
    subject = files.Subject(**written.summary["subject"])
    if offer.deadline < desk.views.now():
        raise InputError("is past: nobody could choose", field="deadline", value=moment(offer.deadline))
    default = _option(sheet.default or (live.manifest.elections.default if live.manifest.elections else "CASH"))
    bound = merkle_sum.bound(written.root, subject.binding(desk.action(reference)))
    parts = desk.parts(reference)
    standing = desk.standing(parts)
    part = len(parts) - 1 if standing else len(parts)
    election = "0x" + election_id(bound, part, default).hex()
    if standing:
        if standing.id != election:
            raise InputError("has an election on other terms: void it first", field="reference", value=reference)
        return draft.nothing(f"the election of {stock} {reference} is open, as {election}")
    root = ins.VoteRoot(
        hash="0x" + written.root.hash.hex(),
        sum=RawUnits(written.root.sum, EVM_DECIMALS),
        depth=written.root.depth,
        block=subject.block,
        block_hash=subject.block_hash,
    )
    order = ins.OpenElection(stock, reference, part, root, default, "0x" + bound.hex(), election, sheet.uri)
    count = written.summary["tree"]["leaves"]
    title = f"{count:,} accounts choose between cash and stock for {stock} {reference}"
    draft.order(title, order, sender, draft.fresh(f"open {part}"))
    draft.changes.append(Change(f"election {stock} {reference}", "none", f"{election}, until {moment(offer.deadline)}"))
    draft.changes.append(Change("units of who says nothing", "", f"{default} ({root.sum} tokens in all)"))
    return draft.plan()


def void(network: Network, stock: str, reference: str, why: Reason) -> Plan:
    """End an election of which nothing is paid: another may then be opened, in which nobody has chosen."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "election void", f"{stock} {reference}", natural=True)
    held = desk.standing(desk.parts(reference))
    if held is None:
        return draft.nothing(f"{stock} {reference} has no election that stands")
    order = ins.VoidElection(held.id, why.code, why.document)
    draft.order(f"the election of {stock} {reference} is void", order, why.sender, draft.fresh(f"void {held.id}"))
    draft.changes.append(Change(f"election {stock} {reference}", held.id, "voided"))
    return draft.plan()


def follow(network: Network, stock: str, reference: str, sender: str = "") -> Plan:
    """Let an election take its action's deadline where that was amended, or end where the action was cancelled."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "election follow", f"{stock} {reference}", natural=True)
    held, offer = desk.demand(reference), desk.offer(reference)
    if offer is None or (offer.status != "CANCELLED" and offer.deadline == held.shown["deadline"]):
        return draft.nothing(f"the election of {stock} {reference} says what its action says")
    ended = offer.status == "CANCELLED"
    told = "void: its action is cancelled" if ended else f"until {moment(offer.deadline)}"
    order = ins.FollowElection(held.id, draft.anyone("ACTIONS", sender))
    name = draft.fresh(f"follow {held.id} {offer.status} {offer.deadline}")
    draft.add(desk.views.step(name, f"the election of {stock} {reference} is {told}", [order]))
    draft.changes.append(Change(f"election {stock} {reference}", f"until {moment(held.shown['deadline'])}", told))
    return draft.plan()


# --- holders ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """How an account wants its units: all for one option, or tokens for each ("" for none); the rest is the default's.

    `takes_back` says nothing again.
    """

    everything: Option | str = ""
    cash: str = ""
    secu: str = ""
    takes_back: bool = False

    def split(self, units: int) -> Split:
        """Raw units by option; InputError for no wish, for two at once, and for more than the account has."""
        if sum((bool(self.everything), bool(self.cash or self.secu), self.takes_back)) != 1:
            raise InputError("is one of: --choose OPTION; --cash and --secu with tokens; --take-back", field="choice")
        if self.everything:
            return whole(_option(self.everything), units)
        parts = [RawUnits.parse(text, EVM_DECIMALS, name) if text else RawUnits(0, EVM_DECIMALS)
                 for name, text in (("cash", self.cash), ("secu", self.secu))]  # fmt: skip
        found = Split(*(one.value for one in parts))
        if found.total > units:
            told = f"is more than the account's {format_fixed(units, EVM_DECIMALS)} tokens at the record"
            raise InputError(told, field="choice", value=format_fixed(found.total, EVM_DECIMALS))
        return found


def elect(
    network: Network, stock: str, reference: str, register: Path, account: str, wish: Wish, sender: str = ""
) -> Plan:
    """Choose for an account's units by its proof; `sender` is its successor where it was recovered.

    What it says already is left; the last choice before the deadline counts.
    """
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "election elect", f"{stock} {reference} {account}", natural=True)
    held = desk.demand(reference)
    roll = desk.roll(held, register)
    place = roll.place(desk.views.address(account), account)
    leaf = roll.leaf(place)
    choice = wish.split(leaf.net)
    before, nonce = held.said([place])[0], held.nonce(place)
    if choice == before and (nonce or not choice.total):
        return draft.nothing(f"{account} says so already")
    order = ins.Elect(
        held.id,
        place,
        account,
        RawUnits(leaf.net, EVM_DECIMALS),
        _units(choice),
        roll.proof(place),
        leaf.pushable,
        sender or account,
    )
    told, default = _told(choice, leaf.net, held.default), _told(before, leaf.net, held.default)
    draft.add(desk.views.step(draft.fresh(f"elect {nonce} {told}"), f"{account} chooses {told}", [order]))
    draft.changes.append(Change(f"units of {account}", default, told))
    return draft.plan()


def asked(
    network: Network, stock: str, reference: str, register: Path, account: str, wish: Wish, signer: str = ""
) -> SignedChoice:
    """What an account, or its successor as `signer`, would sign to choose without sending: no signature yet."""
    desk = _Desk(network, stock)
    held = desk.demand(reference)
    roll = desk.roll(held, register)
    address, by = desk.views.address(account), desk.views.address(signer or account)
    place = roll.place(address, account)
    leaf = roll.leaf(place)
    choice, nonce = wish.split(leaf.net), held.nonce(place)
    chain_id, contract = desk.chain.chain_id(), desk.contract.address
    typed = typed_message(chain_id, contract, held.id, place, address, choice.cash, choice.secu, by, nonce)
    return SignedChoice(
        network=network.manifest.network,
        chain_id=chain_id,
        contract=contract,
        stock=stock,
        reference=reference,
        election=held.id,
        index=place,
        account=address,
        units=leaf.net,
        pushable=leaf.pushable,
        cash=choice.cash,
        secu=choice.secu,
        signer=by,
        nonce=nonce,
        proof=roll.proof(place),
        message=typed,
    )


def sign_into(network: Network, found: SignedChoice, path: Path, signer: str, given: str = "") -> Path:
    """Sign a choice by the signer's key on this machine, or take the signature that a wallet has `given`; the file.

    InputError where a file stands there, and where nobody here signs for it.
    """
    made = given or "0x" + evm_only(network).chain.signer(signer).sign_typed(found.message).hex()
    replace(found, signature=made).write(path)
    return path


def relay(network: Network, file: Path, sender: str = "") -> Plan:
    """Hand in a signed choice, by whoever pays the transaction; nothing where it counts already.

    InputError where anything was said for the leaf after it was signed: it is worth nothing.
    """
    made = SignedChoice.read(file)
    desk = _Desk(network, made.stock)
    draft = Draft(desk.views, "election relay", f"{made.stock} {made.reference} {made.account}", natural=True)
    if (made.chain_id, made.contract) != (desk.chain.chain_id(), desk.contract.address):
        raise InputError("is of another chain or contract", field="choice", value=made.contract)
    held = desk.demand(made.reference)
    if held.id != made.election:
        raise InputError("is of an election that is void", field="choice", value=made.election)
    choice, nonce = Split(made.cash, made.secu), held.nonce(made.index)
    if nonce == made.nonce + 1 and held.said([made.index]) == [choice]:
        return draft.nothing(f"{made.account} says so already")
    if nonce != made.nonce:
        told = f"is change {made.nonce} of its leaf, and {nonce} is next: something was said after it was signed"
        raise InputError(told, field="choice", value=file)
    order = ins.ElectSigned(
        made.election,
        made.index,
        made.account,
        RawUnits(made.units, EVM_DECIMALS),
        _units(choice),
        made.proof,
        made.signer,
        made.nonce,
        made.signature,
        draft.anyone("ACTIONS", sender),
        made.pushable,
    )
    told = _told(choice, made.units, held.default)
    title = f"{made.account} chooses {told}, as it signed"
    draft.add(desk.views.step(draft.fresh(f"relay {made.index} {nonce}"), title, [order]))
    draft.changes.append(Change(f"units of {made.account}", _told(held.said([made.index])[0], made.units, held.default),
                                told))  # fmt: skip
    return draft.plan()


def proofs(
    network: Network, stock: str, reference: str, register: Path, accounts: Sequence[str]
) -> dict[str, dict[str, object]]:
    """What each account chooses with itself, from any wallet: its leaf, its proof and its next number, by a file's
    name."""
    desk = _Desk(network, stock)
    held = desk.demand(reference)
    roll = desk.roll(held, register)
    found = dict[str, dict[str, object]]()
    for account in accounts:
        address = desk.views.address(account)
        place = roll.place(address, account)
        leaf = roll.leaf(place)
        found[f"proof-{address}.json"] = {
            "schema": 1,
            "stock": stock,
            "reference": reference,
            "election": held.id,
            "contract": desk.contract.address,
            "chain_id": desk.chain.chain_id(),
            "deadline": held.shown["deadline"],
            "options": list(OPTIONS),
            "DFLT": held.default,
            "leaf": {
                "place": str(place | (merkle_sum.TOP if leaf.pushable else 0)),
                "account": address,
                "units": str(leaf.net),
            },
            "proof": [{"hash": one.hash, "sum": str(one.sum)} for one in roll.proof(place)],
            "nonce": held.nonce(place),
        }
    return found


# --- what came of it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """An action's election as the desk looks at it: its terms, and all raw units by option."""

    stock: str
    reference: str
    election: str
    status: str
    terms: Mapping[str, Any]
    totals: Split = field(default_factory=Split)

    @property
    def facts(self) -> dict[str, object]:
        """For programs. Amounts are raw units."""
        head = {"stock": self.stock, "reference": self.reference, "election": self.election, "status": self.status}
        return {**head, **self.terms, "totals": {one: str(self.totals.of(one)) for one in OPTIONS}}

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.stock} {self.reference}: {self.status} {self.election}".rstrip()
        if self.terms:
            yield f"  record {moment(self.terms['record_at'])}, choices until {moment(self.terms['deadline'])}"
            for option in OPTIONS:
                default = ", and what is left unsaid" if option == self.terms["DFLT"] else ""
                yield f"  {option} {format_fixed(self.totals.of(option), EVM_DECIMALS)}{default}"


def show(network: Network, stock: str, reference: str) -> Shown:
    """An action's last election; InputError where the book announced no such action."""
    desk = _Desk(network, stock)
    parts = desk.parts(reference)
    if not parts:
        desk.demand_offer(reference)
        return Shown(stock, reference, "", "no election opened", {})
    held = desk.held(parts[-1])
    terms = {name: held.shown[name] for name in ("record_at", "deadline")} | {"DFLT": held.default}
    terms |= {"root_sum": str(held.shown["sum"]), "most": str(desk.most(reference))}
    return Shown(stock, reference, held.id, held.state(), terms, held.totals())


def results(network: Network, stock: str, reference: str, register: Path) -> Results:
    """What every account of the register gets, once the deadline is past: the default filled in, stock prorated.

    InputError while the election is open or void, and where it has not followed its action; Drift while the deadline's
    block may still change.
    """
    desk = _Desk(network, stock)
    held, offer = desk.demand(reference), desk.offer(reference)
    state = held.state()
    if offer is None or state == "void":
        raise InputError("is void: its action is cancelled", field="reference", value=reference)
    if offer.deadline != held.shown["deadline"]:
        raise InputError("has another deadline by now: `election follow`", field="reference", value=reference)
    if state != "over":
        told = f"is open until {moment(offer.deadline)}: what is written now would not be the last"
        raise InputError(told, field="reference", value=reference)
    roll, written = desk.roll(held, register), files.verify(register)
    at = EvmSource(evm_only(network), stock).record(offer.deadline + 1)
    subject = Subject(
        network=network.manifest.network,
        chain_id=desk.chain.chain_id(),
        contract=desk.contract.address,
        token=desk.views.ledger.token(stock).address,
        stock=stock,
        code=CODE,
        reference=reference,
        action="0x" + desk.action(reference).hex(),
        election=held.id,
        record_at=held.shown["record_at"],
        deadline=held.shown["deadline"],
        register=written.digest,
        root="0x" + written.root.hash.hex(),
        sum=written.root.sum,
        depth=written.root.depth,
        block=at.number,
        block_hash=at.hash,
        default=held.default,
        most=desk.most(reference),
    )
    rows = desk.rows(held, roll)
    found = outcome.make(subject, *rows)
    outcome.check(found, held.totals(), *rows)
    return found


def demand_results(network: Network, stock: str, reference: str, register: Path, folder: Path) -> Results:
    """A folder's results, held to the election on this chain: its totals, and each leaf's choice.

    InputError where it is of another election; Drift where it is not what the chain keeps.
    """
    found, here = outcome.read(folder), results(network, stock, reference, register)
    if found.subject != here.subject:
        raise InputError("is of another election than this one", field="elections", value=folder)
    desk = _Desk(network, stock)
    held = desk.demand(reference)
    outcome.check(found, held.totals(), *desk.rows(held, desk.roll(held, register)))
    return found


# --- parts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Held:
    """An election on the chain."""

    desk: _Desk
    id: str
    shown: Mapping[str, Any]

    @property
    def default(self) -> Option:
        return _option(self.shown["default"])

    def said(self, places: Sequence[int]) -> list[Split]:
        return read_said(self.desk.chain, self.desk.contract, self.id, places)

    def nonce(self, place: int) -> int:
        return read_nonce(self.desk.chain, self.desk.contract, self.id, place)

    def totals(self) -> Split:
        return read_totals(self.desk.chain, self.desk.contract, self.id)

    def state(self) -> str:
        return read_state(self.desk.chain, self.desk.contract, self.id)


class _Desk:
    """A stock's book and elections. InputError where the network has none."""

    def __init__(self, network: Network, stock: str) -> None:
        self.network, self.stock = network, stock
        self.views: EvmViews = evm_only(network).views()
        self.chain = self.views.network.chain
        suite = self.views.ledger.suite
        if suite.book is None or suite.elections is None:
            raise InputError("is missing in the manifest, or not deployed: nobody chooses here", field="elections")
        self.book, self.contract = suite.book, suite.elections

    def action(self, reference: str) -> bytes:
        return self.views.ledger.action_id(self.stock, CODE, reference)

    def offer(self, reference: str) -> Offer | None:
        return read_offer(self.chain, self.book, self.action(reference))

    def demand_offer(self, reference: str) -> Offer:
        found = self.offer(reference)
        if found is None or found.status != "ANNOUNCED":
            told = f"is no announced dividend of {self.stock} in cash or stock ({CODE})"
            raise InputError(told, field="reference", value=reference)
        return found

    def most(self, reference: str) -> int:
        """The raw units that may have stock, as the terms say; 0 for all."""
        terms = self.chain.call(self.book, "action", self.action(reference))[-1]
        return int(dict(zip(RECORD_FIELDS, terms, strict=True))["most"])

    def parts(self, reference: str) -> list[str]:
        return read_parts(self.chain, self.contract, self.action(reference))

    def held(self, election: str) -> _Held:
        return _Held(self, election, read_election(self.chain, self.contract, election) or {})

    def standing(self, parts: Sequence[str]) -> _Held | None:
        """The election that is not voided, of those of an action; None for none."""
        found = self.held(parts[-1]) if parts else None
        return found if found is not None and found.shown["status"] == OPENED else None

    def demand(self, reference: str) -> _Held:
        found = self.standing(self.parts(reference))
        if found is None:
            reason = f"has no election of {self.stock} that stands: `election open`"
            raise InputError(reason, field="reference", value=reference)
        return found

    def roll(self, held: _Held, register: Path) -> Roll:
        return read_roll(register, bytes(held.shown["root"]), held.shown["sum"], "the election")

    def rows(self, held: _Held, roll: Roll) -> tuple[list[str], list[int], list[Split]]:
        """Accounts, their units, and what each said, in the order of the tree."""
        accounts = sorted(roll.places, key=roll.places.__getitem__)
        units = [roll.leaf(place).net for place in range(len(accounts))]
        return accounts, units, held.said(range(len(accounts)))


def _option(text: str) -> Option:
    for option in OPTIONS:
        if text == option:
            return option
    raise InputError(f"is none of {', '.join(OPTIONS)}", field="option", value=text)


def _units(choice: Split) -> ins.UnitChoice:
    return ins.UnitChoice(RawUnits(choice.cash, EVM_DECIMALS), RawUnits(choice.secu, EVM_DECIMALS))


def _told(said: Split, units: int, default: Option) -> str:
    """A choice for people, with the default's part filled in."""
    found = filled(said, units, default)
    told = ", ".join(f"{one} {format_fixed(found.of(one), EVM_DECIMALS)}" for one in OPTIONS if found.of(one))
    return told if said.total else f"{told} by default"
