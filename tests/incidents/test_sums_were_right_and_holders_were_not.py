"""A root of deliveries ignored a holder's choice: held to the totals by option alone, it may give two holders each
other's, and no sum tells. Each leaf's own choice is on the chain, and each row is held to it, after proration; so is
the order of the rows.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from scrip.elections import results
from scrip.elections.results import Results, Subject
from scrip.errors import Drift
from scrip.model.laws.elections import Split

ACCOUNTS, UNITS = ("0xaa", "0xbb", "0xcc"), (100, 100, 200)
SAID = (Split(secu=100), Split(), Split(50, 150))
TOTALS = Split(150, 250)
OF = Subject(
    *("local", 1, "0x01", "0x02", "MSFT", "DVOP", "div-1", "0x03", "0x04"),
    *(1, 2, "aa", "0x05", 400, 7, 9, "0x06", "CASH", 0),
)


def swapped(found: Results, one: int, other: int) -> Results:
    """Two accounts with each other's units."""
    rows = list(found.delivered)
    rows[one], rows[other] = rows[other], rows[one]
    return replace(found, delivered=tuple(rows))


@pytest.mark.parametrize("most", [0, 125])
def test_rows_are_held_to_leaves_and_not_to_sums(most: int) -> None:
    found = results.make(replace(OF, most=most), ACCOUNTS, UNITS, SAID)
    results.check(found, TOTALS, ACCOUNTS, UNITS, SAID)
    wrong = swapped(found, 0, 1)
    assert (wrong.totals, wrong.chosen) == (found.totals, TOTALS)
    with pytest.raises(Drift, match="0xaa chose"):
        results.check(wrong, TOTALS, ACCOUNTS, UNITS, SAID)


def test_rows_in_another_order_are_no_rows_of_this_tree() -> None:
    order = (2, 0, 1)
    rows = [tuple(part[place] for place in order) for part in (ACCOUNTS, UNITS, SAID)]
    with pytest.raises(Drift, match="another order"):
        results.check(results.make(OF, *rows), TOTALS, ACCOUNTS, UNITS, SAID)
