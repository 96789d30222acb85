"""What the desk and holders do with actions of every code: records, roots, elections, votes, offers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import rule
from machine.mixed_world import (
    DAY,
    HELD,
    HOUR,
    KEEPER,
    OWNERS,
    PEOPLE,
    SPUN,
    STOCKS,
    TAKER,
    WHOLE,
    WHY,
    YEAR,
    Paper,
    Recorded,
    bound,
    day_of,
    prepared,
    raw,
    tree_over,
)
from machine.stories import Story
from machine.twins import DONE

from scrip import instructions as ins
from scrip.evm.encoding.values import document_hash
from scrip.evm.handlers.offers import hex_of as offer_hex
from scrip.evm.handlers.voting import hex_of as vote_hex
from scrip.holders.tree import Tree
from scrip.instructions.base import ISSUER, TREASURY
from scrip.model.laws.elections import election_id
from scrip.model.laws.offers import needs, offer_number
from scrip.model.laws.voting import vote_id
from scrip.model.offers import final_of
from scrip.model.state.elections import Offer as Election
from scrip.model.state.voting import Meeting
from scrip.units import WAD, RawUnits, Stablecoin, Wad

ROOTED = ("DVCA", "DVOP", "CAPD", "SOFF", "MRGR", "RHTS", "LIQU", "MEET")
IN_UNITS = {"SOFF": SPUN, "MRGR": SPUN, "RHTS": SPUN, "DVOP": HELD}
"""The stock that a code's roots in units give."""
IN_COINS = ("DVCA", "DVOP", "CAPD", "MRGR", "LIQU")
PLAIN = ("CHAN", "DLST")
"""Codes that are recorded, and of which nothing is carried out here."""
PAR = {"currency": "USD", "asset": "stablecoin", "rate": Wad(WAD), "source": "par"}
units = st.sampled_from([0, 1, WHOLE, 3 * WHOLE + 7, 40 * WHOLE, 2**95])
owners = st.sampled_from(OWNERS)
places = st.integers(0, 9)


def day(at: int) -> date:
    return datetime.fromtimestamp(at, UTC).date()


class Acting(Story):
    """Actions of all codes."""

    paper: Paper

    def begin(self) -> None:
        self.serial, self.actions = 0, list[Recorded]()
        self.trees: dict[str, Tree] = {}
        self.paper.trees = self.trees
        self.offers: list[str] = []

    def named(self, code: str) -> str:
        """A reference that no action has."""
        self.serial += 1
        return f"{code.lower()}{self.serial}"

    # --- what moves the multiplier ---

    @rule(code=st.sampled_from(["SPLF", "SPLR", "DVSE", "DRIP"]), days=st.sampled_from([2, 3]))
    def multiplier(self, code: str, days: int) -> None:
        at, reference = self.model.now() + days * DAY, self.named(code)
        ratio = {"SPLF": (2, 1), "SPLR": (1, 2), "DVSE": (103, 100), "DRIP": (0, 0)}[code]
        terms = {"gross": Wad(WAD), "pay": at + DAY} if code == "DRIP" else {"num": ratio[0], "den": ratio[1]}
        if self.give(ins.Announce(HELD, code, reference, day(at), at, **terms)) != DONE:
            return
        price = Wad(100 * WAD) if code == "DRIP" else Wad(0)
        if self.give(ins.Schedule(HELD, code, reference, price)) != DONE:
            self.give(ins.Cancel(HELD, code, reference, *WHY))
        elif code == "DRIP":
            self.paper.dividend(reference, WAD, 100 * WAD, at, at + DAY)
        else:
            self.paper.split(reference, Fraction(*ratio), at)

    # --- what the book keeps ---

    @rule(code=st.sampled_from([*ROOTED, *PLAIN]), wait=st.sampled_from([1, 3]))
    def announce(self, code: str, wait: int) -> None:
        self.announced(code, wait)

    def announced(self, code: str, wait: int) -> str:
        """An action of the book; those with a record wait for it. Its reference, "" where it is refused."""
        ex_at = day_of(self.model.now()) + 2 * DAY
        record, reference = ex_at + 13 * HOUR, self.named(code)
        deadline, pay = record + DAY, record + (1 + wait) * DAY
        expiry = pay + 3 * YEAR + DAY
        base = {"ex": day(ex_at), "record_at": record, "pay": pay}
        terms = {
            "DVCA": {},
            "DVOP": base | PAR | {"deadline": deadline, "expiry": expiry, "gross": Wad(WAD), "num": 1, "den": 10},
            "CAPD": base | PAR | {"expiry": expiry, "gross": Wad(WAD)},
            "SOFF": base | {"num": 1, "den": 10, "other": SPUN},
            "MRGR": PAR
            | {
                "record_at": record,
                "pay": pay,
                "expiry": expiry,
                "gross": Wad(WAD),
                "num": 1,
                "den": 10,
                "other": SPUN,
            },
            "RHTS": base
            | PAR
            | {"deadline": deadline, "expiry": pay, "price": Wad(2 * WAD), "num": 1, "den": 10, "other": SPUN},
            "LIQU": base | PAR | {"expiry": expiry, "price": Wad(WAD)},
            "MEET": {"record_at": record, "deadline": deadline, "pay": pay, "document": "notice"},
            "CHAN": {"pay": pay, "name": "Another"},
            "DLST": {"pay": pay},
        }[code]
        order: ins.Instruction = (
            ins.AnnounceRecord(HELD, code, reference, ins.RecordTerms(**terms))
            if terms
            else (ins.AnnounceCash(HELD, reference, ins.CashTerms(day(ex_at), record, pay, expiry, Wad(WAD))))
        )
        if self.give(order) != DONE:
            return ""
        if code in ROOTED:
            self.actions.append(Recorded(code, reference, record, deadline, pay))
            self.tell()
        return reference

    def tell(self) -> None:
        """What elections and votes go by of the book, as the model is told it."""
        state = self.model.state
        assert state.elections is not None
        assert state.voting is not None
        for one in self.actions:
            if one.code not in ("DVOP", "MEET"):
                continue
            status = self.model.stocks[HELD].actions.book[one.code, one.reference].status_at(self.model.now())
            if one.code == "MEET":
                kept = Meeting(one.record_at, one.deadline, status == "CANCELLED")
                state.voting.meetings[HELD, one.reference] = kept
            else:
                told = status if status in ("ANNOUNCED", "CANCELLED") else "OTHER"
                kept_ = Election("DVOP", one.record_at, one.deadline, told)  # type: ignore[arg-type]
                state.elections.offers[HELD, one.reference] = kept_

    @rule(place=places, sure=st.sampled_from([True, False, False, False]))
    def cancel(self, place: int, sure: bool) -> None:
        if self.actions and sure:
            one = self.actions[place % len(self.actions)]
            cash = ins.CancelCash(HELD, one.reference, *WHY)
            self.give(cash if one.code == "DVCA" else ins.CancelRecord(HELD, one.code, one.reference, *WHY))
            self.tell()

    # --- elections and votes ---

    def top(self, one: Recorded) -> tuple[ins.VoteRoot, str] | None:
        """The root of an action's register, and what it is bound to."""
        if not one.register or not sum(one.register.values()):
            return None
        self.serial += 1
        identity, block_hash = bound(one.tree, HELD, one.code, one.reference, self.serial)
        root = one.tree.root
        return ins.VoteRoot("0x" + root.hash.hex(), raw(root.sum), root.depth, self.serial, block_hash), identity

    @rule(place=places)
    def open_choice(self, place: int) -> None:
        """The election or the vote of an action whose record has come."""
        open_ = [one for one in self.actions if one.code in ("DVOP", "MEET") and one.register]
        if open_:
            self.open_choice_of(open_[place % len(open_)])

    def open_choice_of(self, one: Recorded) -> None:
        """The same of one."""
        if (found := self.top(one)) is None:
            return
        top, identity = found
        plain = bytes.fromhex(identity[2:])
        if one.code == "DVOP":
            self.tell()
            election = "0x" + election_id(plain, 0, "CASH").hex()
            if self.give(ins.OpenElection(HELD, one.reference, 0, top, "CASH", identity, election)) == DONE:
                one.election = election
            return
        multiplier = self.model.multiplier(HELD).ui_multiplier
        vote = vote_hex(vote_id(plain, 0, multiplier, one.deadline, 1, document_hash("agenda")))
        terms = ins.VoteTerms(multiplier, one.deadline, 1, "agenda")
        if self.give(ins.OpenVote(HELD, one.reference, 0, top, terms, identity, vote)) == DONE:
            one.vote = vote

    @rule(account=owners, part=st.integers(0, 8), by=st.sampled_from(["", "heir", "heir", KEEPER]))
    def choose(self, account: str, part: int, by: str) -> None:
        """In every election and vote that there is."""
        sender = self.paper.heir(account) if by == "heir" else by or account
        for one in self.actions:
            if not (one.election or one.vote):
                continue
            assert one.register is not None
            mine, index = one.register[account], PEOPLE.index(account)
            proof = ins.proof_nodes(one.tree.proof(index))
            if one.election:
                secu = mine * part // 8
                choice = ins.UnitChoice(raw(mine - secu), raw(secu))
                order = ins.Elect(one.election, index, account, raw(mine), choice, proof, True, sender)
                if self.give(order) == DONE:
                    assert sender == self.paper.heir(account)
                    one.said[account] = (mine - secu, secu)
            else:
                leaf = ins.VoteLeaf(account, index, raw(mine), True)
                if self.give(ins.CastVote(one.vote, 0, "for", leaf, proof, "", sender)) == DONE:
                    assert sender == self.paper.heir(account)

    # --- roots ---

    @rule(place=places, in_units=st.booleans(), off=st.sampled_from([0, 0, 0, 1]))
    def post(self, place: int, in_units: bool, off: int) -> None:
        ripe = [one for one in self.actions if one.register]
        if ripe:
            self.post_of(ripe[place % len(ripe)], in_units, off)

    def post_of(self, one: Recorded, in_units: bool, off: int = 0) -> str:
        """A root of what an action gives; what it is bound to, "" where it is refused."""
        in_units = one.code in IN_UNITS and (in_units or one.code not in IN_COINS)
        if one.code == "MEET" or one.register is None:
            return ""
        nets = dict(one.register)
        if one.code == "DVOP":
            # What nobody says is the default's.
            nets = {who: one.said.get(who, (mine, 0))[in_units] for who, mine in nets.items()}
        nets = {who: mine // 10 if in_units else mine // 10**12 for who, mine in nets.items()}
        tree = tree_over(nets)
        if not tree.root.sum:
            return ""
        self.serial += 1
        identity, block_hash = bound(tree, HELD, one.code, one.reference, self.serial)
        of = raw if in_units else Stablecoin
        net = of(tree.root.sum)
        terms = ("0x" + tree.root.hash.hex(), net, net, of(0), tree.root.depth, self.serial, block_hash)
        # An honest desk posts each leg once, and again where it was voided before anybody funded it.
        standing = [known for known in one.posted if self.book.distributions[known].status not in ("VOIDED", "ENDED")]
        if any(bool(self.book.distributions[known].units) == in_units for known in standing):
            return ""
        part = self.book.parts.get((HELD, one.code, one.reference), 0) + off
        order = ins.PostRoot(HELD, one.reference, part, ins.RootTerms(*terms), identity, one.code, in_units)
        if self.give(order) != DONE:
            return ""
        self.trees[identity] = one.posted[identity] = tree
        if one.code == "DVOP" and in_units:
            self.paper.elects(HELD, tree.root.sum, one.pay)
        self.tell()
        return identity

    def known(self, place: int) -> str:
        """One of the roots, or none."""
        found = list(self.trees)
        return found[-1 - place % len(found)] if found and place < 9 else "0x" + "07" * 32

    @rule(place=places, off=st.sampled_from([0, 0, 0, 1]))
    def fund(self, place: int, off: int) -> None:
        known = self.known(place)
        amount = self.trees[known].root.sum + off if known in self.trees else 5
        root = self.book.distributions.get(known)
        if root is None or not root.units:
            self.give(ins.FundDividend(known, Stablecoin(amount), TREASURY))
        elif self.give(ins.FundUnits(known, raw(amount))) == DONE:
            self.paper.held_to(root.units)

    def leaf(self, known: str, index: int) -> ins.DividendLeaf:
        """A leaf as an instruction names it."""
        root, net = self.book.distributions.get(known), self.trees[known].leaves.leaf(index).net
        of = raw if root is not None and root.units else Stablecoin
        return ins.DividendLeaf(PEOPLE[index], of(net), of(0), of(net))

    def paid(self, known: str, order: ins.Instruction) -> str:
        """Give an order that pays of a root, and note who has more afterwards, by the chain."""
        before, answer = self.holdings(known), self.give(order)
        for account, now in self.holdings(known).items():
            self.paper.got[known][self.paper.investor.get(account, account)] += now - before[account]
        return answer

    def holdings(self, known: str) -> dict[str, int]:
        ledger, stock = prepared().ledger, self.book.distributions[known].units
        if stock:
            return {one: ledger.balance(stock, one).value for one in PEOPLE}
        return {one: ledger.stablecoin(one).value for one in PEOPLE}

    @rule(place=places, index=st.integers(0, len(PEOPLE) - 1), by=st.sampled_from(["", KEEPER, "mallory"]))
    def claim(self, place: int, index: int, by: str) -> None:
        if (known := self.known(place)) in self.trees:
            proof = ins.proof_nodes(self.trees[known].proof(index))
            self.paid(known, ins.ClaimDividend(known, index, self.leaf(known, index), proof, by))

    @rule(place=places)
    def push(self, place: int) -> None:
        if (known := self.known(place)) in self.trees:
            leaves = tuple(self.leaf(known, one) for one in range(len(PEOPLE)))
            nodes = ins.proof_nodes(self.trees[known].proof(0)[7:])
            self.paid(known, ins.PushDividend(known, 0, leaves, nodes, KEEPER))

    @rule(place=places, index=st.integers(0, len(PEOPLE) - 1))
    def retry(self, place: int, index: int) -> None:
        if (known := self.known(place)) in self.trees:
            self.paid(known, ins.PayParked(known, index, KEEPER, PEOPLE[index]))

    @rule(place=places, what=st.sampled_from(["stop", "resume", "void", "recall"]), sure=st.sampled_from([1, 0, 0]))
    def officer_of_roots(self, place: int, what: str, sure: int) -> None:
        known = self.known(place)
        if what == "recall" and sure:
            self.give(ins.StopDividend(known))
        orders = {
            "stop": ins.StopDividend(known),
            "resume": ins.ResumeDividend(known),
            "void": ins.VoidRoot(known, *WHY),
            "recall": ins.RecallDividend(known, *WHY),
        }
        self.give(orders[what])

    # --- offers ---

    @rule(code=st.sampled_from(["TEND", "RHTS"]), taken=st.booleans(), late=st.booleans())
    def an_offer(self, code: str, taken: bool, late: bool) -> None:
        """Announced and opened; rights may be given out before or after it is."""
        if code == "RHTS":
            if reference := self.announced("RHTS", 3):
                if late:
                    self.advance(3 * DAY)
                    self.post_of(self.actions[-1], True)
                self.open_offer("RHTS", reference, self.actions[-1].deadline, "", 100 * WHOLE)
            return
        deadline, reference = self.model.now() + 3 * DAY, self.named(code)
        terms = ins.RecordTerms(pay=deadline + DAY, deadline=deadline, **PAR, price=Wad(90 * WAD + 1), most=50 * WHOLE)
        if self.give(ins.AnnounceRecord(HELD, code, reference, terms)) == DONE:
            self.open_offer(code, reference, deadline, TAKER if taken else "", 0)

    def open_offer(self, code: str, reference: str, deadline: int, taker: str, most: int) -> None:
        ledger = prepared().ledger
        assert ledger.suite.offers is not None
        at, action = bytes.fromhex(ledger.suite.offers.address[2:]), ledger.action_id(HELD, code, reference)
        offer = offer_hex(offer_number(prepared().chain.chain_id(), at, action, 0, code, deadline))  # type: ignore[arg-type]
        other = SPUN if code == "RHTS" else ""
        order = ins.OpenOffer(HELD, code, reference, 0, TREASURY, offer, taker, RawUnits(most, 18), other)
        if self.give(order) == DONE:
            self.offers.append(offer)

    def told(self, place: int) -> tuple[str, str]:
        """An offer and its second stock."""
        if not self.offers:
            return "0x" + "07" * 32, ""
        offer = self.offers[-1 - place % len(self.offers)]
        found = self.escrow.offers[offer]
        return offer, SPUN if SPUN in (found.token, found.given) else ""

    @rule(place=places, account=owners, amount=units, more=st.sampled_from([0, 0, 1, WHOLE]))
    def tender(self, place: int, account: str, amount: int, more: int) -> None:
        offer, other = self.told(place)
        if self.offers:
            more = more if other else 0
            self.give(ins.ChooseInOffer(HELD, offer, self.paper.heir(account), raw(amount), raw(more), other))

    @rule(place=places, account=owners)
    def withdraw(self, place: int, account: str) -> None:
        offer, other = self.told(place)
        if self.offers:
            self.give(ins.WithdrawChoice(HELD, offer, account, self.paper.heir(account), other))

    @rule(place=places, wait=st.booleans(), off=st.sampled_from([0, 0, 0, 1]))
    def fund_offer(self, place: int, wait: bool, off: int) -> None:
        offer, other = self.told(place)
        if not self.offers:
            return
        found = self.escrow.offers[offer]
        if wait:
            self.advance(max(found.deadline + 1 - self.model.now(), 0))
        due, _ = needs(final_of(self.model.state, found), found.total, found.more)
        order = ins.FundOffer(HELD, offer, Stablecoin(due + off), ISSUER if other else TREASURY, other)
        supply = self.paper.supply(HELD)
        if self.give(order) == DONE and self.paper.supply(HELD) > supply:
            # Rights alone make new units, where anybody has used one.
            assert other
            self.paper.held_to(HELD)

    @rule(place=places, account=owners, what=st.sampled_from(["claim", "claim", "settle", "collect", "cancel"]))
    def end_of_offer(self, place: int, account: str, what: str) -> None:
        offer, other = self.told(place)
        if self.offers:
            heir = self.paper.heir(account)
            orders = {
                "claim": ins.ClaimOffer(HELD, offer, account, heir, other),
                "settle": ins.SettleOffer(HELD, offer, OWNERS, KEEPER, other),
                "collect": ins.CollectOffer(HELD, offer, KEEPER, other),
                "cancel": ins.CancelOffer(HELD, offer, *WHY, other),
            }
            self.give(orders[what])

    # --- the rest of the market ---

    @rule(stock=st.sampled_from(STOCKS), more=st.sampled_from([0, 1, 40]))
    def custodian_says(self, stock: str, more: int) -> None:
        self.paper.buy(stock, more)
        self.give(ins.AttestReserve(stock, self.paper.told(stock)))

    @rule(stock=st.sampled_from(STOCKS), account=owners, amount=st.sampled_from([1, WHOLE, 9 * WHOLE, 120 * WHOLE]))
    def mint(self, stock: str, account: str, amount: int) -> None:
        quote = ins.QuoteTerms(self.named("q"), self.model.now() + HOUR, self.model.multiplier(stock).generation)
        ended = self.model.stocks[stock].token.has_ended(self.model.now())
        if self.give(ins.Mint(stock, account, raw(amount), Stablecoin(1), quote)) == DONE:
            assert not ended
            self.paper.held_to(stock)

    @rule(stock=st.sampled_from(STOCKS), sender=owners, to=st.sampled_from(PEOPLE), amount=units)
    def transfer(self, stock: str, sender: str, to: str, amount: int) -> None:
        self.give(ins.Transfer(stock, sender, to, raw(amount)))
