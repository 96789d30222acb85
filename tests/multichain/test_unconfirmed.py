"""What several chains do while the two nodes of one of them do not say the same."""

import pytest
from multichain_world import ANNOUNCE, CANCEL, SCHEDULE, ModelSide, Pair, refusing

from scrip.errors import ScripError, Unconfirmed
from scrip.ledger.states import ActionState

APART = "local: the two nodes do not agree: status: the first says 'scheduled', the second says 'cancelled'"


def divide(side: ModelSide) -> None:
    """From now on the two nodes of a chain do not say the same of its actions."""

    def action(stock: str, code: str, reference: str) -> ActionState:
        raise Unconfirmed(APART)

    side.action = action  # type: ignore[method-assign]


def agree(side: ModelSide) -> None:
    """Both say the same again."""
    vars(side).pop("action", None)


def test_what_one_chain_cannot_follow_is_called_off_though_the_others_nodes_do_not_agree(both: Pair) -> None:
    """An action in one chain's slot alone would come into effect there while its nodes were compared."""
    both.action.announce(ANNOUNCE)
    first, second = both.sides
    second.before = refusing("action schedule")
    # What the first chain did is on it; of what it says now its second node says otherwise.
    first.after = lambda _: divide(first)
    plan = first.plan

    def planned(order, sender="", expected=0):
        agree(first)
        made = plan(order, sender)
        divide(first)
        return made

    first.plan = planned
    with pytest.raises(ScripError, match="is to be cancelled everywhere; run it again"):
        both.action.schedule(SCHEDULE)
    agree(first)
    assert first.sent == ["action announce", "action schedule", "action cancel"]
    assert both.statuses() == ["cancelled", "cancelled"]


def test_nothing_is_decided_to_be_cancelled_on_what_one_node_says(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    divide(both.sides[1])
    for order in (lambda: both.action.plans(CANCEL), lambda: both.action.cancel(CANCEL)):
        with pytest.raises(Unconfirmed, match="the two nodes do not agree"):
            order()
    assert both.action.called_off is None
    agree(both.sides[1])
    assert both.statuses() == ["announced", "announced"]


def test_nothing_is_scheduled_on_what_one_node_says(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    divide(both.sides[1])
    with pytest.raises(Unconfirmed, match="the two nodes do not agree"):
        both.action.schedule(SCHEDULE)
    assert both.sides[0].sent == ["action announce"]
    agree(both.sides[1])
    assert both.action.schedule(SCHEDULE)
