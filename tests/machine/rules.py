"""The state machine: random instructions, the same for the model and for every chain, compared after each step."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from machine.twins import DONE, Twins
from support.days import ex_of

from scrip import instructions as ins
from scrip.market_limits import SCOPES, LimitScope, MarketLimits
from scrip.units import WAD, RawUnits, Shares, Stablecoin

UNIT = 10**10
"""Raw units of 18 decimals that every chain can hold exactly."""
DAY = 86_400
RESERVE = Fraction(10**9)
"""Shares that the custodian holds of each stock at the start."""
STOCKS = ("ACME", "OPEN")
"""An ALLOWLIST and a BLOCKLIST stock."""
WALLETS = ("alice", "alice2", "bob", "carol")
STRANGER = "outsider"
ACCOUNTS = [*WALLETS, STRANGER]
INVESTORS = ("inv-alice", "inv-bob", "inv-carol")

stocks = st.sampled_from(STOCKS)
accounts = st.sampled_from(ACCOUNTS)
holders = st.sampled_from(["alice", "alice", "alice2", "bob", "bob", "carol", STRANGER])
investors = st.sampled_from(INVESTORS)
portions = st.sampled_from([Fraction(1, 3), Fraction(1, 2), Fraction(1), Fraction(1), Fraction(5, 4), Fraction(0)])
amounts = st.one_of(st.integers(0, 50).map(lambda n: n * 10**18), st.integers(0, 10**10).map(lambda n: n * UNIT))
ratios = st.sampled_from([(2, 1), (3, 2), (7, 1), (1, 10), (1, 3), (100, 1), (101, 1), (1, 101), (4, 2), (1, 1)])
delays = st.sampled_from([0, 3_599, 3_600, DAY - 1, DAY, DAY, DAY + 1, 2 * DAY, 2 * DAY, 2 * DAY, 3 * DAY])
waits = st.sampled_from([0, 1, 60, 3_600, 3_600, DAY - 3_600, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 40 * DAY])
often = st.sampled_from([True, True, True, False])
prices = st.sampled_from([None, 0, 123 * WAD // 100, *[2_739 * WAD // 100] * 4, 100 * WAD])
"""Of a reinvested share; None leaves the dividend announced."""
payments = st.tuples(
    st.sampled_from([0, 10 * DAY, 10 * DAY, -DAY, 120 * DAY, 120 * DAY + 1]),
    st.sampled_from([None, None, 0, 10 * DAY, 15 * DAY, -1]),
    st.booleans(),
)
"""Of a dividend: its pay date and its day of buying, from the effect, and whether it joins what is pending."""
FAULTS = ("expired", "stranger", "forged", "early", "side", "asset", "not mine", "used")


RULES = (
    "mint",
    "redeem",
    "faulty_quote",
    "revoke_quote",
    "revoke_quotes",
    "limit_trades",
    "transfer",
    "transfer_any_amount",
    "transfer_from",
    "split",
    "dividend",
    "schedule",
    "whole_action",
    "cancel",
    "decide",
    "block",
    "unblock",
    "renew",
    "link",
    "unlink",
    "attest",
    "faulty_paper",
    "set_ceiling",
    "set_basis",
    "settle_split",
    "freeze",
    "freeze_part",
    "force",
    "force_burn",
    "lock",
    "release",
    "restrict",
    "limit",
    "seed",
    "unlimit",
    "profile",
    "recover",
    "recover_in",
    "attested",
    "cancel_attestation",
    "provider",
    "screen",
    "oracle",
    "stop",
    "wait",
    "wait_for_the_change",
)
NEVER_DONE = ("faulty_quote", "faulty_paper")
"""What every ledger refuses, always."""


def open_market(twins: Twins) -> None:
    """Where every example starts: two stocks, three investors, and something to move."""
    for stock, policy, isin in (("ACME", "ALLOWLIST", "US0000000001"), ("OPEN", "BLOCKLIST", "US0000000002")):
        twins.must(ins.CreateStock(stock, f"{stock} Inc", isin, policy))
        twins.must(ins.ConfigureReserve(stock, 30 * DAY, 50, Shares(RESERVE), source=twins.source_of(stock)))
        twins.must(ins.AttestReserve(stock, Shares(RESERVE)))
    expiry = twins.model.now() + 20 * DAY
    for investor, wallet in (("inv-alice", "alice"), ("inv-bob", "bob"), ("inv-carol", "carol")):
        twins.must(ins.Onboard(investor, wallet, 276, "retail", expiry))
    twins.must(ins.LinkWallet("inv-alice", "alice2"))
    for account in (*ACCOUNTS, ins.TREASURY):
        twins.must(ins.FundStablecoin(account, Stablecoin(10**15)))
    decimals = twins.model.traits.decimals
    for stock in STOCKS:
        for account in ("alice", "bob"):
            quote = ins.QuoteTerms(f"{stock} {account}", twins.model.now() + 600, 0)
            ten = RawUnits(10 * 10**18, 18).to_decimals(decimals)
            twins.must(ins.Mint(stock, account, ten, Stablecoin(10**7), quote))


class LedgerRules(RuleBasedStateMachine):
    """Thin subclasses say which chains take part; `counts` counts each rule over all examples of a run."""

    counts: Counter[str] = Counter()
    answers: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.twins = self.start()
        self.model = self.twins.model
        self.serial = 0
        self.in_view: tuple[str, ...] = STOCKS
        self.announced: list[tuple[str, str, str, int]] = []
        self.spent: list[ins.Mint] = []
        self.attested = dict.fromkeys(STOCKS, RESERVE)

    def start(self) -> Twins:
        """A model and chains on which `open_market` has been played."""
        raise NotImplementedError

    def teardown(self) -> None:
        """At the end of an example every chain's balances and multipliers are looked at, the slow ones' too."""
        self.twins.watch_all()
        self.in_view = STOCKS
        self.holdings_agree()
        self.multipliers_agree()
        type(self).answers.update(self.twins.tally)

    # --- helpers ---

    def _count(self, name: str, answer: str) -> str:
        type(self).counts[name if answer == DONE else f"{name} refused"] += 1
        return answer

    def _next(self) -> str:
        self.serial += 1
        return f"ref-{self.serial}"

    def _units(self, amount: int) -> RawUnits:
        return RawUnits(amount, 18).to_decimals(self.model.traits.decimals)

    def _quote(self, stock: str, **terms: object) -> ins.QuoteTerms:
        generation = self.model.multiplier(stock).generation
        base = {"id": self._next(), "expiry": self.model.now() + 600, "generation": generation, "epoch": self._epoch()}
        return ins.QuoteTerms(**(base | terms))

    def _mint(self, stock: str, account: str, amount: int, by: str = "", **terms: object) -> ins.Mint:
        quote = self._quote(stock, **terms)
        return ins.Mint(stock, account, self._units(amount), Stablecoin(amount // 10**12), quote, by)

    def _split_of(self, stock: str) -> tuple[int, int]:
        state = self.model.multiplier(stock)
        return state.num, state.den

    def _part(self, stock: str, account: str, portion: Fraction) -> int:
        """A portion of a balance in units that every chain can hold."""
        held = self.model.balance(stock, account).to_decimals(18).value
        return int(held * portion) // UNIT * UNIT

    # --- the primary market ---

    @rule(stock=stocks, account=holders, amount=amounts, again=st.booleans())
    def mint(self, stock: str, account: str, amount: int, again: bool) -> None:
        order = self._mint(stock, account, amount)
        if self._count("mint", self.twins.apply(order)) == DONE:
            self.spent.append(order)
            if again:
                assert self._count("faulty_quote", self.twins.apply(order)) != DONE

    @rule(stock=stocks, account=st.sampled_from(WALLETS), portion=portions)
    def redeem(self, stock: str, account: str, portion: Fraction) -> None:
        if self.spent and not self.model.balance(stock, account).value:
            # Most accounts hold nothing of a stock, and a redemption that is carried out is seldom drawn.
            stock, account = self.spent[-1].stock, self.spent[-1].account
        amount = self._part(stock, account, portion)
        terms = self._quote(stock)
        order = ins.Redeem(stock, account, self._units(amount), Stablecoin(amount // 10**12), terms)
        self._count("redeem", self.twins.apply(order))

    @rule(stock=stocks, fault=st.sampled_from(FAULTS))
    def faulty_quote(self, stock: str, fault: str) -> None:
        """No faulty quote mints, whatever else is the matter."""
        amount, now = 10**18, self.model.now()
        made = {
            "expired": lambda: self._mint(stock, "alice", amount, expiry=now),
            "stranger": lambda: self._mint(stock, "alice", amount, signer=STRANGER),
            "forged": lambda: self._mint(stock, "alice", amount, forged=True),
            "early": lambda: self._mint(stock, "alice", amount, generation=self.model.multiplier(stock).generation + 1),
            "side": lambda: self._mint(stock, "alice", amount, side="redeem"),
            "asset": lambda: self._mint(stock, "alice", amount, asset="unlisted"),
            "not mine": lambda: self._mint(stock, "alice", amount, by="bob"),
            "used": lambda: self.spent[-1] if self.spent else self._mint(stock, "alice", amount, expiry=now),
        }
        assert self._count("faulty_quote", self.twins.apply(made[fault]())) != DONE

    @rule(
        act=st.sampled_from(["revoke one", "revoke all too"]),
        stock=stocks,
        by=st.sampled_from([ins.ISSUER, ins.ISSUER, STRANGER]),
        desk=st.sampled_from([0, 1, 2**160 - 1]),
        scope=st.sampled_from(SCOPES),
        caps=st.tuples(*[st.sampled_from([0, 0, 1, 10**3, 10**6, 10**9, 2**47 - 1, 2**47])] * 2),
        window=st.sampled_from([1, 60, 3_600, DAY, 2**24 - 1, 2**24]),
    )
    def bound_the_market(
        self, act: str, stock: str, by: str, desk: int, scope: LimitScope, caps: tuple[int, int], window: int
    ) -> None:
        """One subject's rules are one, so that the others are drawn as often as before."""
        self._revoke_quote(stock, by)
        if act == "revoke all too":
            self._revoke_quotes(by, desk)
        # Whatever else: limits are seldom such that a word holds them.
        self._limit_trades(stock, scope, MarketLimits(*caps, window if any(caps) else 0), by)

    def _revoke_quote(self, stock: str, by: str) -> None:
        """A quote that was revoked mints nothing; one that nobody may revoke is as good as before."""
        order = self._mint(stock, "alice", UNIT)
        answer = self._count("revoke_quote", self.twins.apply(ins.RevokeQuote(nonce=order.quote.nonce, by=by)))
        assert (answer == DONE) == (by == ins.ISSUER)
        if (ins.ISSUER, order.quote.nonce) in self.model.market.nonces:
            assert self._count("faulty_quote", self.twins.apply(order)) != DONE

    def _revoke_quotes(self, by: str, desk: int) -> None:
        """A quote of an epoch that is over mints nothing, and neither does one of an epoch to come."""
        before = self._epoch()
        answer = self._count("revoke_quotes", self.twins.apply(ins.RevokeQuotes(desk=desk, by=by)))
        assert (answer == DONE) == (by == ins.ISSUER)
        if self._epoch() != before:
            for epoch in (before, ins.next_epoch(self._epoch(), desk)):
                order = self._mint("ACME", "alice", UNIT, epoch=epoch)
                assert self._count("faulty_quote", self.twins.apply(order)) != DONE

    def _limit_trades(self, stock: str, scope: LimitScope, limits: MarketLimits, by: str) -> None:
        """Nothing is minted that a bucket has no room for; then the limits are wide again."""
        named = stock if scope == "stock" else ""
        order = ins.SetMarketLimit(scope, limits, named, by=by)
        answer = self._count("limit_trades", self.twins.apply(order))
        if answer != DONE or self.model.market.limits.get((scope, named)) != limits:
            return
        over = min((cap for cap in (limits.net, limits.gross) if cap), default=0) + 1
        if limits and over < 2**40:
            for kind in (ins.Mint, ins.Redeem):
                amount, coins = self._units(UNIT), Stablecoin(over * 10**4)
                trade = kind(stock, "alice", amount, coins, self._quote(stock))
                answer = self._count("faulty_quote", self.twins.apply(trade))
                # What the cap of the net refuses one way may bring it back the other way.
                assert answer != DONE or not limits.gross or limits.gross >= over
        self.twins.must(ins.SetMarketLimit(scope, MarketLimits(10**9, 2**47 - 1, DAY), named))

    def _epoch(self) -> int:
        """What the issuer's quotes must name now."""
        return self.model.market.epochs.get(ins.ISSUER, 0)

    # --- holders ---

    @rule(stock=stocks, sender=holders, to=holders, portion=portions)
    def transfer(self, stock: str, sender: str, to: str, portion: Fraction) -> None:
        amount = self._units(self._part(stock, sender, portion))
        self._count("transfer", self.twins.apply(ins.Transfer(stock, sender, to, amount)))

    @rule(stock=stocks, sender=accounts, to=st.sampled_from([*ACCOUNTS, ""]), amount=amounts, held=st.booleans())
    def transfer_any_amount(self, stock: str, sender: str, to: str, amount: int, held: bool) -> None:
        """Any amount at all, or as much of it as the sender holds."""
        if held:
            amount = min(amount, self._part(stock, sender, Fraction(1)))
        self._count("transfer_any_amount", self.twins.apply(ins.Transfer(stock, sender, to, self._units(amount))))

    @rule(stock=stocks, spender=accounts, owner=holders, to=holders, portion=portions, less=st.integers(0, 3))
    def transfer_from(self, stock: str, spender: str, owner: str, to: str, portion: Fraction, less: int) -> None:
        amount = self._part(stock, owner, portion)
        self.twins.apply(ins.Approve(stock, owner, spender, self._units(max(amount - (less == 3) * UNIT, 0))))
        order = ins.TransferFrom(stock, spender, owner, to, self._units(amount))
        self._count("transfer_from", self.twins.apply(order))

    # --- corporate actions ---

    def _announce(self, name: str, stock: str, code: str, at: int, price: int | None, **terms: int) -> None:
        """Announce, and schedule at once unless `price` is None."""
        reference = self._next()
        order = ins.Announce(stock, code, reference, ex_of(at), at, **terms)
        if self._count(name, self.twins.apply(order)) == DONE:
            self.announced.append((stock, code, reference, at))
            if price is not None:
                self._count("schedule", self.twins.apply(ins.Schedule(stock, code, reference, price)))

    def _at(self, stock: str, delay: int, join: bool) -> int:
        """An instant `delay` ahead, or that of what is pending in the stock."""
        pending = self.model.multiplier(stock).effective_at
        return pending if join and pending else self.model.now() + delay

    @rule(stock=stocks, ratio=ratios, delay=delays, join=st.booleans(), at_once=often, other=st.integers(0, 9))
    def split(self, stock: str, ratio: tuple[int, int], delay: int, join: bool, at_once: bool, other: int) -> None:
        code = "SPLF" if (ratio[0] > ratio[1]) != (other == 0) else "SPLR"
        price, at = 0 if at_once else None, self._at(stock, delay, join)
        ex_at = {1: at, 2: at + 1, 3: at - DAY}.get(other, 0)
        self._announce("split", stock, code, at, price, num=ratio[0], den=ratio[1], ex_at=ex_at)

    @rule(stock=stocks, cents=st.sampled_from([0, 1, 25, 308, 9_000]), delay=delays, price=prices, term=payments)
    def dividend(
        self, stock: str, cents: int, delay: int, price: int | None, term: tuple[int, int | None, bool]
    ) -> None:
        paid, bought, join = term
        at = self._at(stock, delay, join)
        buy = 0 if bought is None else at + bought
        self._announce("dividend", stock, "DRIP", at, price, gross=cents * WAD // 100, pay=at + paid, buy=buy)

    def _change_of_mind(self, stock: str, at: int) -> None:
        """A dividend that is announced and cancelled before it is scheduled."""
        reference = self._next()
        self.twins.must(ins.Announce(stock, "DRIP", reference, ex_of(at), at, gross=WAD, pay=at))
        self.twins.must(ins.Cancel(stock, "DRIP", reference, 7, "board resolution"))
        self._count("cancel", DONE)

    @rule(data=st.data(), price=prices)
    def schedule(self, data: st.DataObject, price: int | None) -> None:
        if self.announced:
            stock, code, reference, _ = data.draw(st.sampled_from(self.announced[-4:]))
            price = (price or 0) if code == "DRIP" else 0
            self._count("schedule", self.twins.apply(ins.Schedule(stock, code, reference, price)))

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if self.announced:
            stock, code, reference, _ = data.draw(st.sampled_from(self.announced[-4:]))
            self._count("cancel", self.twins.apply(ins.Cancel(stock, code, reference, 7, "board resolution")))

    @rule(stock=stocks, account=holders)
    def decide(self, stock: str, account: str) -> None:
        """A split is announced and forgotten; past the market's ex nothing is minted until it is cancelled."""
        at = self.model.now() + 2 * DAY
        ex_at = at - DAY // 2
        self._announce("split", stock, "SPLF", at, None, num=2, den=1, ex_at=ex_at)
        for moment in (ex_at - 1, ex_at):
            self.twins.advance_to(moment)
            self._count("mint", self.twins.apply(self._mint(stock, account, 10**18)))
        for action in self.model.stocks[stock].actions.undecided:
            if action.ex_at <= self.model.now():
                self.twins.must(ins.Cancel(stock, action.code, action.reference, 7, "board resolution"))
                self._count("decide", DONE)
        self._count("mint", self.twins.apply(self._mint(stock, account, 10**18)))

    @rule(stock=stocks, ratio=st.sampled_from([(2, 1), (3, 2), (1, 10), (7, 1)]), cents=st.sampled_from([0, 25, 308]))
    def whole_action(self, stock: str, ratio: tuple[int, int], cents: int) -> None:
        """A split, or a split and a dividend of one second, from announcement to the reserve's new basis.

        One that no answer may confirm, because a dividend came beside it, is adopted by the admin.
        """
        at = self._at(stock, 2 * DAY, True)
        code = "SPLF" if ratio[0] > ratio[1] else "SPLR"
        self._announce("split", stock, code, at, 0, num=ratio[0], den=ratio[1])
        if cents:
            price = 2_739 * WAD // 100
            self._announce("dividend", stock, "DRIP", at, price, gross=cents * WAD // 100, pay=at + 10 * DAY)
        self._change_of_mind(stock, at + 2 * DAY)
        self.in_view = (stock,)
        for moment in (at - 1, at):
            self.twins.advance_to(max(self.model.now(), moment))
            self.multipliers_agree()
        self._count("wait_for_the_change", DONE)
        self._settle(stock, Fraction(1))
        if self.model.stocks[stock].token.feed.in_doubt:
            self._count("set_basis", self.twins.apply(ins.SetBasis(stock, self._known(stock, True))))
        self._count("whole_action", DONE)

    # --- the register ---

    @rule(investor=investors)
    def block(self, investor: str) -> None:
        self._count("block", self.twins.apply(ins.Block(investor, 2, "court order")))

    @rule(investor=investors)
    def unblock(self, investor: str) -> None:
        self._count("unblock", self.twins.apply(ins.Unblock(investor, 3, "order lifted")))

    @rule(investor=investors, wait=st.sampled_from([-1, 0, 1, DAY, 30 * DAY, 400 * DAY]))
    def renew(self, investor: str, wait: int) -> None:
        self._count("renew", self.twins.apply(ins.Renew(investor, self.model.now() + wait)))

    @rule(investor=investors, wallet=st.sampled_from(["alice2", STRANGER]))
    def link(self, investor: str, wallet: str) -> None:
        self._count("link", self.twins.apply(ins.LinkWallet(investor, wallet)))

    @rule(investor=investors, wallet=st.sampled_from(["alice2", STRANGER]), own=often)
    def unlink(self, investor: str, wallet: str, own: bool) -> None:
        investor = self.model.investors.investor_of(wallet) or investor if own else investor
        self._count("unlink", self.twins.apply(ins.UnlinkWallet(investor, wallet, 4, "wallet lost")))

    # --- backing ---

    def _known(self, stock: str, ahead: bool) -> ins.Basis:
        """The confirmed basis of a stock, or that after its open step, where it has one."""
        feed = self.model.stocks[stock].token.feed
        return feed.step.basis if ahead and feed.step is not None else feed.basis

    def _held(self, stock: str, basis: ins.Basis) -> Shares:
        """What the custodian holds, counted in a basis."""
        shares = self.attested[stock] * Fraction(basis.num, basis.den)
        return Shares(Fraction(int(shares * 10**6), 10**6))

    def _attest(self, stock: str, basis: ins.Basis, **terms: object) -> str:
        """The source's answer, as of a new second: no paper is as of the last one's."""
        self.twins.advance_to(self.model.now() + 1)
        return self.twins.apply(ins.AttestReserve(stock, self._held(stock, basis), basis=basis, **terms))

    @rule(
        stock=stocks,
        times=st.sampled_from([Fraction(1), Fraction(1), Fraction(1, 10**9), Fraction(0)]),
        ahead=st.booleans(),
        elsewhere=st.sampled_from([None, None, 0, 10**8, 10**9]),
    )
    def attest(self, stock: str, times: Fraction, ahead: bool, elsewhere: int | None) -> None:
        """In the basis before an open step or after it, which an aggregator does not say."""
        self.attested[stock] = RESERVE * times
        others = None if elsewhere is None else Shares.of(elsewhere)
        self._count("attest", self._attest(stock, self._known(stock, ahead), others=others))

    @rule(stock=stocks, fault=st.sampled_from(("nonce", "expiry", "basis", "old", "early")))
    def faulty_paper(self, stock: str, fault: str) -> None:
        """No faulty paper is taken; an aggregator signs none."""
        feed, now = self.model.stocks[stock].token.feed, self.model.now()
        if feed.config is None or feed.config.source != "attested":
            return
        terms = {
            "nonce": {"nonce": feed.nonce + 1},
            "expiry": {"expiry": now},
            "basis": {"basis": feed.basis._replace(counter=feed.basis.counter + 2)},
            "old": {"updated_at": feed.said.as_of if feed.said is not None else 0},
            "early": {"updated_at": now + 2},
        }[fault]
        if fault != "old" or feed.said is not None:
            terms = {"basis": feed.basis} | terms
            self.twins.advance_to(now + 1)
            order = ins.AttestReserve(stock, self._held(stock, feed.basis), **terms)
            assert self._count("faulty_paper", self.twins.apply(order)) != DONE

    @rule(
        stock=stocks,
        own=st.sampled_from([0, 50, 10**9, 10**9]),
        elsewhere=st.sampled_from([None, 0, 10**9 - 40]),
        ahead=st.booleans(),
        known=often,
    )
    def set_ceiling(self, stock: str, own: int, elsewhere: int | None, ahead: bool, known: bool) -> None:
        basis = self._known(stock, ahead)
        basis = basis if known else basis._replace(counter=basis.counter + 1)
        others = None if elsewhere is None else Shares.of(elsewhere)
        self._count("set_ceiling", self.twins.apply(ins.SetCeiling(stock, Shares.of(own), others, basis)))

    @rule(stock=stocks, ahead=often)
    def set_basis(self, stock: str, ahead: bool) -> None:
        """Mostly that after a split, once it is in effect."""
        steps = {one: self.model.stocks[one].token.feed.step for one in STOCKS}
        stock = next((one for one in STOCKS if ahead and steps[one] is not None), stock)
        if steps[stock] is not None:
            self.twins.advance_to(max(self.model.now(), steps[stock].effective_at))
        self._count("set_basis", self.twins.apply(ins.SetBasis(stock, self._known(stock, ahead))))

    @rule(stock=stocks, off=st.sampled_from([Fraction(1), Fraction(1), Fraction(102, 100), Fraction(97, 100)]))
    def settle_split(self, stock: str, off: Fraction) -> None:
        """After a split the source shows the new count, and anyone has the feed count in it."""
        waiting = [one for one in STOCKS if self._split_of(one) != self.model.basis(one).split]
        self._settle(waiting[0] if waiting else stock, off)

    def _settle(self, stock: str, off: Fraction) -> None:
        self.attested[stock] *= off
        answer = self._attest(stock, self.model.stocks[stock].token.feed.present(self.model.now()))
        assert answer == DONE, answer
        self._count("settle_split", self.twins.apply(ins.ConfirmBasis(stock)))

    # --- enforcement, pauses ---

    @rule(stock=stocks, account=accounts, frozen=st.booleans())
    def freeze(self, stock: str, account: str, frozen: bool) -> None:
        self._count("freeze", self.twins.apply(ins.Freeze(stock, account, frozen, 5, "order")))

    @rule(stock=stocks, sender=accounts, to=accounts, everything=st.booleans())
    def stop(self, stock: str, sender: str, to: str, everything: bool) -> None:
        """A pause or a halt, what still goes on under it, and its end."""
        stop, go = (ins.Halt(), ins.Unhalt()) if everything else (ins.Pause(stock), ins.Unpause(stock))
        self.twins.must(stop)
        self._count("stop", self.twins.apply(stop))
        self.twins.compare_clearance(stock, ACCOUNTS, stopped=True)
        one = self._units(10**18)
        assert self.twins.apply(ins.Transfer(stock, sender, to, one)) != DONE
        assert self.twins.apply(self._mint(stock, sender, 10**18)) != DONE
        self.twins.apply(ins.Block("inv-carol", 2, "court order"))
        self._count("force", self.twins.apply(ins.ForcedTransfer(stock, sender, to, one, 6, "judgment")))
        self.twins.must(go)
        self._count("stop", DONE)

    # --- time ---

    @rule(wait=waits)
    def wait(self, wait: int) -> None:
        self.twins.advance_to(self.model.now() + wait)
        self._count("wait", DONE)

    @rule(stock=stocks, before=st.sampled_from([0, 0, 1]))
    def wait_for_the_change(self, stock: str, before: int) -> None:
        """The second of a multiplier's activation, and the one before it."""
        pending = [one for one in (stock, *STOCKS) if self.model.multiplier(one).effective_at]
        at = self.model.multiplier(pending[0]).effective_at - before if pending else 0
        if at >= self.model.now():
            self.twins.advance_to(at)
            self._count("wait_for_the_change", DONE)

    # --- what always holds ---

    @invariant()
    def look_at_the_other_stock(self) -> None:
        """Each step looks at one stock, in turn, and the end of the example at both."""
        self.in_view = STOCKS[:1] if self.in_view == STOCKS[1:] else STOCKS[1:]

    @invariant()
    def holdings_agree(self) -> None:
        """Every ledger holds the same for everyone, and the balances add up to the supply."""
        for stock in self.in_view:
            self.twins.compare_holdings(stock, ACCOUNTS)

    @invariant()
    def multipliers_agree(self) -> None:
        """Every ledger shows the same multiplier, schedule and shares, and none rounds up."""
        for stock in self.in_view:
            self.twins.compare_multiplier(stock, ACCOUNTS)

    @invariant()
    def clearances_agree(self) -> None:
        """A cached clearance is never more permissive than the register."""
        for stock in self.in_view:
            self.twins.compare_clearance(stock, ACCOUNTS, stopped=False)

    @invariant()
    def coverages_agree(self) -> None:
        """Every feed sees the same backing."""
        for stock in self.in_view:
            self.twins.compare_coverage(stock)
