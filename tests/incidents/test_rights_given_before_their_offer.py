"""Rights that were given out by a root before their offer was opened could never be used.

From its root on the book has a rights issue as effective, and an offer was opened of an announced action alone: whoever
posted first had given out rights that nobody could exercise. Found by the machine of actions of all codes.
"""

from __future__ import annotations

from machine.mixed_world import HELD, KEEPER, SPUN, WHOLE, raw
from machine.test_mixed_actions import Mixing

from scrip import instructions as ins


def test_who_was_given_rights_uses_them_in_an_offer_that_is_opened_later() -> None:
    """300 units and a bit are out: alice has 100 of them and 5, so she is given 10 rights, beside the 30 she has."""
    story = Mixing()
    assert story.announced("RHTS", 3)
    one = story.actions[-1]
    story.advance(one.record_at - story.model.now())
    known = story.post_of(one, True)
    story.must(ins.FundUnits(known, raw(story.trees[known].root.sum)))
    story.open_offer("RHTS", one.reference, one.deadline, "", 100 * WHOLE)
    assert len(story.offers) == 1
    # Before its pay a right is not delivered: what is there already is used, what comes later in the last second too.
    story.must(ins.ChooseInOffer(HELD, story.offers[0], "alice", raw(10 * WHOLE), raw(0), SPUN))
    story.advance(one.deadline + 1 - story.model.now())
    story.fund_offer(0, False, 0)
    story.advance(one.pay - story.model.now())
    before = story.model.balance(HELD, "alice").value
    story.must(ins.ClaimOffer(HELD, story.offers[0], "alice", "alice", SPUN))
    assert story.model.balance(HELD, "alice").value == before + 10 * WHOLE
    story.push(0)
    story.paper.every_unit_is_counted_once()
    assert KEEPER not in story.escrow.offers[story.offers[0]].positions
