"""Statements held to the chains: every amount and every cause here is worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from scrip.errors import InputErrors
from scrip.reconcile import Entry, Sheet, read_statement, reconcile
from scrip.reconcile.compare import Cause, Line, explained, told
from scrip.reconcile.sheet import Moved
from scrip.reconcile.statement import COLUMNS

ISIN = "US5949181045"
DAY = 1_800_000_000
ONE = Fraction(1)
POOL = ("local", "0xpool")


def custody(quantity: str, receipt: str = "0", delivery: str = "0", kind: str = "custody", account: str = "A") -> Entry:
    amounts = (Fraction(one) for one in (quantity, receipt, delivery))
    return Entry(kind, "Custodian", account, "", ISIN, DAY, *amounts)  # type: ignore[arg-type]


def venue(quantity: str, receipt: str = "0", delivery: str = "0", account: str = "0xpool") -> Entry:
    amounts = (Fraction(one) for one in (quantity, receipt, delivery))
    return Entry("venue", "Exchange", account, "local", ISIN, DAY, *amounts)


def sheet(**more: object) -> Sheet:
    """100 tokens of one share on one network and 50 on another: 150 shares are needed."""
    found = Sheet("MSFT", "Microsoft", (ISIN,))
    found.needed = {"local": Fraction(100), "far": Fraction(50)}
    found.unit = {"local": ONE, "far": ONE}
    for name, value in more.items():
        setattr(found, name, value)
    return found


def backing(entries: list[Entry], tolerance: str = "0", **more: object) -> Line:
    lines = reconcile([sheet(**more)], entries, Fraction(tolerance), {POOL: POOL[1]})
    return next(one for one in lines if one.what == "shares that back tokens")


@pytest.mark.parametrize(
    ("entries", "apart"),
    [
        ([custody("150")], "0"),
        ([custody("100"), custody("50", account="B")], "0"),
        ([custody("140"), custody("10", kind="transit", account="T")], "0"),
        ([custody("160"), custody("10", kind="own", account="O")], "0"),
        ([custody("149.5")], "-0.5"),
    ],
)
def test_what_is_held_between_and_not_for_tokens_adds_up(entries: list[Entry], apart: str) -> None:
    line = backing(entries, "0.5")
    assert (line.good, line.apart, line.causes) == (True, Fraction(apart), "")


@pytest.mark.parametrize(
    ("entries", "more", "apart", "cause"),
    [
        # 30 shares are bought and arrive tomorrow: 120 are there.
        ([custody("120", receipt="30")], {}, "-30", "unsettled mint: 30 shares"),
        # 20 tokens are burnt already, whose shares leave tomorrow: 170 are there.
        ([custody("170", delivery="20")], {}, "20", "undelivered redemption: 20 shares"),
        # 10 shares were delivered for requests whose tokens are not burnt.
        ([custody("140")], {"waiting": {"local": Fraction(10)}}, "-10", "unburnt redemption: requests for 10 shares"),
        # A dividend of 1.5 shares is in the index, and its shares are bought when the cash arrives.
        ([custody("148.5")], {"receivable": {"far": Fraction(3, 2)}}, "-1.5", "dividend not bought yet: 1.5 shares"),
        # Two at once.
        (
            [custody("110", receipt="30")],
            {"waiting": {"local": Fraction(10)}},
            "-40",
            "unsettled mint: 30 shares are bought and not in the account yet; unburnt redemption",
        ),
        ([custody("120")], {}, "-30", "UNEXPLAINED"),
        ([custody("119", receipt="30")], {}, "-31", "not in the account yet; -1 UNEXPLAINED"),
        ([], {}, "-150", "no statement has this ISIN"),
    ],
)
def test_a_difference_is_named_with_what_makes_it(
    entries: list[Entry], more: dict[str, object], apart: str, cause: str
) -> None:
    line = backing(entries, **more)
    assert (line.good, line.apart) == (False, Fraction(apart))
    assert cause in line.causes


@pytest.mark.parametrize(
    ("held", "unit", "cause"),
    [
        # 2:1. The chains have not taken it, and the custodian has: 300 shares for 150 tokens.
        ("300", ONE, "the custodian has taken SPLF split-1"),
        # The chains have, on both networks, and the custodian has not.
        ("75", Fraction(2), "the custodian has not taken SPLF split-1"),
    ],
)
def test_an_ex_date_that_one_side_has_passed(held: str, unit: Fraction, cause: str) -> None:
    split = Moved("SPLF", "split-1", DAY, ONE, Fraction(2))
    more = {
        "unit": dict.fromkeys(("local", "far"), unit),
        "moved": {("SPLF", "split-1"): {"local": split, "far": split}},
    }
    line = backing([custody(held)], **more)
    assert line.causes.startswith(f"ex date apart: {cause}")


def test_a_split_that_one_of_two_networks_has_taken() -> None:
    """100 tokens are 200 shares on one network, 50 are still 50 on the other, and the custodian has 300 for all 150."""
    split = Moved("SPLF", "split-1", DAY, ONE, Fraction(2))
    more = {
        "needed": {"local": Fraction(200), "far": Fraction(50)},
        "unit": {"local": Fraction(2), "far": ONE},
        "moved": {("SPLF", "split-1"): {"local": split, "far": split}},
    }
    assert backing([custody("300")], **more).causes.startswith("ex date apart: the custodian has taken")


def test_the_reserve_that_counts_is_what_the_statement_gives_after_the_margin() -> None:
    """Of 200 shares 50 bps are kept back: 199."""
    attested = {"local": (Fraction(199), 50, DAY), "far": (Fraction(150), 50, DAY - 86_400)}
    lines = reconcile([sheet(attested=attested)], [custody("200")], Fraction(0), {})
    good = {one.what.split()[2]: (one.good, one.causes) for one in lines if one.what.startswith("reserve")}
    assert good["local"] == (True, "")
    assert good["far"][0] is False
    assert "the answer is of 2027-01-14 08:00:00 UTC, the statement of 2027-01-15 08:00:00 UTC" in good["far"][1]


@pytest.mark.parametrize(
    ("entries", "unit", "good", "cause"),
    [
        ([venue("40")], ONE, True, ""),
        ([venue("25"), venue("15", account="0xcold")], ONE, True, ""),
        ([venue("38", receipt="2")], ONE, False, "deposit not credited: 2 tokens"),
        ([venue("43", delivery="3")], ONE, False, "withdrawal not sent: 3 tokens"),
        ([venue("80")], Fraction(2), False, "it counts shares, not tokens"),
        ([venue("39")], ONE, False, "UNEXPLAINED"),
        ([], ONE, False, "no statement speaks of it"),
    ],
)
def test_a_venues_own_books_beside_its_wallets(entries: list[Entry], unit: Fraction, good: bool, cause: str) -> None:
    """An omnibus wallet as exchanges have them, hot and cold: 40 tokens in one, or 25 and 15 in two."""
    two = len(entries) == 2
    tokens = {POOL: (Fraction(25 if two else 40), "pool")} | ({("local", "0xcold"): (Fraction(15), "")} if two else {})
    addresses = {POOL: POOL[1], ("local", "0xcold"): "0xcold"}
    lines = reconcile([sheet(tokens=tokens, unit={"local": unit, "far": unit})], entries, Fraction(0), addresses)
    (line,) = (one for one in lines if one.unit == "tokens")
    assert line.good is good
    assert cause in line.causes


def test_a_statement_of_another_issuers_stock_is_a_difference() -> None:
    other = Entry("custody", "C", "A", "", "US0378331005", DAY, ONE, Fraction(), Fraction())
    lines = reconcile([sheet()], [custody("150"), other], Fraction(0), {})
    assert [(one.isin, one.good) for one in lines if not one.stock] == [("US0378331005", False)]


def test_causes_are_the_fewest_that_fit_and_amounts_are_exact() -> None:
    causes = [
        Cause(Fraction(-1), "a"),
        Cause(Fraction(-2), "b"),
        Cause(Fraction(-3), "c"),
        Cause(Fraction(0), "nothing"),
    ]
    assert explained(Fraction(-3), causes, Fraction(0)) == "c"
    assert explained(Fraction(-6), causes, Fraction(0)) == "a; b; c"
    assert explained(Fraction(-7), causes, Fraction(0)) == "c; -4 UNEXPLAINED"
    assert explained(Fraction(7), causes, Fraction(0)) == "UNEXPLAINED"
    assert told(Fraction(-1, 3)) == "-0.333333333333333333"


HEADER = ",".join(COLUMNS)


def test_a_statement_is_read_and_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "statement.csv"
    path.write_text(f"{HEADER}\ncustody,Bank,123,,{ISIN},2027-01-15T08:00:00Z,150.25,,1\n")
    ((line, entry),) = read_statement(path).rows
    assert (line, entry.quantity, entry.pending_receipt, entry.pending_delivery) == (2, Fraction(601, 4), 0, 1)
    assert entry.as_of == DAY
    rows = (
        (f"custody,Bank,123,,{ISIN},2027-01-15,-1,,", "quantity", "is negative"),
        (f"custody,Bank,124,,{ISIN},2027-01-15,,,", "quantity", "is missing"),
        (f"custody,Bank,123,local,{ISIN},2027-01-15,1,,", "network", "is of venues alone"),
        (f"venue,Bank,123,,{ISIN},2027-01-15,1,,", "network", "is missing"),
        (f"vault,Bank,125,,{ISIN},2027-01-15,1,,", "kind", "is none of custody, transit, own, venue"),
        (f"custody,,123,,{ISIN},2027-01-15,1,,", "holder", "is missing"),
        ("custody,Bank,123,,US,2027-01-15,1,,", "isin", "has not 12 characters"),
        (f"custody,Bank,126,,{ISIN},yesterday,1,,", "as_of", ""),
        (f"custody,Bank,127,,{ISIN},2027-01-15,1e3,,", "quantity", "is not a decimal number"),
    )
    path.write_text("\n".join([HEADER, *(one for one, _, _ in rows)]))
    with pytest.raises(InputErrors) as wrong:
        read_statement(path)
    for number, (error, (_, field, reason)) in enumerate(zip(wrong.value.errors, rows, strict=True), start=2):
        assert (error.line, error.field) == (number, field)
        assert reason in error.message
    path.write_text(f"{HEADER}\n" + f"custody,Bank,123,,{ISIN},2027-01-15,1,,\n" * 2)
    with pytest.raises(InputErrors, match="stands in this file already"):
        read_statement(path)
