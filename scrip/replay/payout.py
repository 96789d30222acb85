"""The job with dividends that are paid in cash: announced, posted as a root over the holders, funded, claimed.

A chain's multiplier moves by splits alone. Units and cash together, reinvested by a reader's own arithmetic
(scrip.replay.wealth), are held to the reference every day, and what each holder is paid to the last base unit. Nothing
is withheld: the reference reinvests the gross.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from scrip.dividends.entitlements import Holder, entitlements
from scrip.dividends.treaty import TreatyTable
from scrip.evm.ledger import EvmLedger
from scrip.holders.instant import At
from scrip.holders.tree import Leaves, Tree, build
from scrip.instructions.base import TREASURY
from scrip.instructions.dividends import (
    AT_PAR,
    AnnounceCash,
    CashTerms,
    ClaimDividend,
    DividendLeaf,
    FundDividend,
    PostRoot,
    ProofNode,
    RootTerms,
)
from scrip.instructions.market import FundStablecoin
from scrip.labels import DISTRIBUTOR
from scrip.ledger import Ledger
from scrip.model.laws import cash, merkle_sum
from scrip.model.ledger import ModelLedger
from scrip.model.state import Dividends
from scrip.model.state.dividends import CASH_CODE
from scrip.parameters import ESCHEAT
from scrip.replay import cast
from scrip.replay.job import Replay
from scrip.replay.result import ReplayError, Watcher
from scrip.replay.timeline import DAY, Action, Kind, Step, Timeline
from scrip.replay.wealth import MICRO, Reader
from scrip.units import NO_WAD, STABLECOIN_DECIMALS, Stablecoin, parse_wad

TAX = "tax office"
"""Who would receive what is withheld."""
NOTHING_WITHHELD = TreatyTable(schema=1, source="US", statutory_bps=0)


class Binder(Protocol):
    """What a root is bound to: accounts as words, and chain, token, action and block of a record."""

    def word(self, account: str) -> bytes:
        """An account as 32 bytes."""

    def binding(self, reference: str, instant: int) -> merkle_sum.Binding:
        """What the root of a dividend is good for whose holders are recorded at an instant."""


@dataclass(frozen=True, slots=True)
class EvmBinder:
    """Binds roots to a stock of an Ethereum-family chain. `block` finds the last block before an instant."""

    ledger: EvmLedger
    stock: str
    block: Callable[[int], At]

    def word(self, account: str) -> bytes:
        """An address behind 12 zeros."""
        return _word(self.ledger.chain.address(account))

    def binding(self, reference: str, instant: int) -> merkle_sum.Binding:
        """Bind to the chain's id, the token, the action's id, and the block."""
        at = self.block(instant)
        return merkle_sum.Binding(
            merkle_sum.word(self.ledger.chain.chain_id()),
            _word(self.ledger.token(self.stock).address),
            self.ledger.action_id(self.stock, CASH_CODE, reference),
            at.number,
            bytes.fromhex(at.hash.removeprefix("0x")),
        )


def _word(address: str) -> bytes:
    return bytes.fromhex(address[2:]).rjust(32, b"\0")


def pays(model: ModelLedger, binder: Binder) -> None:
    """Let a model pay in cash, with a chain's addresses in the leaves."""
    model.state.dividends = Dividends(TREASURY, TAX)
    names = (*cast.INVESTORS, TREASURY, TAX, DISTRIBUTOR)
    model.state.words = {name: binder.word(name) for name in names}


@dataclass(slots=True)
class _Part:
    """A dividend's root between its record and its payment."""

    holders: Sequence[Holder]
    counted: cash.Counted
    binding: merkle_sum.Binding
    tree: Tree | None = None
    distribution: str = ""


class CashReplay(Replay):
    """One run of the job with dividends in cash; `binder` is the chain's, on which the roots are good."""

    def __init__(
        self,
        timeline: Timeline,
        ledgers: Mapping[str, Ledger],
        binder: Binder,
        watcher: Watcher | None = None,
        ready: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(timeline, ledgers, watcher, ready)
        self.binder = binder
        self.readers = {name: Reader() for name in self.ledgers}
        self.parts: dict[int, _Part] = {}
        self.refused_once = False

    def _steps(self) -> dict[Kind, Callable[[Step], None]]:
        return super()._steps() | {Kind.RECORD: self._record}

    def _action(self, step: Step) -> Action:
        return self.timeline.actions[step.index]

    def _announce(self, step: Step) -> None:
        action = self._action(step)
        if not action.in_cash:
            super()._announce(step)
            return
        terms = CashTerms(
            ex=action.event.ex,
            record_at=action.ex_at,
            pay=action.effective,
            expiry=action.effective + ESCHEAT.default + DAY,
            gross=parse_wad(f"{action.event.gross:f}"),
            ex_at=action.ex_at,
        )
        order = AnnounceCash(self.ticker, action.reference, terms)
        self.result.outcomes[step.index].announce = self._all(step, f"announce {_title(action)}", lambda _: order)

    def _record(self, step: Step) -> None:
        """Note who holds what, before anything else happens in that second; all ledgers must agree."""
        found: list[list[Holder]] = []
        for ledger in self.ledgers.values():
            held = {name: ledger.balance(self.ticker, name).value for name in cast.INVESTORS}
            found.append([Holder(name, units, name) for name, units in held.items() if units])
        if any(one != found[0] for one in found):
            raise ReplayError(f"{_title(self._action(step))}: the ledgers' holders differ at the record")
        first = next(iter(self.ledgers.values()))
        counted = cash.Counted(first.multiplier(self.ticker).ui_multiplier, first.traits.decimals, STABLECOIN_DECIMALS)
        binding = self.binder.binding(self._action(step).reference, step.at)
        self.parts[step.index] = _Part(found[0], counted, binding)

    def _schedule(self, step: Step) -> None:
        action, outcome = self._action(step), self.result.outcomes[step.index]
        if not action.in_cash:
            super()._schedule(step)
            return
        part = self.parts[step.index]
        per_share = cash.PerShare(parse_wad(f"{action.event.gross:f}"), NO_WAD, AT_PAR)
        found = entitlements(part.holders, per_share, part.counted, NOTHING_WITHHELD, {}, action.event.ex)
        rows = enumerate(found.rows)
        leaves = [
            merkle_sum.Leaf(i, self.binder.word(one.holder.account), one.due.gross, one.due.withheld, one.due.net, True)
            for i, one in rows
        ]
        part.tree = tree = build(Leaves.of(leaves))
        part.distribution = "0x" + merkle_sum.bound(tree.root, part.binding).hex()
        net = Stablecoin(found.net)
        root = RootTerms(
            hash="0x" + tree.root.hash.hex(),
            net=net,
            gross=Stablecoin(found.gross),
            withheld=Stablecoin(found.here),
            depth=tree.root.depth,
            block=part.binding.block,
            block_hash="0x" + part.binding.block_hash.hex(),
        )
        post = PostRoot(self.ticker, action.reference, 0, root, part.distribution)
        outcome.paid["root"] = self._all(step, f"post the root of {_title(action)}", lambda _: post)
        self._all(step, "fund the treasury", lambda _: FundStablecoin(TREASURY, net))
        fund = FundDividend(part.distribution, net, TREASURY)
        outcome.paid["fund"] = self._all(step, f"fund {_title(action)}", lambda _: fund)

    def _before(self, step: Step) -> None:
        if not self._action(step).in_cash:
            super()._before(step)
        elif not self.refused_once:
            claim = self._claim(self.parts[step.index], 0)
            self._none(step, "claim before it is paid", claim.leaf.account, lambda _: claim)

    def _effect(self, step: Step) -> None:
        action, outcome = self._action(step), self.result.outcomes[step.index]
        event = action.event
        if not action.in_cash:
            super()._effect(step)
            for reader in self.readers.values():
                reader.split(event.num, event.den)
            return
        part = self.parts.pop(step.index)
        gross, close = Fraction(event.gross), Fraction(event.close)
        for place, holder in enumerate(part.holders):
            claim, name = self._claim(part, place), holder.account
            before = {one: ledger.stablecoin(name) for one, ledger in self.ledgers.items()}
            outcome.paid[f"claim.{name}"] = self._all(step, f"pay {name}", _always(claim))
            for one, ledger in self.ledgers.items():
                paid = ledger.stablecoin(name).value - before[one].value
                due = self.readers[one].due(Fraction(holder.units, 10**ledger.traits.decimals), gross)
                if paid != due:
                    raise ReplayError(f"{_title(action)}: {one} paid {name} {Stablecoin(paid)}, not {Stablecoin(due)}")
            if not self.refused_once:
                self._none(step, "claim twice", name, _always(claim))
                self.refused_once = True
        for one, reader in self.readers.items():
            reader.dividend(gross, close)
            reader.receive(self._received(one), close)
        outcome.multiplier = self._multipliers(step)

    def _claim(self, part: _Part, place: int) -> ClaimDividend:
        if part.tree is None:
            raise ReplayError("a dividend is paid whose root was never posted")
        leaf = part.tree.leaves.leaf(place)
        amounts = (Stablecoin(leaf.gross), Stablecoin(leaf.withheld), Stablecoin(leaf.net))
        proof = tuple(ProofNode("0x" + one.hash.hex(), one.sum) for one in part.tree.proof(place))
        named = DividendLeaf(part.holders[place].account, *amounts, leaf.pushable)
        return ClaimDividend(part.distribution, place, named, proof)

    def _settle(self, step: Step) -> None:
        """The custodian's dividend went to the holders: its shares stay as they are."""
        if not self._action(step).in_cash:
            super()._settle(step)
            return
        outcome = self.result.outcomes[step.index]
        outcome.coverage = {name: ledger.coverage(self.ticker) for name, ledger in self.ledgers.items()}
        self._covered(step)
        self.watcher.acted(outcome)

    def _received(self, name: str) -> Fraction:
        """What all investors have ever been paid on a ledger, dollars: they spend none of it there."""
        ledger = self.ledgers[name]
        return Fraction(sum(ledger.stablecoin(one).value for one in cast.INVESTORS), MICRO)

    def _value(self, name: str, close: Fraction, multiplier: Fraction) -> Fraction:
        ledger, reader = self.ledgers[name], self.readers[name]
        reader.receive(self._received(name), close)
        supply = ledger.supply(self.ticker)
        shares = Fraction(supply.value, 10**supply.decimals) * multiplier
        return reader.worth(shares, close) / sum(Fraction(buyer.tokens) for buyer in cast.BUYERS)


def _always(order: ClaimDividend) -> Callable[[Ledger], ClaimDividend]:
    return lambda _: order


def _title(action: Action) -> str:
    return f"{action.code} of {action.event.ex}"
