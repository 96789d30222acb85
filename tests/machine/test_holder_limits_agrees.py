"""Rules and limits alone, in many combinations: model and chain agree, and ERC-1404 says beforehand what happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from machine.holder_limits_rules import OFFICER
from machine.rules import ACCOUNTS, INVESTORS, STRANGER, WALLETS
from machine.test_state_is_read import prepared
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.evm.ledger import EvmLedger
from scrip.evm.state.snapshot import load_model
from scrip.holder_limits import EVERY_CLASS, Countries, HolderLimits, StockRules
from scrip.instructions.base import Instruction
from scrip.instructions.subjects import Subjects
from scrip.units import WAD, RawUnits, Stablecoin

STOCK = "ACME"
CHAPTERS, STEPS = 45, 10
SEED = 22
REFUSED_FOR = {
    0: DONE,
    1: "token: halted",
    2: "token: paused",
    4: "ERC20InvalidReceiver",
    **dict.fromkeys((5, 6, 7), "ERC7943CannotSend"),
    **dict.fromkeys((8, 9, 10), "ERC7943CannotReceive"),
    11: "ERC20InsufficientBalance",
    **dict.fromkeys((12, 13), "ERC7943InsufficientUnfrozenBalance"),
    14: "holders: not seeded",
    15: "holders: too many",
    16: "holders: above the maximum",
    17: "holders: below the minimum",
}
"""ERC-1404's codes (contracts/token/token_restrictions.vy) and what a transfer is refused for."""
EXPECTED = {
    "holders: bad limits",
    "holders: not counted",
    "holders: not paused",
    "holders: not seeding",
    "rules: bad classes",
    "rules: would loosen",
    *(REFUSED_FOR[code] for code in (14, 15, 16, 17)),
}
_One = TypeVar("_One")


class Story:
    """Random instructions about one stock, its holders and what they may hold."""

    def __init__(self, twins: Twins) -> None:
        self.twins = twins
        self.model = twins.model
        self.chain: EvmLedger = twins.chains["revm"]  # type: ignore[assignment]
        self.random = Random(SEED)
        self.serial = 0
        for name in ("inv-alice", "inv-bob", "inv-carol"):
            twins.must(ins.Renew(name, twins.model.now() + 10**8))

    def one_of(self, *choices: _One) -> _One:
        return self.random.choice(choices)

    def some(self, choices: Sequence[str]) -> list[str]:
        return self.random.sample(choices, self.random.randint(1, len(choices)))

    def units(self, *whole: int) -> RawUnits:
        return RawUnits(self.one_of(*whole) * WAD, 18)

    def chapter(self) -> None:
        """Other rules and limits, the holders counted or not, and what they make of what follows."""
        self.do(self.rules())
        if self.one_of(True, False, False):
            self.do(ins.RemoveHolderLimits(STOCK, by=self.one_of(ins.ISSUER, OFFICER)))
        if self.one_of(True, True, True, False):
            self.twins.must(ins.Pause(STOCK))
        self.do(self.limits())
        self.do(ins.SeedHolders(STOCK, tuple(self.one_of(ACCOUNTS, ACCOUNTS, self.some(ACCOUNTS)))))
        if self.model.stocks[STOCK].token.paused:
            self.twins.must(ins.Unpause(STOCK))
        self.read()
        for _ in range(STEPS):
            self.do(
                self.one_of(
                    *[self.transfer] * 6, *[self.mint] * 2, self.redeem, self.force, self.profile, self.wallet
                )()
            )

    def do(self, order: Instruction) -> None:
        self.twins.apply(order)
        self.twins.compare_holders(STOCK, ACCOUNTS)
        self.twins.compare_clearance(STOCK, ACCOUNTS, self.model.stocks[STOCK].token.paused)

    def transfer(self) -> Instruction:
        rich = [name for name in ACCOUNTS if self.model.balance(STOCK, name)]
        sender, to = self.one_of(*rich, *rich, *ACCOUNTS), self.one_of(*WALLETS, *ACCOUNTS, "")
        amount = RawUnits(max(self.one_of(*self.telling(sender, to)) + self.one_of(0, 0, 0, 1, -1), 0), 18)
        token, at = self.chain.token(STOCK), self.chain.chain.address
        code = self.chain.chain.call(token, "detectTransferRestriction", at(sender), at(to), amount.value)
        order = ins.Transfer(STOCK, sender, to, amount)
        assert self.twins.apply(order) == REFUSED_FOR[code], (order, code)
        return ins.Transfer(STOCK, to, sender, amount) if to else order

    def telling(self, sender: str, to: str) -> list[int]:
        """Amounts at which the answer turns: all, a part, as much as the limits leave room for."""
        holders, held = self.model.stocks[STOCK].token.holders, self.model.balance(STOCK, sender).value
        amounts = [held, held // 2, held // 3]
        if holders.limits is not None:
            least, most = holders.limits.minimum.value, holders.limits.maximum.value
            amounts += [holders.held_with(sender) - least, least, most - holders.held_with(to)]
        return amounts

    def room(self, account: str) -> list[int]:
        """As much as a maximum leaves the account, and a unit more; nothing where there is none."""
        holders = self.model.stocks[STOCK].token.holders
        most = holders.limits.maximum.value if holders.limits is not None else 0
        left = most - holders.held_with(account)
        return [left, left, left + 1] if left > 0 else []

    def mint(self) -> Instruction:
        self.serial += 1
        terms = ins.QuoteTerms(f"more {self.serial}", self.model.now() + 600, 0)
        account = self.one_of(*ACCOUNTS)
        amount = RawUnits(self.one_of(WAD, 3 * WAD, 10 * WAD, *self.room(account)), 18)
        return ins.Mint(STOCK, account, amount, Stablecoin(0), terms)

    def redeem(self) -> Instruction:
        account = self.one_of(*ACCOUNTS)
        self.serial += 1
        terms = ins.QuoteTerms(f"less {self.serial}", self.model.now() + 600, 0)
        return ins.Redeem(STOCK, account, self.model.balance(STOCK, account), Stablecoin(0), terms)

    def force(self) -> Instruction:
        sender = self.one_of(*ACCOUNTS)
        amount = self.model.balance(STOCK, sender)
        if self.one_of(True, False, False):
            return ins.ForcedBurn(STOCK, sender, amount, 6, "judgment")
        return ins.ForcedTransfer(STOCK, sender, self.one_of(*ACCOUNTS), amount, 6, "judgment")

    def rules(self) -> Instruction:
        classes = self.one_of(*[EVERY_CLASS] * 3, frozenset({"retail", "venue"}), frozenset({"professional"}))
        classes = self.one_of(*[classes] * 5, frozenset())
        countries = self.one_of(*[Countries()] * 6, Countries.all_but([840]), Countries.only([276, 250]))
        return ins.SetStockRules(STOCK, StockRules(classes, countries), by=self.one_of(ins.ISSUER, OFFICER))

    def limits(self) -> Instruction:
        most, maximum, minimum = self.one_of(0, 0, 1, 2), self.units(0, 12, 30), self.units(0, 1, 6, 20)
        return ins.SetHolderLimits(STOCK, HolderLimits(most, maximum, minimum), by=self.one_of(ins.ISSUER, OFFICER))

    def profile(self) -> Instruction:
        kind: ins.InvestorClass = self.one_of("retail", "professional", "venue")
        return ins.SetProfile(self.one_of(*INVESTORS), self.one_of(276, 276, 250, 840), kind)

    def wallet(self) -> Instruction:
        investor, wallet = self.one_of(*INVESTORS), self.one_of("alice2", STRANGER)
        owner = self.model.investors.investor_of(wallet)
        return ins.UnlinkWallet(owner, wallet, 4, "lost") if owner else ins.LinkWallet(investor, wallet)

    def read(self) -> None:
        """The chain read as a model that knows some accounts by name counts as the whole model does."""
        mine = self.model.stocks[STOCK].token
        subjects = Subjects(stocks=frozenset({STOCK}), accounts=frozenset(self.some(ACCOUNTS)))
        found = load_model(self.chain, subjects).stocks[STOCK].token
        assert (found.rules, found.holders.limits) == (mine.rules, mine.holders.limits)
        if mine.holders.limits is not None:
            assert found.holders.count() == mine.holders.count()
            assert found.holders.unseeded() == mine.holders.unseeded()


def test_rules_and_limits_agree_and_are_known_beforehand(record_property: Callable[[str, object], None]) -> None:
    story = Story(prepared("revm").start())
    for _ in range(CHAPTERS):
        story.chapter()
    tally = story.twins.tally
    record_property("summary", "\n".join(f"{name:<36}{count:>5}" for name, count in sorted(tally.items())))
    assert set(tally) >= EXPECTED
