"""What is planted in cash dividends (see mutants.py), each found by the tests that it names."""

from __future__ import annotations

from mutants_planted import Mutant, place

BOOK = ("tests/contracts/actions/test_cash_book.py",)
CODES = ("tests/contracts/actions/test_book_of_codes.py",)
POSTING, CLAIMS, PUSHES, END = (
    (f"tests/contracts/dividends/test_dividend_{name}.py",) for name in ("posting", "claims", "pushes", "end")
)
TREE = ("tests/contracts/dividends/test_merkle_sum_contract.py",)
BY_HAND = ("tests/dividends/test_dividends_withheld.py",)
OWED = ("tests/dividends/test_market_claim_law.py",)
STORY, COMMANDS = ((f"tests/scripts/test_{name}.py",) for name in ("market_claims", "dividend_commands"))
FORGERIES = ("tests/machine/test_dividend_forgeries.py",)
MACHINE = ("tests/machine/test_dividends_agree.py",)
DELIVERED = ("tests/contracts/dividends/test_delivered_units.py",)


def cash(name: str, stem: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of a contract of cash dividends."""
    return Mutant(f"dividend: {name}", place(stem), before, after, tests=tests)


def law(name: str, file: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of the law or of the model."""
    return Mutant(f"dividend: {name}", file, before, after, tests=tests)


DIVIDENDS = (
    cash(
        "mints go on from the ex to the record",
        "undecided_actions",
        "        if one & mm.MAX_U40 <= block.timestamp and not self._is_over(one):\n",
        "        if one & mm.MAX_U40 > block.timestamp and not self._is_over(one):\n",
        BOOK,
    ),
    cash(
        "mints stay shut after the record",
        "undecided_actions",
        "        if one & mm.MAX_U40 <= block.timestamp and not self._is_over(one):\n",
        "        if one & mm.MAX_U40 <= block.timestamp:\n",
        BOOK,
    ),
    cash(
        "a cancelled dividend goes on shutting",
        "ActionBook",
        "    records._set_status(id, head, records.CANCELLED)\n    self._shut(token,",
        "    records._set_status(id, head, records.CANCELLED)\n    if False: self._shut(token,",
        BOOK,
    ),
    cash(
        "terms change after a root is posted",
        "ActionBook",
        "        records._set_status(id, head, records.EFFECTIVE)\n",
        "        records._set_status(id, head, records.ANNOUNCED)\n",
        BOOK,
    ),
    cash(
        "the record moves after it has come",
        "ActionBook",
        '        refusals._demand(kept and given.coin == was.coin, "book: record has come")\n',
        '        assert kept or given.coin == was.coin, "book: record has come"\n',
        BOOK,
    ),
    cash(
        "a code takes the terms of another",
        "book_terms",
        '    assert fields & needed == needed and fields & ~(needed | more | _DOCUMENT) == 0, "book: bad terms"\n',
        '    assert fields & needed == needed, "book: bad terms"\n',
        CODES,
    ),
    cash(
        "what was tendered for changes after the deadline",
        "ActionBook",
        "    if was.deadline != 0 and was.deadline < block.timestamp:\n",
        "    if was.deadline != 0 and was.deadline > block.timestamp:\n",
        CODES,
    ),
    cash(
        "what has taken effect can be cancelled",
        "book_records",
        "        return EFFECTIVE\n",
        "        return ANNOUNCED\n",
        CODES,
    ),
    cash(
        "a root of an election is posted before it ends",
        "ActionBook",
        '    refusals._demand(is_over, "book: deadline to come")\n',
        "",
        CODES,
    ),
    cash(
        "a root bound elsewhere is taken",
        "DividendDistributor",
        '    assert bound == id, "dividend: bound elsewhere"\n',
        "",
        POSTING,
    ),
    cash(
        "less than the sum funds a root",
        "DividendDistributor",
        '    assert amount == records.records[id].sums >> 128, "dividend: sum differs"\n'
        "    records._set_status(id, terms, records.FUNDED)\n    payouts._bring",
        '    assert amount <= records.records[id].sums >> 128, "dividend: sum differs"\n'
        "    records._set_status(id, terms, records.FUNDED)\n    payouts._bring",
        POSTING,
    ),
    cash(
        "a coin that keeps a fee funds a root",
        "payouts",
        '    assert staticcall asset.balanceOf(receiver) == before + amount, "dividend: payment not exact"\n',
        "",
        POSTING,
    ),
    cash(
        "a leaf is paid twice",
        "DividendDistributor",
        "    records.claimed[at] = word | bit\n",
        "    records.claimed[at] = word\n",
        CLAIMS,
    ),
    cash(
        "a pushed leaf is claimed again",
        "DividendDistributor",
        "                word |= bit\n                due += net\n",
        "                due += net\n",
        PUSHES,
    ),
    cash(
        "the sum of a proof is not looked at",
        "DividendDistributor",
        '    assert node == records.records[id].root and total == sums >> 128, "dividend: bad proof"\n    at: uint256',
        '    assert node == records.records[id].root, "dividend: bad proof"\n    at: uint256',
        CLAIMS,
    ),
    cash(
        "sums beyond 128 bits pass",
        "DividendDistributor",
        '    assert seen >> merkle_sum.SUM_BITS == 0, "dividend: bad sum"\n',
        "",
        CLAIMS,
    ),
    cash(
        "an index beyond the tree is another bit",
        "DividendDistributor",
        '    assert index >> depth == 0, "dividend: bad index"\n',
        "",
        CLAIMS,
    ),
    cash(
        "anyone has a pool paid",
        "DividendDistributor",
        '    assert own, "dividend: not the account"\n',
        "",
        CLAIMS,
    ),
    cash(
        "what is parked of a pool is sent to it unasked",
        "DividendDistributor",
        '    assert asked or parked.amount >> 128 != 0, "dividend: not the account"\n',
        "",
        CLAIMS,
    ),
    cash(
        "what is parked of a claim counts as pushable",
        "DividendDistributor",
        "    self._park(id, account, payee, index, net, place & merkle_sum.TOP)\n",
        "    self._park(id, account, payee, index, net, merkle_sum.TOP)\n",
        CLAIMS,
    ),
    cash(
        "a pool is pushed to",
        "DividendDistributor",
        "        if entry.net != net and word & bit == 0 and net != 0:\n",
        "        if word & bit == 0 and net != 0:\n",
        PUSHES,
    ),
    cash(
        "a blocked holder is paid",
        "heirs",
        "    if not staticcall registry.isBlocked(account):\n        return account\n",
        "    if account != empty(address):\n        return account\n",
        CLAIMS,
    ),
    cash(
        "another investor's successor is paid",
        "heirs",
        "    if heir == account or heir == empty(address) or staticcall registry.isBlocked(heir):\n",
        "    if heir == account or heir == empty(address):\n",
        CLAIMS,
    ),
    cash(
        "a payee spends the gas of a whole block",
        "payouts",
        "        gas=ALONE_GAS,\n",
        "        gas=ALONE_GAS * 20,\n",
        PUSHES,
    ),
    cash(
        "who pushes makes a good payment fail",
        "payouts",
        '    assert msg.gas >= LEAST_GAS, "dividend: too little gas"\n',
        "",
        PUSHES,
    ),
    cash(
        "anyone has the distributor pay whom it likes",
        "DividendDistributor",
        '    assert msg.sender == self, "dividend: not the distributor"\n',
        "",
        PUSHES,
    ),
    cash(
        "what is parked is lost to the books",
        "DividendDistributor",
        "    records.records[id].sums = sums\n    self._park(id, account, payee, index, net, place",
        "    self._park(id, account, payee, index, net, place",
        CLAIMS,
    ),
    cash(
        "what is parked in a push is lost to the books",
        "DividendDistributor",
        "    if paid != due:\n        records.records[id].sums = sums - paid\n",
        "",
        PUSHES,
    ),
    cash(
        "it pays before the pay date",
        "distribution_book",
        '    assert (terms >> PAY_SHIFT) & U40 <= block.timestamp, "dividend: before pay"\n',
        "",
        CLAIMS,
    ),
    cash(
        "it is swept before the expiry",
        "DividendDistributor",
        '    assert (terms >> records.EXPIRY_SHIFT) & records.U40 <= block.timestamp, "dividend: not expired"\n',
        "",
        END,
    ),
    cash(
        "what is withheld is remitted twice",
        "DividendDistributor",
        "    records.records[id].terms = terms | records.REMITTED\n",
        "",
        POSTING,
    ),
    cash(
        "a block's tree loses a sum",
        "merkle_sum",
        "            sums[i] = sums[left] + sums[right]\n",
        "            sums[i] = sums[left]\n",
        TREE,
    ),
    law(
        "gross is rounded up",
        "scrip/model/laws/cash.py",
        "    gross = exact(units, terms.gross, terms.rate, counted).__floor__()\n",
        "    gross = exact(units, terms.gross, terms.rate, counted).__ceil__()\n",
        BY_HAND,
    ),
    law(
        "tax withheld upstream is taken twice",
        "scrip/model/laws/cash.py",
        "    here = max(ceil_div(gross * bps, BPS) - upstream, 0)\n",
        "    here = ceil_div(gross * bps, BPS)\n",
        BY_HAND,
    ),
    law(
        "a document that has run out counts",
        "scrip/dividends/entitlements.py",
        "    good = relief is not None and pay <= relief.until\n",
        "    good = relief is not None\n",
        BY_HAND,
    ),
    law(
        "the model pays a blocked holder",
        "scrip/model/dividends.py",
        "    if not state.investors.is_blocked(account):\n",
        "    if account:\n",
        MACHINE,
    ),
    law(
        "a price of the ex buys the dividend",
        "scrip/dividends/claims.py",
        "            return self.struck < window.ex_at and self.settled >= window.record_at\n",
        "            return self.struck <= window.ex_at and self.settled >= window.record_at\n",
        OWED,
    ),
    law(
        "what was sold at the ex is owed nothing",
        "scrip/dividends/claims.py",
        "        return self.struck >= window.ex_at and self.settled < window.record_at\n",
        "        return self.struck > window.ex_at and self.settled < window.record_at\n",
        OWED,
    ),
    law(
        "what the register took for sold is forgotten",
        "scrip/flows/market_claims.py",
        "            if not asked.waiting or asked.since >= newest.at or asked.delivery:\n",
        "            if not asked.waiting or asked.since < newest.at or asked.delivery:\n",
        STORY,
    ),
    law(
        "a market claim is paid in every part",
        "scrip/flows/dividend_sheets.py",
        "    return [one for one in given if one.key not in posted], said\n",
        "    return given, said\n",
        STORY,
    ),
    law(
        "a market claim that nobody knows is paid",
        "scrip/flows/dividend_sheets.py",
        "        if not seen.has(one, window):\n",
        "        if seen is None:\n",
        STORY,
    ),
    law(
        "a quote of another sum reinvests",
        "scrip/flows/reinvestment.py",
        "    if paid != net.value:\n",
        "    if paid > 2**200:\n",
        COMMANDS,
    ),
    law(
        "a leaf is given a second quote",
        "scrip/flows/reinvestment.py",
        '        if any("0x" + ref_of(name).hex() in used for name in names):\n',
        "        if used is None:\n",
        COMMANDS,
    ),
    law(
        "more is reinvested than was paid",
        "scrip/dividends/statements.py",
        "        if amount > paid[key]:\n",
        "        if amount > 2 * paid[key]:\n",
        ("tests/dividends/test_dividend_statements.py",),
    ),
    law(
        "the model forgets what it paid",
        "scrip/model/dividends.py",
        "    found.claimed.add(leaf.index)\n",
        "",
        MACHINE,
    ),
    law(
        "a block of places that the tree has not is looked at in the model",
        "scrip/model/laws/merkle_sum.py",
        "    if not 0 <= first < 1 << root.depth or first % (1 << depth):\n",
        "    if first % (1 << depth):\n",
        FORGERIES,
    ),
    law(
        "what was recalled is income twice",
        "scrip/dividends/statements.py",
        "            found[key] = replace(was, net=was.net - net, lacking=was.lacking + net)\n",
        "            found[key] = replace(was, lacking=was.lacking + net)\n",
        ("tests/dividends/test_dividend_statements.py",),
    ),
    law(
        "a number on a page is cut",
        "scrip/dividends/pages.py",
        "            if column.is_number and (wide := self.pdf.get_string_width(told)) > inside:\n",
        "            if column.is_number and (wide := self.pdf.get_string_width(told)) > 9 * inside:\n",
        ("tests/dividends/test_statement_pages.py",),
    ),
    law(
        "a server on another fork is believed",
        "scrip/holders/hypersync.py",
        '        if block.get("hash") != log.block_hash:\n',
        '        if "hash" not in block:\n',
        ("tests/holders/test_register_pages.py",),
    ),
    cash(
        "units: whoever likes has them made",
        "DividendDistributor",
        "    roles._check(roles.ISSUER)\n",
        "",
        DELIVERED,
    ),
    cash(
        "units: a delivery is starved of gas",
        "payouts",
        '    assert msg.gas >= LEAST_UNITS_GAS, "dividend: too little gas"\n',
        "",
        DELIVERED,
    ),
    cash(
        "units: a root withholds some",
        "DividendDistributor",
        '    assert root.gross == root.net and root.withheld == 0, "dividend: bad root"\n',
        "",
        DELIVERED,
    ),
    cash(
        "units: a merger that is burned for is paid by a root",
        "ActionBook",
        '        refusals._demand(staticcall IStockToken(token).mintsEnd() == 0, "book: burned for")\n',
        "        pass\n",
        DELIVERED,
    ),
    cash(
        "units: what has no record is paid by a root",
        "ActionBook",
        '    refusals._demand(record_at != 0 and record_at <= block.timestamp, "book: record to come")\n',
        '    refusals._demand(record_at <= block.timestamp, "book: record to come")\n',
        DELIVERED,
    ),
    law(
        "units: a refusal is no reason to park",
        "scrip/model/dividends.py",
        "    if not takes(token, account, payee, amount, state.now):\n",
        "    if token.paused:\n",
        ("tests/machine/test_deliveries_machine.py",),
    ),
    law(
        "units: rounded for the holder",
        "scrip/model/laws/deliveries.py",
        "    return units * ratio.num * ratio.multiplier // (ratio.den * ratio.other_multiplier)\n",
        "    return -(-units * ratio.num * ratio.multiplier // (ratio.den * ratio.other_multiplier))\n",
        ("tests/machine/test_real_deliveries.py",),
    ),
    law(
        "units: a preview does not know whose units a root gives",
        "scrip/evm/state/snapshot.py",
        "        self.subjects = subjects = replace(subjects, stocks=subjects.stocks | stocks)\n",
        "        self.subjects = subjects = replace(subjects, stocks=subjects.stocks)\n",
        ("tests/scripts/test_delivery_commands.py",),
    ),
)
