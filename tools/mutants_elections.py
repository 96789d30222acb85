"""What is planted in elections between cash and stock (see mutants.py), each found by the tests that it names."""

from __future__ import annotations

from mutants_planted import Mutant, place

CHOICES, DESK, SIGNED = (
    (f"tests/contracts/elections/test_elections_{name}.py",) for name in ("choices", "desk", "signatures")
)
MACHINE = ("tests/machine/test_elections_agree.py",)
COMMANDS = ("tests/scripts/test_election_commands.py",)
PAPERS = ("tests/elections/test_election_results.py",)


def election(name: str, stem: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of Elections or its module."""
    return Mutant(f"election: {name}", place(stem), before, after, tests=tests)


ELECTIONS = (
    election(
        "a choice of less leaves the sum",
        "election_book",
        "    if before != now:\n",
        "    if before < now:\n",
        CHOICES,
    ),
    election(
        "a choice takes no number",
        "election_book",
        "    self.said[election][index] = now | unsafe_add(was & ~_U224, _ONE_CHANGE)\n",
        "    self.said[election][index] = now | (was & ~_U224)\n",
        SIGNED,
    ),
    election(
        "what is unsaid is cash whatever the default",
        "election_book",
        "    if self._default(record.gate) == CASH:\n",
        "    if self._default(record.gate) <= SECU:\n",
        CHOICES,
    ),
    election(
        "choices count after the deadline",
        "election_book",
        '    assert block.timestamp <= self._deadline(gate), "elections: over"\n',
        "",
        CHOICES,
    ),
    election(
        "a leaf chooses for all of its units twice",
        "Elections",
        "choice.cash <= leaf.units and choice.secu <= leaf.units - choice.cash",
        "choice.cash <= leaf.units and choice.secu <= leaf.units",
        CHOICES,
    ),
    election(
        "anyone chooses for anybody's leaf",
        "Elections",
        '    assert by == entitled, "elections: not the account"\n',
        "",
        CHOICES,
    ),
    election(
        "a meeting's record is chosen by",
        "Elections",
        '    assert times.code == _CODE, "elections: no options"\n',
        '    assert times.code == _CODE or times.code == "MEET", "elections: no options"\n',
        DESK,
    ),
    election(
        "a root of another chain, stock or action is taken",
        "Elections",
        '    assert bound == id, "elections: bound elsewhere"\n',
        "",
        DESK,
    ),
    election(
        "an action has two elections",
        "Elections",
        '        assert book._status(before) == book.VOIDED, "elections: opened"\n',
        "        assert before != 0\n",
        DESK,
    ),
    election(
        "a cancelled action's election goes on",
        "Elections",
        "    if book._status(gate) == book.VOIDED or times.status == _CANCELLED:\n",
        "    if book._status(gate) == book.VOIDED:\n",
        DESK,
    ),
    election(
        "an election is over before its action's deadline is",
        "Elections",
        "max(book._deadline(gate), times.deadline)",
        "book._deadline(gate)",
        DESK,
    ),
    election(
        "a signature is good for ever",
        "Elections",
        "                book._nonce(election, index),\n",
        "                empty(uint256),\n",
        SIGNED,
    ),
    Mutant(
        "election: the model keeps what was chosen before",
        "scrip/model/elections.py",
        "found.totals - found.said.get(order.index, Split()) + choice\n",
        "found.totals + choice\n",
        tests=MACHINE,
    ),
    Mutant(
        "election: stock is prorated of the cap twice",
        "scrip/model/laws/elections.py",
        "secu := one.secu * most // total",
        "secu := one.secu * most // (total + 1)",
        tests=PAPERS,
    ),
    Mutant(
        "election: a holder's choice is not looked at",
        "scrip/elections/results.py",
        "        if got != right:\n",
        "        if got.total != right.total:\n",
        tests=PAPERS,
    ),
    Mutant(
        "election: a root of deliveries believes any folder",
        "scrip/flows/dividend_sheets.py",
        "    if desk.views.ledger.suite.elections is None:\n",
        "    if desk.code:\n",
        tests=COMMANDS,
    ),
)
