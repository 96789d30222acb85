"""ReserveFeed.confirmBasis and setBasis: which split basis a reserve is stated in."""

import json
from pathlib import Path

import pytest
from support.contract_calls import MAX, Event, deploy, named, now, refuses, set_clock
from support.issuance_world import (
    ADMIN,
    ALICE,
    DAY,
    MINTER,
    OTHERS,
    START,
    U64,
    U128,
    WAD,
    Issuance,
    deploy_stub,
)

VECTORS = json.loads((Path(__file__).resolve().parents[2] / "vectors" / "split.json").read_text())
RESERVE = json.loads((Path(__file__).resolve().parents[2] / "vectors" / "reserve.json").read_text())
AT = START + 2 * DAY
OLD = 1  # the round of the world's own attestation: 10,000 shares at START


def split(suite: Issuance, reference: str = "a", num: int = 2, den: int = 1) -> int:
    """A split takes effect now; its second."""
    code = "SPLF" if num > den else "SPLR"
    suite.take_effect(suite.schedule(code, reference, num=num, den=den))
    return now()


def confirm(suite: Issuance, old: int = OLD, new: int = OLD + 1) -> None:
    suite.feed.confirmBasis(suite.stock, old, new)


def test_a_newer_round_within_the_band_confirms(suite: Issuance) -> None:
    split(suite)
    suite.attest(20_000)
    confirm(suite)
    assert suite.feed.basis(suite.stock) == (2, 1)
    assert suite.feed.configuration(suite.stock)[4] == 2 * 10**6 * WAD
    assert suite.feed.events() == [
        Event(
            suite.feed.address,
            "BasisConfirmed",
            {
                "token": suite.stock.address,
                "num": 2,
                "den": 1,
                "oldRound": 1,
                "newRound": 2,
                "ceiling": 2 * 10**6 * WAD,
            },
        )
    ]
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    assert suite.feed.coverage(suite.stock)[:2] == (20_000 * WAD, 2_002 * WAD)


@pytest.mark.parametrize(("new", "confirmed"), [(19_599, False), (19_600, True), (20_400, True), (20_401, False)])
def test_the_band_to_the_share(suite: Issuance, new: int, confirmed: bool) -> None:
    split(suite)
    suite.attest(new)
    if confirmed:
        confirm(suite)
    else:
        with refuses("reserve: outside the band"):
            confirm(suite)


def test_the_shared_vectors(suite: Issuance) -> None:
    tried = 0
    for row in VECTORS["basis_confirmed"]:
        num, den, old, new = (int(row[key]) for key in ("num", "den", "old", "new"))
        if not 0 < old <= U128 or not 0 < new <= U128 or num == den:
            continue
        oracle = deploy_stub("StubTwoRounds", old, START, new, AT)
        stock = deploy_stub("StubStock", suite.feed, "US0000000001")
        feed = deploy("ReserveFeed", suite.roles, deploy_stub("StubActions", AT, num, den))
        feed.configure(stock, oracle, DAY, 0, WAD, sender=ADMIN)
        stock.set_terms([WAD, num, den, WAD, num, den, 0])
        set_clock(AT)
        if row["confirmed"]:
            feed.confirmBasis(stock, 1, 2)
            assert feed.basis(stock) == (num, den)
        else:
            with refuses("reserve: outside the band"):
                feed.confirmBasis(stock, 1, 2)
        tried += 1
    assert tried > 10


def test_a_reverse_split(suite: Issuance) -> None:
    split(suite, num=1, den=3)
    suite.attest(3_333)
    confirm(suite)
    assert suite.feed.basis(suite.stock) == (1, 3)
    assert suite.feed.configuration(suite.stock)[4] == 10**6 * WAD // 3


def test_not_before_its_second(suite: Issuance) -> None:
    suite.schedule("SPLF")
    set_clock(AT - 1)
    suite.attest(20_000)
    with refuses("reserve: basis is current"):
        confirm(suite)


def test_anyone_confirms(suite: Issuance) -> None:
    split(suite)
    suite.attest(20_000)
    suite.feed.confirmBasis(suite.stock, 1, 2, sender=named("mallory"))


def test_what_is_not_configured(suite: Issuance) -> None:
    with refuses("reserve: not configured"):
        suite.feed.confirmBasis(named("nobody"), 1, 2)
    with refuses("reserve: not configured"):
        suite.feed.setBasis(named("nobody"), sender=ADMIN)


def test_nothing_to_confirm(suite: Issuance) -> None:
    with refuses("reserve: basis is current"):
        confirm(suite)
    split(suite)
    suite.attest(20_000)
    confirm(suite)
    with refuses("reserve: basis is current"):
        confirm(suite)


@pytest.mark.parametrize("old", [0, 2, 3, 4, 2**80 - 1, 2**80, MAX])
def test_the_old_round_is_the_last_before_the_split(suite: Issuance, old: int) -> None:
    """Rounds 1 and 2 are older than the split, 3 and 4 newer: only 2 qualifies, so 1 stands in its place here."""
    set_clock(AT - 1)
    suite.attest(10_000)
    split(suite)
    suite.attest(20_000)
    suite.attest(20_000)
    with refuses("reserve: wrong old round"):
        confirm(suite, 1 if old == 2 else old, 4)


def test_the_old_round_may_be_a_second_older(suite: Issuance) -> None:
    set_clock(AT - 1)
    suite.attest(9_000)
    split(suite)
    suite.attest(18_000)
    confirm(suite, 2, 3)


def test_a_round_of_the_very_second_is_a_new_one(suite: Issuance) -> None:
    split(suite)
    assert now() == AT
    suite.attest(20_000)
    with refuses("reserve: wrong old round"):
        confirm(suite, 2, 3)
    confirm(suite, 1, 2)


def test_without_a_round_after_the_split(suite: Issuance) -> None:
    split(suite)
    with refuses("reserve: wrong old round"):
        confirm(suite, 1, 2)


@pytest.mark.parametrize("new", [0, 1, 4, 2**80, MAX])
def test_the_new_round_comes_later_and_exists(suite: Issuance, new: int) -> None:
    split(suite)
    suite.attest(20_000)
    suite.attest(20_000)
    with refuses("reserve: wrong new round"):
        confirm(suite, 1, new)


def test_the_new_round_is_not_older_than_the_last_split(suite: Issuance) -> None:
    split(suite, "a")
    suite.attest(20_000)
    split(suite, "b", 3, 1)
    with refuses("reserve: wrong new round"):
        confirm(suite, 1, 2)
    suite.attest(60_000)
    confirm(suite, 1, 3)
    assert suite.feed.basis(suite.stock) == (6, 1)


def test_a_new_round_from_the_future(suite: Issuance) -> None:
    split(suite)
    suite.attest(20_000, now() + 1)
    with refuses("reserve: future answer"):
        confirm(suite)
    set_clock(now() + 1)
    confirm(suite)


@pytest.mark.parametrize("answer", [0, -1, -(2**255), U128 + 1, 2**255 - 1])
@pytest.mark.parametrize("which", ["old", "new"])
def test_bad_answers(suite: Issuance, answer: int, which: str) -> None:
    set_clock(AT - 1)
    suite.oracle.push(answer if which == "old" else 10_000 * 10**8)
    split(suite)
    suite.oracle.push(answer if which == "new" else 20_000 * 10**8)
    with refuses("reserve: bad answer"):
        confirm(suite, 2, 3)


def test_an_oracle_of_zeros_has_no_rounds(suite: Issuance) -> None:
    oracle = deploy_stub("StubOracle", 8)
    suite.configure(oracle=oracle)
    split(suite)
    for mode in (0, 1, 2, 3):
        oracle.set(mode, 10**8, 0)
        with refuses("reserve: wrong old round"):
            confirm(suite)


def test_only_the_splits_since_the_basis_matter(suite: Issuance) -> None:
    split(suite, "a")
    suite.attest(20_000)
    confirm(suite)
    set_clock(now() + DAY)
    suite.attest(25_000)  # round 3: the custodian took in more
    split(suite, "b", 4, 1)
    suite.attest(100_000)
    with refuses("reserve: wrong old round"):
        confirm(suite, 1, 4)
    confirm(suite, 3, 4)
    assert suite.feed.basis(suite.stock) == (8, 1)


def test_splits_that_cancel_out_need_no_confirmation(suite: Issuance) -> None:
    split(suite, "there", 2, 1)
    split(suite, "and back", 1, 2)
    with refuses("reserve: basis is current"):
        confirm(suite)
    suite.attest(10_000)
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    set_clock(now() + 1)
    split(suite, "and on", 3, 1)
    suite.attest(30_000)
    confirm(suite, 2, 3)


def test_a_pending_split_is_not_counted(suite: Issuance) -> None:
    split(suite, "a")
    suite.attest(20_000)
    suite.schedule("SPLF", "b")
    confirm(suite)
    assert suite.feed.basis(suite.stock) == (2, 1)


def test_joined_splits_are_one_step(suite: Issuance) -> None:
    suite.schedule("SPLF", "a", num=3, den=1)
    split(suite, "b", 1, 2)
    suite.attest(15_000)
    confirm(suite)
    assert suite.feed.basis(suite.stock) == (3, 2)


def test_a_record_that_does_not_lead_to_the_basis(suite: Issuance) -> None:
    """The stock was configured, then its record lost (an actions contract exchanged): only people can tell."""
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    suite.configure(stock)
    stock.set_terms([WAD, 2, 1, WAD, 2, 1, 0])
    with refuses("reserve: no path to basis"):
        suite.feed.confirmBasis(stock, 1, 2)
    suite.feed.setBasis(stock, sender=ADMIN)
    assert suite.feed.basis(stock) == (2, 1)


def test_a_record_that_leads_astray(suite: Issuance) -> None:
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    suite.registry.registerToken(stock, sender=suite.factory.address)
    suite.configure(stock)
    for i in range(2):
        stock.set_terms([1, 1, 1, 1, 1, 1, 0])
        suite.take_effect(suite.schedule("SPLF", str(i), stock=stock, num=100))
    stock.set_terms([1, 1, U64, 1, 1, U64, 0])
    with refuses("reserve: no path to basis"):
        suite.feed.confirmBasis(stock, 1, 2)


def test_the_ceiling_is_scaled_down_and_capped(suite: Issuance) -> None:
    suite.configure(ceiling=U128)
    split(suite, num=3, den=2)
    suite.attest(15_000)
    confirm(suite)
    assert suite.feed.configuration(suite.stock)[4] == U128
    for row in RESERVE["scaled_ceiling"]:
        ceiling, num, den, scaled = (int(row[key]) for key in ("ceiling", "num", "den", "scaled"))
        stock = deploy_stub("StubStock", suite.feed, "US0000000001")
        suite.configure(stock, ceiling=min(ceiling, U128))
        stock.set_terms([WAD, num, den, WAD, num, den, 0])
        suite.feed.setBasis(stock, sender=ADMIN)
        assert suite.feed.configuration(stock)[4] == min(scaled, U128), row


def test_people_may_adopt_it(suite: Issuance) -> None:
    split(suite)
    suite.attest(12_345)
    with refuses("reserve: outside the band"):
        confirm(suite)
    suite.feed.setBasis(suite.stock, sender=ADMIN)
    assert suite.feed.basis(suite.stock) == (2, 1)
    assert suite.feed.events() == [
        Event(
            suite.feed.address,
            "BasisSet",
            {"token": suite.stock.address, "num": 2, "den": 1, "ceiling": 2 * 10**6 * WAD},
        )
    ]
    suite.stock.mint(ALICE, WAD, sender=MINTER)


def test_adopting_what_is_current_changes_nothing(suite: Issuance) -> None:
    before = suite.feed.configuration(suite.stock)
    suite.feed.setBasis(suite.stock, sender=ADMIN)
    assert suite.feed.configuration(suite.stock) == before
    assert suite.feed.basis(suite.stock) == (1, 1)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_admin_adopts(suite: Issuance, actor: str) -> None:
    split(suite)
    if actor == "admin":
        suite.feed.setBasis(suite.stock, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            suite.feed.setBasis(suite.stock, sender=OTHERS[actor])
