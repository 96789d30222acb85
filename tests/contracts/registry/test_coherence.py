"""Three stocks, one registry, any order of events: a copy of a clearance never says more than the register.

Runs twice, on the project's registry and on one that pages after two stocks, so that STRICT comes and goes.
SCRIP_COHERENCE_EXAMPLES and SCRIP_COHERENCE_STEPS make it a campaign.
"""

import os
from collections import Counter
from typing import Any, ClassVar

import boa
import pytest
from coherence_truth import DONE, Investor, Stock, Truth
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from support.contract_calls import Handle, Refused, deploy_registry, mapping_slot, named, set_clock, slot_of
from support.contract_world import ADMIN, ALLOWLIST, BLOCKLIST, GUARDIAN, MINTER, NORMAL, START, STRICT, Fleet
from support.paging_world import deploy_paged_registry

EXAMPLES = int(os.environ.get("SCRIP_COHERENCE_EXAMPLES", "4"))
STEPS = int(os.environ.get("SCRIP_COHERENCE_STEPS", "30"))
POLICIES = (ALLOWLIST, BLOCKLIST, ALLOWLIST)
WALLETS = [named(f"wallet {i}") for i in range(6)]
INVESTORS = {1: WALLETS[:2], 2: WALLETS[2:3], 3: WALLETS[3:4]}
HELD = 20
BLOCKED, ENROLLED = 1 << 169, 1 << 170
U40 = 2**40 - 1

STOCK = st.integers(0, 2)
WALLET = st.sampled_from(WALLETS)
INVESTOR = st.sampled_from(list(INVESTORS))
AMOUNT = st.integers(0, HELD + 2)
EXPIRY = st.integers(1, 40)


def mapping_word(contract: Handle, slot: int, account: str) -> int:
    """An entry of an address-keyed mapping, from storage: no view is between."""
    return boa.env.get_storage(contract.address, mapping_slot(slot, int(account, 16)))


class Coherence(RuleBasedStateMachine):
    """Every rule does one thing to the chain and to the truth, and both must end alike."""

    deploy_registry: ClassVar[Any] = deploy_registry
    tally: ClassVar[Counter[str]] = Counter()
    fleets: ClassVar[dict[type, tuple[Fleet, list[Handle]]]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.fleet, self.stocks = self.fleets[type(self)]
        self.anchor = boa.env.anchor()
        self.anchor.__enter__()
        set_clock(START)
        self.truth = Truth(
            {number: Investor(START + 30, list(wallets)) for number, wallets in INVESTORS.items()},
            [Stock(policy == ALLOWLIST, Counter(dict.fromkeys(WALLETS[:4], HELD))) for policy in POLICIES],
            START,
        )
        self.words, self.config = slot_of("StockToken", "token_storage", "words"), 0
        self.wallets = slot_of("ComplianceRegistry", "enrolments", "wallets")
        self.cursors = slot_of("ComplianceRegistry", "enrolments", "_cursors")

    @classmethod
    def build(cls) -> None:
        """Deploy once; each example starts from here."""
        fleet = Fleet(cls.deploy_registry)
        stocks = [fleet.create_stock(f"US{i:010}", policy) for i, policy in enumerate(POLICIES)]
        for number, wallets in INVESTORS.items():
            fleet.onboard(number, wallets[0], START + 30)
            for wallet in wallets[1:]:
                fleet.link(number, wallet)
            for stock in stocks:
                for wallet in wallets:
                    stock.mint(wallet, HELD, sender=MINTER)
        cls.fleets[cls] = (fleet, stocks)

    def teardown(self) -> None:
        self.anchor.__exit__(None, None, None)

    def attempt(self, expected: str, call: Any, *arguments: Any, **keywords: Any) -> bool:
        """The call must end as expected; whether it went through."""
        try:
            call(*arguments, **keywords)
            answer = DONE
        except Refused as refused:
            answer = refused.name
        assert answer == expected
        self.tally[answer] += 1
        return answer == DONE

    def knows(self, i: int, wallet: str) -> bool:
        """Whether the stock has the register's word about a wallet; else it lets the wallet spend."""
        return mapping_word(self.stocks[i], self.words, wallet) & (ENROLLED | BLOCKED) != 0

    def move(self, stock: Stock, sender: str, to: str, amount: int) -> None:
        stock.balances[sender] -= amount
        stock.balances[to] += amount

    # --- holders ---

    @rule(i=STOCK, sender=WALLET, to=WALLET, amount=AMOUNT)
    def transfer(self, i: int, sender: str, to: str, amount: int) -> None:
        stock = self.truth.stocks[i]
        verdict = self.truth.judge_transfer(stock, sender, to, amount)
        assert self.stocks[i].canTransfer(sender, to, amount) or verdict != DONE
        if self.attempt(verdict, self.stocks[i].transfer, to, amount, sender=sender):
            self.move(stock, sender, to, amount)

    @rule(i=STOCK, owner=WALLET, spender=WALLET, to=WALLET, allowed=AMOUNT, amount=AMOUNT)
    def transfer_from(self, i: int, owner: str, spender: str, to: str, allowed: int, amount: int) -> None:
        stock = self.truth.stocks[i]
        self.attempt(DONE, self.stocks[i].approve, spender, allowed, sender=owner)
        verdict = "ERC20InsufficientAllowance"
        if spender in stock.frozen or (self.knows(i, spender) and self.truth.is_blocked(spender)):
            verdict = "ERC7943CannotSend"
        elif amount <= allowed:
            verdict = self.truth.judge_transfer(stock, owner, to, amount)
        if self.attempt(verdict, self.stocks[i].transferFrom, owner, to, amount, sender=spender):
            self.move(stock, owner, to, amount)

    @rule(i=STOCK, wallet=WALLET, amount=st.integers(1, 5))
    def mint(self, i: int, wallet: str, amount: int) -> None:
        stock = self.truth.stocks[i]
        if self.attempt(self.truth.judge_mint(stock, wallet), self.stocks[i].mint, wallet, amount, sender=MINTER):
            stock.balances[wallet] += amount

    @rule(i=STOCK, wallet=WALLET, amount=st.integers(1, HELD))
    def burn(self, i: int, wallet: str, amount: int) -> None:
        stock = self.truth.stocks[i]
        verdict = self.truth.judge_burn(stock, wallet, amount)
        if self.attempt(verdict, self.stocks[i].burn, wallet, amount, sender=MINTER):
            stock.balances[wallet] -= amount

    # --- the register ---

    @rule(number=INVESTOR, block=st.booleans())
    def block_investor(self, number: int, block: bool) -> None:
        investor = self.truth.investors[number]
        same = "registry: already blocked" if block else "registry: not blocked"
        verdict = same if investor.blocked is block else DONE
        if self.attempt(verdict, self.fleet.block if block else self.fleet.unblock, number):
            investor.blocked = block

    @rule(number=INVESTOR, ahead=EXPIRY)
    def renew(self, number: int, ahead: int) -> None:
        self.attempt(DONE, self.fleet.renew, number, self.truth.now + ahead)
        self.truth.investors[number].expiry = self.truth.now + ahead

    @rule(number=INVESTOR, wallet=WALLET)
    def link(self, number: int, wallet: str) -> None:
        verdict = DONE
        if self.truth.investor_of(wallet):
            verdict = "registry: wallet known"
        elif wallet in self.truth.strangers_blocked:
            verdict = "registry: wallet blocked"
        if self.attempt(verdict, self.fleet.link, number, wallet):
            self.truth.investors[number].wallets.append(wallet)

    @rule(number=INVESTOR, position=st.integers(0, 5), other=WALLET)
    def unlink(self, number: int, position: int, other: str) -> None:
        investor = self.truth.investors[number]
        wallet = dict(enumerate(investor.wallets)).get(position, other)
        verdict = DONE if wallet in investor.wallets else "registry: unknown wallet"
        if investor.blocked:
            verdict = "registry: investor blocked"
        if self.attempt(verdict, self.fleet.unlink, number, wallet):
            investor.wallets.remove(wallet)

    @rule(wallet=WALLET, block=st.booleans())
    def block_stranger(self, wallet: str, block: bool) -> None:
        same = "registry: already blocked" if block else "registry: not blocked"
        verdict = same if (wallet in self.truth.strangers_blocked) is block else DONE
        if self.truth.investor_of(wallet):
            verdict = "registry: wallet known"
        if self.attempt(verdict, self.fleet.block_wallet if block else self.fleet.unblock_wallet, wallet):
            (self.truth.strangers_blocked.add if block else self.truth.strangers_blocked.discard)(wallet)

    @rule(seconds=st.integers(1, 20))
    def pass_time(self, seconds: int) -> None:
        self.truth.now += seconds
        set_clock(self.truth.now)

    # --- the stocks' own ---

    @rule(i=STOCK, wallet=WALLET, frozen=st.booleans())
    def freeze(self, i: int, wallet: str, frozen: bool) -> None:
        self.attempt(DONE, self.fleet.freeze, self.stocks[i], wallet, frozen)
        (self.truth.stocks[i].frozen.add if frozen else self.truth.stocks[i].frozen.discard)(wallet)

    @rule(i=STOCK, wallet=WALLET, amount=AMOUNT)
    def freeze_part(self, i: int, wallet: str, amount: int) -> None:
        self.attempt(DONE, self.fleet.freeze_tokens, self.stocks[i], wallet, amount)
        self.truth.stocks[i].frozen_tokens[wallet] = amount

    @rule(i=STOCK, sender=WALLET, to=WALLET, amount=AMOUNT)
    def seize(self, i: int, sender: str, to: str, amount: int) -> None:
        stock = self.truth.stocks[i]
        verdict = self.truth.judge_seizure(stock, sender, to, amount)
        dug = max(0, amount - self.truth.unfrozen(stock, sender))
        if self.attempt(verdict, self.fleet.seize, self.stocks[i], sender, to, amount):
            stock.frozen_tokens[sender] -= dug
            self.move(stock, sender, to, amount)

    @rule(i=STOCK)
    def bump_epoch(self, i: int) -> None:
        self.attempt(DONE, self.stocks[i].bumpEpoch, sender=ADMIN)

    @rule(i=STOCK, sender=WALLET, to=WALLET, number=INVESTOR)
    def halt_for_a_while(self, i: int, sender: str, to: str, number: int) -> None:
        """Seizures and blocks go on in a halt, nothing else does."""
        self.fleet.beacon.halt(sender=GUARDIAN)
        self.attempt("token: halted", self.stocks[i].transfer, to, 0, sender=sender)
        self.block_investor(number, not self.truth.investors[number].blocked)
        self.seize(i, sender, to, 1)
        for wallet in self.pending()[:1]:
            self.fleet.registry.continuePush(wallet)
        self.seize(i, sender, to, 1)
        self.fleet.beacon.unhalt(sender=ADMIN)

    @precondition(lambda self: self.pending())
    @rule(position=st.integers(0, 5))
    def continue_push(self, position: int) -> None:
        pending = self.pending()
        self.attempt(DONE, self.fleet.registry.continuePush, pending[position % len(pending)])

    def pending(self) -> list[str]:
        """The wallets whose push has pages left."""
        return [wallet for wallet in WALLETS if mapping_word(self.fleet.registry, self.cursors, wallet)]

    # --- what always holds ---

    @invariant()
    def a_copy_that_is_believed_is_never_more_permissive_than_the_register(self) -> None:
        if self.fleet.beacon.mode() != NORMAL:
            return
        for wallet in WALLETS:
            record = mapping_word(self.fleet.registry, self.wallets, wallet)
            for stock in self.stocks:
                word = mapping_word(stock, self.words, wallet)
                if word >> 176 == boa.env.get_storage(stock.address, self.config) >> 176:
                    assert word & BLOCKED or not record & BLOCKED
                    assert (word >> 128) & U40 <= (record >> 128) & U40

    @invariant()
    def the_register_says_what_was_recorded(self) -> None:
        for wallet in WALLETS:
            record = mapping_word(self.fleet.registry, self.wallets, wallet)
            assert (record >> 128) & U40 == self.truth.cleared_until(wallet)
            assert bool(record & BLOCKED) is self.truth.is_blocked(wallet)

    @invariant()
    def balances_move_only_as_judged_and_add_up_to_the_supply(self) -> None:
        for stock, book in zip(self.stocks, self.truth.stocks, strict=True):
            held = {wallet: mapping_word(stock, self.words, wallet) % 2**128 for wallet in WALLETS}
            assert held == {wallet: book.balances[wallet] for wallet in WALLETS}
            assert sum(held.values()) == boa.env.get_storage(stock.address, self.config) % 2**128

    @invariant()
    def strict_lasts_exactly_as_long_as_a_push_is_unfinished(self) -> None:
        pending = bool(self.pending())
        assert self.fleet.beacon.mode() == (STRICT if pending else NORMAL)
        self.tally["while paging"] += pending


class PagedCoherence(Coherence):
    """The same on a registry that pages."""

    deploy_registry = deploy_paged_registry
    tally: ClassVar[Counter[str]] = Counter()


@pytest.mark.parametrize("machine", [Coherence, PagedCoherence])
def test_coherence(machine: type[Coherence], record_property: Any) -> None:
    with boa.env.anchor():
        machine.build()
        run_state_machine_as_test(
            machine, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
        )
    counts = ", ".join(f"{name} {count}" for name, count in machine.tally.most_common())
    record_property("summary", f"{machine.__name__}: {EXAMPLES} examples of up to {STEPS} steps; {counts}")
    assert machine.tally[DONE] > 0
    assert (machine.tally["while paging"] > 0) is (machine is PagedCoherence)
