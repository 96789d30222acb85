"""A stock of two chains was announced what one of them could not follow: ten stock dividends of 3 % fill its pair.

An Ethereum-family chain folds and corrects, Solana does neither. What one of them could never schedule was announced on
both, which stopped every mint from the market's ex on, and came to light at the schedule.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from multichain_world import ISIN, START, ModelSide, Pair, pair

from scrip import instructions as ins
from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.model.laws import arithmetic as law
from scrip.model.laws.multiplier import Multiplier, Terms
from scrip.multichain.actions import MultichainAction
from scrip.multichain.audit import one_sided
from scrip.multichain.siblings import demand_single
from scrip.units import WAD, Wad

DAY = 86_400
YEAR = parameters.RATE_WINDOW.value


def split(reference: str, days: int, new: int, old: int) -> ins.Announce:
    at = START + days * DAY
    return ins.Announce("MSFT", "SPLF", reference, date(2027, 1, 15) + timedelta(days), at, new, old)


def dividend(reference: str, days: int, gross: int = WAD) -> ins.Announce:
    at = START + days * DAY
    ex = date(2027, 1, 15) + timedelta(days)
    return ins.Announce("MSFT", "DRIP", reference, ex, at, gross=Wad(gross), pay=at)


def action(both: Pair, order: ins.Announce, expected: int = 0) -> MultichainAction:
    return MultichainAction(
        both.sides, both.records, ISIN, order.code, order.reference, twin=True, expected=Wad(expected)
    )


def side_of(both: Pair, network: str) -> ModelSide:
    return next(side for side in both.sides if side.manifest.network == network)


def give(side: ModelSide, terms: Terms, history: Sequence[tuple[int, Wad]] = ()) -> None:
    """A stock with other factors, as a chain has them after what the other did not follow."""
    token = side.model.stocks["MSFT"].token
    token.multiplier = Multiplier(current=terms, pending=terms, history=tuple(history))


def last_that_fits(both: Pair) -> int:
    """Announce stock dividends of 3 %, one a month, until one is refused; how many were not."""
    for count in range(20):
        order = split(f"stock-{count}", 30 * (count + 1), 103, 100)
        try:
            action(both, order).announce(order)
        except Refusal:
            return count
    raise AssertionError


def test_stock_dividends_stop_where_a_pair_is_full(both: Pair) -> None:
    """103^9 fits a term of 64 bits, 103^10 does not, and what is only announced counts as well as what is in effect."""
    assert last_that_fits(both) == 9
    order = split("one-more", 300, 103, 100)
    with pytest.raises(Refusal) as refused:
        action(both, order).plans(order)
    assert refused.value.name == "actions: pair does not fit"
    assert f"{both.sides[0].manifest.network} could not follow MSFT SPLF one-more" in refused.value.detail
    assert "a term is 18446744073709551615 at most" in refused.value.detail
    assert all(side.sent.count("action announce") == 9 for side in both.sides)
    meanwhile = split("a-fold-less", 300, 2, 1)
    assert action(both, meanwhile).announce(meanwhile), "what fits is not refused"


@pytest.mark.parametrize("network", ["local", "solana-local"])
def test_what_one_network_has_no_room_for_is_announced_on_neither(both: Pair, network: str) -> None:
    """Folded on the one, or corrected: each network is judged by its own pair, and the refusal says which it is."""
    narrow = side_of(both, network)
    give(narrow, Terms(WAD, 2**64 - 1, 2**63 - 1))
    order = split("s", 3, 103, 100)
    with pytest.raises(Refusal, match=f"pair does not fit .{network} could not follow MSFT SPLF s") as refused:
        action(both, order).announce(order)
    assert "`action fold` shortens a pair" in refused.value.detail
    assert both.statuses() == ["unknown", "unknown"]


@pytest.mark.parametrize("network", ["local", "solana-local"])
def test_an_index_without_room_is_said_before_anything_is_announced(both: Pair, network: str) -> None:
    give(side_of(both, network), Terms(Wad(3 * WAD // 2)), [(START - DAY, Wad(3 * WAD // 2))])
    order = dividend("d", 3)
    with pytest.raises(
        Refusal, match=f"rate bound .{network} could not follow MSFT DRIP d: the index, 1.5, .* the 1 of a year before"
    ):
        action(both, order).announce(order)
    later = dividend("later", 366)
    assert action(both, later).announce(later), "a year after the rise there is room again"


@pytest.mark.parametrize("network", ["local", "solana-local"])
def test_a_multiplier_that_is_too_high_is_said_before_anything_is_announced(both: Pair, network: str) -> None:
    give(side_of(both, network), Terms(Wad(law.U96_MAX)), [(0, Wad(law.U96_MAX))])
    for order in (split("s", 3, 2, 1), dividend("d", 3)):
        with pytest.raises(Refusal, match=f"pair does not fit .{network} could not follow"):
            action(both, order).announce(order)
    assert not any(side.sent for side in both.sides)


def test_a_dividend_is_told_between_which_prices_it_can_be_struck(tmp_path: Path) -> None:
    """Exactly: the least is taken by the schedule of that chain, one unit less is not."""
    both = pair(tmp_path)
    for rise in (0, 2_600, 4_999):
        index = Wad(WAD + WAD * rise // 10_000)
        side = both.sides[1]
        give(side, Terms(index), [(START - DAY, index)] if rise else ())
        order = dividend(f"d{rise}", 3, 7 * WAD // 3)
        found = side.model.outlook(order)
        for price, name in (
            (found.least, ""),
            (found.least - 1, "bound"),
            (found.most, ""),
            (found.most + 1, "effect"),
        ):
            trial = side.model.copy()
            trial.apply(order)
            struck = ins.Schedule("MSFT", "DRIP", order.reference, Wad(price))
            if not name:
                trial.apply(struck)
                continue
            with pytest.raises(Refusal, match=name):
                trial.apply(struck)


def test_a_distribution_past_a_quarter_has_no_way_there(both: Pair) -> None:
    """An issuer says the price that it expects: then a distribution above the bound of any network is on none."""
    order = dividend("special", 3, 26 * WAD)
    with pytest.raises(InputError, match=r"MSFT DRIP special takes 104 at least") as refused:
        action(both, order, 100 * WAD).announce(order)
    assert (refused.value.field, refused.value.value) == ("price", "100")
    assert not any(side.sent for side in both.sides)
    assert action(both, order, 104 * WAD).announce(order)


def test_a_split_has_no_price_to_be_looked_at(both: Pair) -> None:
    order = split("s", 3, 2, 1)
    with pytest.raises(InputError, match="is of no SPLF, which has none"):
        action(both, order, WAD).announce(order)


def test_a_split_of_next_month_counts_with_the_dividend_before_it_and_after_it(both: Pair) -> None:
    """A dividend is struck only at what leaves room for the splits that are announced, whichever comes first."""
    index = Wad(law.U96_MAX // 2 - WAD)
    for side in both.sides:
        give(side, Terms(index), [(0, index)])
    found = [side.model.outlook(dividend("d", 3, WAD)).least for side in both.sides]
    first = split("double", 40, 2, 1)
    assert action(both, first).announce(first)
    for days in (3, 60):
        least = [side.model.outlook(dividend("d", days, WAD)).least for side in both.sides]
        assert all(after > before for after, before in zip(least, found, strict=True))


def test_the_rises_that_solana_remembers(tmp_path: Path) -> None:
    both = pair(tmp_path)
    most = parameters.MAX_RISES.value
    rises = [(START - (most - place) * DAY, Wad(WAD + place)) for place in range(1, most + 1)]
    for side in both.sides:
        give(side, Terms(Wad(WAD + most)), rises)
    order = dividend("d", 3)
    with pytest.raises(Refusal, match=f"calendar full .solana-local could not follow .* {most} times within a year"):
        action(both, order).announce(order)
    both.sides[0].model.outlook(order)
    give(both.sides[1], Terms(Wad(WAD + most)), [(START - YEAR, Wad(WAD)), *rises[1:]])
    assert action(both, order).announce(order)


def test_splits_that_an_aggregator_cannot_tell_apart(tmp_path: Path) -> None:
    """A limit of the chain where an aggregator answers, and not of Solana: ten days lie between two splits."""
    both = pair(tmp_path)
    apart = parameters.BLIND_SPLITS_APART.value // DAY
    first, close, far = split("s", 3, 2, 1), split("t", 3 + apart, 3, 1), split("u", 4 + apart, 3, 1)
    action(both, first).announce(first)
    with pytest.raises(Refusal, match=r"splits too close .local could not follow MSFT SPLF t"):
        action(both, close).announce(close)
    both.sides[1].model.outlook(close)
    assert action(both, far).announce(far)


def test_correction_and_fold_leave_no_other_network_behind(both: Pair) -> None:
    manifests = [side.manifest for side in both.sides]
    demand_single("action correct", [])
    for operation in ("action correct", "action fold"):
        for name in ("local", "solana-local"):
            told = f"would leave {name} behind: give it on {name}, too, each with --alone and the same terms"
            with pytest.raises(InputError, match=told):
                demand_single(operation, [one for one in manifests if one.network == name])


def test_the_audit_tells_a_pair_that_was_folded_on_one_network_alone(both: Pair) -> None:
    give(side_of(both, "local"), Terms(Wad(2 * WAD)))
    give(side_of(both, "solana-local"), Terms(WAD, 2, 1))
    found = [one for one in one_sided(both.sides) if ".pair." in one.field]
    assert [(one.field.rpartition(".")[0], one.severity) for one in found] == [("multichain.MSFT.pair", "drift")]
    assert {"index 2, factor 1:1", "index 1, factor 2:1"} == {found[0].found, found[0].expected.partition(", as")[0]}
