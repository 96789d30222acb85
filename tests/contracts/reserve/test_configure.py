"""ReserveFeed.configure, setCeiling and setActions."""

import pytest
from support.contract_calls import MAX, ZERO, Event, Handle, deploy, deploy_registry, named, refuses
from support.issuance_world import ADMIN, ALICE, CEILING, DAY, MINTER, OTHERS, U128, WAD, Issuance, deploy_stub


def test_the_settings_as_given(suite: Issuance) -> None:
    oracle = deploy_stub("StubOracle", 36)
    suite.configure(oracle=oracle, max_age=2**32 - 1, margin=200, ceiling=U128)
    assert suite.feed.configuration(suite.stock) == (oracle.address, 36, 2**32 - 1, 200, U128, 0, 0)
    assert suite.feed.events() == [
        Event(
            suite.feed.address,
            "Configured",
            {
                "token": suite.stock.address,
                "oracle": oracle.address,
                "maxAge": 2**32 - 1,
                "marginBps": 200,
                "ceiling": U128,
                "others": 0,
                "counter": 0,
            },
        )
    ]


def test_a_margin_above_two_percent_is_for_papers_alone(suite: Issuance) -> None:
    """An oracle's answer that is wrong by more would be implausible in its own basis around a split."""
    with refuses("reserve: bad config"):
        suite.configure(margin=201)
    suite.configure(oracle=ZERO, margin=9_999)
    with refuses("reserve: bad config"):
        suite.configure(oracle=ZERO, margin=10_000)


def test_the_smallest_settings(suite: Issuance) -> None:
    oracle = deploy_stub("StubOracle", 0)
    suite.configure(oracle=oracle, max_age=1, margin=0, ceiling=0)
    assert suite.feed.configuration(suite.stock) == (oracle.address, 0, 1, 0, 0, 0, 0)


def test_nothing_is_configured_at_first(suite: Issuance) -> None:
    assert suite.feed.configuration(named("stranger")) == (ZERO, 0, 0, 0, 0, 0, 0)
    assert suite.feed.basis(named("stranger"))[:2] == (1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"max_age": 0},
        {"max_age": 2**32},
        {"max_age": MAX},
        {"margin": 10_000},
        {"margin": MAX},
        {"ceiling": U128 + 1},
        {"ceiling": MAX},
        {"others": U128 + 1},
        {"oracle": named("an account without code")},
    ],
    ids=str,
)
def test_bad_settings(suite: Issuance, changes: dict[str, object]) -> None:
    before = suite.feed.configuration(suite.stock)
    with refuses("reserve: bad config"):
        suite.configure(**changes)
    assert suite.feed.configuration(suite.stock) == before


@pytest.mark.parametrize("decimals", [37, 256, MAX])
def test_an_oracle_with_too_many_decimals(suite: Issuance, decimals: int) -> None:
    with refuses("reserve: bad config"):
        suite.configure(oracle=deploy_stub("StubOracle", decimals))


def test_an_oracle_that_does_not_tell_its_decimals(suite: Issuance) -> None:
    oracle = deploy_stub("StubOracle", 8)
    oracle.set(1, 0, 0)
    for wrong in (oracle, suite.roles):
        with refuses("reserve: bad config"):
            suite.configure(oracle=wrong)


def test_what_is_not_a_stock(suite: Issuance) -> None:
    for stranger in (named("nobody"), ZERO, suite.roles, suite.coin):
        with refuses("reserve: unknown stock"):
            suite.feed.configure(stranger, suite.oracle, DAY, 0, WAD, 0, 1, 1, 0, sender=ADMIN)


def test_the_first_call_adopts_the_stocks_split_and_later_ones_keep_the_basis(suite: Issuance) -> None:
    stock = suite.create_stock("US0378331005")
    suite.take_effect(suite.schedule("SPLF", "1", stock=stock))
    suite.configure(stock)
    assert suite.feed.basis(stock)[:2] == (2, 1)
    suite.books_follow()
    suite.take_effect(suite.schedule("SPLF", "2", stock=stock))
    suite.configure(stock, ceiling=5 * WAD)
    assert suite.feed.basis(stock) == (2, 1, 1)
    assert suite.feed.configuration(stock)[4] == 5 * WAD


def test_new_settings_keep_receivables(suite: Issuance) -> None:
    suite.schedule()
    before = suite.feed.coverage(suite.stock)[2]
    suite.configure(margin=5)
    assert suite.feed.coverage(suite.stock)[2] == before > 0


def test_a_dividend_may_come_before_the_settings(suite: Issuance) -> None:
    stock = suite.create_stock("US0378331005")
    suite.schedule(stock=stock)
    suite.configure(stock)
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    assert suite.feed.basis(stock)[:2] == (1, 1)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_admin_configures(suite: Issuance, actor: str) -> None:
    arguments = (suite.stock, suite.oracle, DAY, 0, WAD, 0, 1, 1, 0)
    if actor == "admin":
        suite.feed.configure(*arguments, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            suite.feed.configure(*arguments, sender=OTHERS[actor])


def test_a_ceiling_is_moved(suite: Issuance) -> None:
    for ceiling in (0, U128, 1_001 * WAD):
        suite.ceiling(ceiling)
        assert suite.feed.configuration(suite.stock)[4] == ceiling
        assert suite.feed.events() == [
            Event(
                suite.feed.address,
                "CeilingSet",
                {"token": suite.stock.address, "ceiling": ceiling, "others": 0, "counter": 0},
            )
        ]
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)
    assert suite.feed.basis(suite.stock)[:2] == (1, 1)


def test_a_ceiling_of_zero_stops_mints_and_nothing_else(suite: Issuance) -> None:
    suite.ceiling(0)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)
    suite.stock.transfer(named("bob"), WAD, sender=ALICE)
    suite.stock.burn(ALICE, WAD, sender=MINTER)


def test_bad_ceilings(suite: Issuance) -> None:
    for ceiling in (U128 + 1, MAX):
        with refuses("reserve: bad config"):
            suite.ceiling(ceiling)
    with refuses("reserve: not configured"):
        suite.feed.setCeiling(named("nobody"), MAX, 0, 1, 1, 0, sender=CEILING)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_ceilings_role_moves_it(suite: Issuance, actor: str) -> None:
    if actor == "ceiling":
        suite.feed.setCeiling(suite.stock, WAD, 0, 1, 1, 0, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            suite.feed.setCeiling(suite.stock, WAD, 0, 1, 1, 0, sender=OTHERS[actor])


@pytest.fixture
def fresh(suite: Issuance) -> Handle:
    """A feed that has not been told of the actions yet."""
    return deploy("ReserveFeed", suite.roles)


def actions_of(suite: Issuance, feed: Handle) -> Handle:
    """Corporate actions that name the feed."""
    return deploy("CorporateActions", suite.roles, suite.registry, feed)


def test_the_actions_are_named_once(suite: Issuance, fresh: Handle) -> None:
    assert int(fresh.actions(), 16) == 0
    actions = actions_of(suite, fresh)
    fresh.setActions(actions, sender=ADMIN)
    assert fresh.events() == [Event(fresh.address, "ActionsSet", {"actions": actions.address})]
    assert fresh.actions() == actions.address
    with refuses("reserve: actions are set"):
        fresh.setActions(actions, sender=ADMIN)


def test_no_others_actions_are_named(suite: Issuance, fresh: Handle) -> None:
    """No wallet, no contract with another feed, none of another role table."""
    others = deploy("Roles")
    registry = deploy_registry(others)
    foreign = deploy("CorporateActions", others, registry, deploy("ReserveFeed", others))
    for wrong in (ZERO, named("wallet"), suite.actions, foreign):
        with refuses("reserve: bad actions"):
            fresh.setActions(wrong, sender=ADMIN)


def test_actions_and_market_take_no_others_counterparts(suite: Issuance) -> None:
    others = deploy("Roles")
    registry, feed = deploy_registry(others), deploy("ReserveFeed", others)
    for wrong in (ZERO, named("wallet"), registry):
        with refuses("actions: bad registry"):
            deploy("CorporateActions", suite.roles, wrong, suite.feed)
        with refuses("market: bad registry"):
            deploy("PrimaryMarket", suite.roles, wrong, named("treasury"))
    for wrong in (ZERO, named("wallet"), feed):
        with refuses("actions: bad feed"):
            deploy("CorporateActions", suite.roles, suite.registry, wrong)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_admin_names_the_actions(suite: Issuance, fresh: Handle, actor: str) -> None:
    actions = actions_of(suite, fresh)
    if actor == "admin":
        fresh.setActions(actions, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            fresh.setActions(actions, sender=OTHERS[actor])
