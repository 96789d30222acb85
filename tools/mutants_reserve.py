"""What is planted in the reserve (see mutants.py): the faults of incidents, each sought by that incident's test."""

from __future__ import annotations

from mutants_planted import SOURCE, Mutant, place

NEIGHBOUR = "receivable_kept_its_neighbours_rise"
TOGETHER = "dividend_and_its_shares_counted_together"
ENDLESS = "receivable_without_an_end"
UNDECIDED = "minted_between_ex_and_schedule"
FOLDED = "fold_cancelled_in_its_second"
JOINED = "receivable joined: a dividend counts on what its neighbours in the slot buy too"
DOUBLE = "shares and receivable: a dividend counts until its grace is over, whatever an answer shows"
REDEEMED = "redeemed units: a receivable counts on them when they are minted again"
CENTURY = "no end: a dividend may be paid in another century"
OPEN_EX = "open ex: units are minted before anybody has decided on what was announced"
RECEIVABLES = place("reserve_receivables")
CLOCK = "answer_read_by_the_clock"
UNSHOWN = "split_confirmed_unshown"
WAITED = "order_that_waited_adopted_another_basis"
TWICE = "ceiling_scaled_twice"
PAPER = "old_paper_lifted_a_ceiling"
OTHERS = "other_chains_old_ceilings"
FOREIGN = "counterparts_of_another_issuer"
ENDED = "attestations_ended_for_ever"
ROUNDS = "confirmation_asked_for_rounds"
DECIMALS = "answer_at_other_decimals"
HIDDEN = "claims_that_hid_a_basis"
WITHDRAWN = "withdrawn_split_hid_the_books"
BEFORE_DELIVERY = "shares_bought_before_the_stock_dividend_came"
SOLD = "redeemed_shares_sold_too_early"
BY_TIME = "by the clock: time alone says which basis an answer is in"
NOT_SHOWN = "not shown: a split is confirmed by an answer that does not show it"
CAME_BACK = "came back: a split to 1:1 is no step, and nothing is asked"
ON_ANOTHER = "three readings: a split is scheduled while another is unconfirmed"
ANY_BASIS = "another basis: an order that waited adopts whatever is in effect"
SCALED = "scaled twice: a ceiling of the new basis is taken for one of the old"
LIFTED = "lifted: a change of a ceiling voids no paper that was signed before"
ALONE = "alone: what other chains may owe is minted here too"
NUMBERED = "last number: a paper's number may be any that is not used yet"
UNCOUNTED = "uncounted: a basis is known by its fraction alone"
BOUNDED = "bounded first: an answer is bounded at its own decimals"
PROMISED = "promised: shares are sold that an announced dividend may take"
DECIDED = "decided by claims: what is owed says what an answer is, whoever added to it"
CLAIMED = "claimed elsewhere: what other chains may owe says what an answer is"
FOLLOWED = "followed: a split is withdrawn that the books show already, and they count as before it"
RELEASED = "released: a split is withdrawn after its ex before it was scheduled, and what had held mints is gone"
SOLD_BEFORE = "sold before: shares that are sold and not delivered yet cover a dividend that nobody buys"
DELIVERED = "delivered: what is bought before a dividend in shares came is counted with it"
GREATER = "greater reading: shares are sold as if an answer were in the old basis"
BASIS, PAPERS, READING = map(place, ("reserve_basis", "reserve_papers", "reserve_reading"))
FEED, BEACON = place("ReserveFeed"), place("StockBeacon")
STATE, HANDLER = "scrip/model/state/reserve.py", "scrip/model/reserve.py"
RESERVE, ORDERS = f"{SOURCE}/state/reserve.rs", f"{SOURCE}/instructions/reserve"
CONTRACTS = (
    Mutant(
        JOINED,
        place("action_slot"),
        "alone: uint256 = self._apply(part, True, now).index - now.index",
        "alone: uint256 = after.index - now.index",
        NEIGHBOUR,
    ),
    Mutant(
        DELIVERED,
        place("action_slot"),
        "in_shares = in_shares or kind == records.DVSE",
        "in_shares = in_shares and kind == records.DVSE",
        BEFORE_DELIVERY,
    ),
    Mutant(
        DOUBLE,
        RECEIVABLES,
        "        if block.timestamp < until and as_of < until - ((word >> _BUY_SHIFT) & _U24):\n",
        "        if block.timestamp < until and as_of < max_value(uint256):\n",
        TOGETHER,
    ),
    Mutant(
        REDEEMED,
        place("ReserveFeed"),
        "    receivables._keep_mark(msg.sender, config, before)\n",
        "    receivables._keep_mark(msg.sender, config, supply)\n",
        TOGETHER,
    ),
    Mutant(
        CENTURY,
        place("action_terms"),
        "min(effective_at + MAX_PAY_DELAY, mm.MAX_U40)",
        "mm.MAX_U40",
        ENDLESS,
    ),
    Mutant(
        OPEN_EX,
        RECEIVABLES,
        "    return day != 0 and (day + _DAY_ONE) * _DAY <= block.timestamp\n",
        "    return day == 1\n",
        UNDECIDED,
    ),
    Mutant(
        "fold taken back: it is cancelled when the reserve's basis has followed it",
        place("CorporateActions"),
        " and records._kind(head) != records.FOLD,",
        ",",
        FOLDED,
    ),
    Mutant(
        BY_TIME,
        BASIS,
        "owed, self._counts_ahead(token, config, basis, answer, owed))\n",
        "owed, basis.step_at <= block.timestamp)\n",
        CLOCK,
    ),
    Mutant(
        NOT_SHOWN,
        BASIS,
        "refusals._demand(self._counts_ahead(token, config, basis, answer, owed),",
        "refusals._demand(True,",
        UNSHOWN,
    ),
    Mutant(
        CAME_BACK,
        BASIS,
        "    if num != basis.num or den != basis.den:\n",
        "    if num != den:\n",
        UNSHOWN,
    ),
    Mutant(
        ON_ANOTHER,
        BASIS,
        '        refusals._demand(not book._configured(token), "reserve: basis unconfirmed")\n',
        "",
        UNSHOWN,
    ),
    Mutant(
        ANY_BASIS,
        BASIS,
        "    ahead: bool = self._is_ahead(basis, num, den, counter)\n",
        "    ahead: bool = self._in_effect(basis)\n",
        WAITED,
    ),
    Mutant(
        SCALED,
        FEED,
        "book._write_ceilings(token, own, others, ahead)",
        "book._write_ceilings(token, own, others, False)",
        TWICE,
    ),
    Mutant(
        LIFTED,
        FEED,
        "    book._write_ceilings(token, own, others, ahead)\n    book._void_papers(token)\n",
        "    book._write_ceilings(token, own, others, ahead)\n",
        PAPER,
    ),
    Mutant(
        ALONE,
        FEED,
        "reserve - min(ceilings >> 128, reserve)",
        "reserve",
        OTHERS,
    ),
    Mutant(
        "any table: a counterpart of another role table is relied on",
        place("roles"),
        ".accessControl() == ROLES.address\n",
        ".accessControl() != empty(address) and ROLES.address != empty(address)\n",
        FOREIGN,
    ),
    Mutant(
        "another feed: a stock is pinned to a feed that its actions tell nothing",
        BEACON,
        '    assert staticcall IActions(actions).feed() == feed, "beacon: wrong feed"\n',
        "",
        FOREIGN,
    ),
    Mutant(
        "other actions: a stock is pinned to actions that its feed does not hear",
        BEACON,
        '    assert named == empty(address) or named == actions, "beacon: wrong actions"\n',
        "",
        FOREIGN,
    ),
    Mutant(
        "others' actions: a feed hears actions that tell another one",
        BASIS,
        '    refusals._demand(staticcall IActions(actions).feed() == self, "reserve: bad actions")\n',
        "",
        FOREIGN,
    ),
    Mutant(
        NUMBERED,
        PAPERS,
        "paper.nonce == said.nonce,",
        "paper.nonce >= said.nonce,",
        ENDED,
    ),
    Mutant(
        UNCOUNTED,
        BASIS,
        "    if num == basis.num and den == basis.den and counter == basis.counter:\n",
        "    if num == basis.num and den == basis.den:\n",
        ENDED,
    ),
    Mutant(
        "rounds: an id of a proxy is none of an aggregator",
        READING,
        "    if not (ok and len(data) == 160 and",
        "    if not (ok and len(data) == 160 and extract32(data, 0, output_type=uint256) < 2**64 and",
        ROUNDS,
    ),
    Mutant(
        "decimals: an answer is read at those of the day when its source was named",
        READING,
        "    if extract32(said, 0, output_type=uint256) != decimals:\n",
        "    if extract32(said, 0, output_type=uint256) > 255:\n",
        DECIMALS,
    ),
    Mutant(
        BOUNDED,
        READING,
        "    if decimals >= 18:\n        shares //=",
        "    if shares > mm.MAX_U128:\n        return 0\n    if decimals >= 18:\n        shares //=",
        DECIMALS,
    ),
    Mutant(
        PROMISED,
        place("reserve_surplus"),
        "        claimed += (claimed + mm.DIVIDEND_PART - 1) // mm.DIVIDEND_PART\n",
        "        claimed += mm.DIVIDEND_PART\n",
        SOLD,
    ),
    Mutant(
        DECIDED,
        BASIS,
        "doubt: bool = not fold and self._doubtful(token, basis)",
        "doubt: bool = False",
        HIDDEN,
    ),
    Mutant(
        CLAIMED,
        BASIS,
        "PLAUSIBLE * self._liability(owed.supply, owed.index, as_read.num, as_read.den)\n",
        "PLAUSIBLE * (self._liability(owed.supply, owed.index, as_read.num, as_read.den) + as_read.others)\n",
        HIDDEN,
    ),
    Mutant(
        SOLD_BEFORE,
        BASIS,
        "    if as_of < receivables._last_end(token, config):\n",
        "    if block.timestamp < receivables._last_end(token, config):\n",
        HIDDEN,
    ),
    Mutant(
        FOLLOWED,
        BASIS,
        "book.books[token].ceilings = others << 128",
        "book.books[token].ceilings = book.books[token].ceilings",
        WITHDRAWN,
    ),
    Mutant(
        RELEASED,
        place("CorporateActions"),
        "withdrawn: bool = not is_dividend and ex_at <= block.timestamp",
        "withdrawn: bool = not is_dividend and ex_at == 0",
        WITHDRAWN,
    ),
    Mutant(
        GREATER,
        place("reserve_surplus"),
        "        ahead = basis.step_at != 0 and split_basis._is_forward(basis)\n",
        "        ahead = basis.step_at != 0 and not split_basis._is_forward(basis)\n",
        SOLD,
    ),
)
MODEL = (
    Mutant(
        JOINED,
        "scrip/model/actions.py",
        "Wad(law.next_index(index, part.price, part.net) - index)",
        "Wad(terms.index - index)",
        NEIGHBOUR,
    ),
    Mutant(
        DOUBLE,
        "scrip/model/state/receivables.py",
        "        return now < self.until and as_of < self.buy\n",
        "        return now < self.until\n",
        TOGETHER,
    ),
    Mutant(
        REDEEMED,
        "scrip/model/market.py",
        "    token.feed.receivables = marked(",
        "    marked(",
        TOGETHER,
    ),
    Mutant(
        CENTURY,
        "scrip/model/actions.py",
        "latest = min(action.effective_at + MAX_PAY_DELAY, law.U40_MAX)",
        "latest = law.U40_MAX",
        ENDLESS,
    ),
    Mutant(
        OPEN_EX,
        "scrip/model/state/reserve.py",
        "        if ex != 0 and ex <= now:\n",
        "        if ex != 0 and ex > now + ex:\n",
        UNDECIDED,
    ),
    Mutant(
        BY_TIME,
        STATE,
        "        counter = self.counts_in(before, index, split)\n",
        "        counter = self.present(now).counter\n",
        CLOCK,
    ),
    Mutant(
        NOT_SHOWN,
        STATE,
        "        shown = counter == step.basis.counter\n",
        "        shown = True\n",
        UNSHOWN,
    ),
    Mutant(
        CAME_BACK,
        STATE,
        "        same = split == self.basis.split\n",
        "        same = split in (self.basis.split, (1, 1))\n",
        UNSHOWN,
    ),
    Mutant(
        ON_ANOTHER,
        STATE,
        'names one.\n        """\n        self.demand_confirmed(now)\n',
        'names one.\n        """\n',
        UNSHOWN,
    ),
    Mutant(
        ANY_BASIS,
        HANDLER,
        '    if (order.basis or present) != present:\n        raise Refusal("reserve: wrong basis"',
        '    if present != feed.present(state.now):\n        raise Refusal("reserve: wrong basis"',
        WAITED,
    ),
    Mutant(
        SCALED,
        HANDLER,
        "    feed.demand_known(basis)\n    feed.ceilings = Ceilings(own, others, basis.counter)\n",
        "    feed.demand_known(basis)\n    feed.ceilings = Ceilings(own, others, feed.basis.counter)\n",
        TWICE,
    ),
    Mutant(
        LIFTED,
        HANDLER,
        "    feed.nonce += 1\n\n\n@HANDLERS.of(SetBasis)\n",
        "\n\n@HANDLERS.of(SetBasis)\n",
        PAPER,
    ),
    Mutant(
        ALONE,
        "scrip/ledger/states.py",
        "        beside = max(0, self.attested - self.others)\n",
        "        beside = self.attested\n",
        OTHERS,
    ),
    Mutant(
        NUMBERED,
        HANDLER,
        "    if order.nonce not in (None, feed.nonce):\n",
        "    if order.nonce is not None and order.nonce < feed.nonce:\n",
        ENDED,
    ),
    Mutant(
        UNCOUNTED,
        STATE,
        "        return basis == self.basis or",
        "        return basis.split == self.basis.split or",
        ENDED,
    ),
    Mutant(
        BOUNDED,
        STATE,
        "if answer > 0 else NO_SHARES",
        "if 0 < answer <= law.U128_MAX else NO_SHARES",
        DECIMALS,
    ),
    Mutant(
        PROMISED,
        "scrip/model/laws/arithmetic.py",
        "    for _ in range(dividends):\n",
        "    for _ in range(dividends * 0):\n",
        SOLD,
    ),
    Mutant(
        DECIDED,
        STATE,
        "in_doubt = self._doubtful(supply, index, now)",
        "in_doubt = False",
        HIDDEN,
    ),
    Mutant(
        CLAIMED,
        STATE,
        "law.is_plausible(reading.answer, law.liability(supply, index, *reading.split))",
        "law.is_plausible(reading.answer, law.liability(supply, index, *reading.split) + reading.others)",
        HIDDEN,
    ),
    Mutant(
        SOLD_BEFORE,
        STATE,
        "if any(latest.as_of < entry.until for entry in self.receivables)",
        "if any(now < entry.until for entry in self.receivables)",
        HIDDEN,
    ),
    Mutant(
        FOLLOWED,
        STATE,
        "self.ceilings = replace(self.ceilings, own=NO_SHARES)",
        "self.ceilings = replace(self.ceilings)",
        WITHDRAWN,
    ),
    Mutant(
        RELEASED,
        "scrip/model/actions.py",
        "elif not action.is_dividend and action.ex_at <= now:",
        "elif not action.is_dividend and action.ex_at == 0:",
        WITHDRAWN,
    ),
    Mutant(
        GREATER,
        STATE,
        "            counter = self._readings(step)[0]\n",
        "            counter = self._readings(step)[1]\n",
        SOLD,
    ),
)


PROGRAM = (
    Mutant(
        JOINED,
        f"{SOURCE}/state/calendar.rs",
        "part.rise(current.index)",
        "part.rise(factors.index)",
        NEIGHBOUR,
    ),
    Mutant(
        DOUBLE,
        f"{SOURCE}/state/receivables.rs",
        "filter(|one| now < one.until && as_of < one.buy)",
        "filter(|one| now < one.until && as_of < i64::MAX)",
        TOGETHER,
    ),
    Mutant(
        REDEEMED,
        f"{SOURCE}/instructions/market/mint.rs",
        "    accounts.reserve.receivables.mark(mint.supply, now);\n",
        "    accounts.reserve.receivables.mark(supply, now);\n",
        TOGETHER,
    ),
    Mutant(
        CENTURY,
        f"{SOURCE}/instructions/actions/announce_action.rs",
        "self.effective_at.saturating_add(MAX_PAY_DELAY)",
        "self.effective_at.saturating_mul(MAX_PAY_DELAY)",
        ENDLESS,
    ),
    Mutant(
        OPEN_EX,
        f"{SOURCE}/state/receivables.rs",
        "        self.exes.iter().any(|ex_at| *ex_at <= now)\n",
        "        self.exes.iter().any(|ex_at| *ex_at < 0 && now > 0)\n",
        UNDECIDED,
    ),
    Mutant(
        BY_TIME,
        RESERVE,
        "let ahead = self.step.effective_at != 0 && self.latest.counter == self.step.basis.counter;",
        "let ahead = self.unconfirmed(now);",
        CLOCK,
    ),
    Mutant(
        NOT_SHOWN,
        f"{ORDERS}/confirm_basis.rs",
        "    ensure!(reserve.latest.counter == reserve.step.basis.counter, ScripError::SplitNotShown);\n",
        "",
        UNSHOWN,
    ),
    Mutant(
        CAME_BACK,
        RESERVE,
        "self.step = if split == self.basis.split() {",
        "self.step = if split == self.basis.split() || split == (1, 1) {",
        UNSHOWN,
    ),
    Mutant(
        ON_ANOTHER,
        RESERVE,
        "            ensure!(!self.configured(), ScripError::BasisUnconfirmed);\n",
        "",
        UNSHOWN,
    ),
    Mutant(
        ANY_BASIS,
        f"{ORDERS}/set_basis.rs",
        "basis == reserve.present(now)",
        "reserve.present(now).num > 0",
        WAITED,
    ),
    Mutant(
        SCALED,
        f"{ORDERS}/set_ceiling.rs",
        "counter: basis.counter",
        "counter: reserve.basis.counter",
        TWICE,
    ),
    Mutant(
        LIFTED,
        f"{ORDERS}/set_ceiling.rs",
        "    reserve.void_papers();\n",
        "",
        PAPER,
    ),
    Mutant(
        ALONE,
        f"{SOURCE}/math.rs",
        ".min(reserve.saturating_sub(others)).checked_add(due)",
        ".min(reserve.max(others)).checked_add(due)",
        OTHERS,
    ),
    Mutant(
        NUMBERED,
        f"{ORDERS}/attest_reserve.rs",
        "paper.nonce == reserve.nonce",
        "paper.nonce >= reserve.nonce",
        ENDED,
    ),
    Mutant(
        UNCOUNTED,
        RESERVE,
        "ahead || *basis == self.basis,",
        "ahead || basis.split() == self.basis.split(),",
        ENDED,
    ),
)
