"""A last payment of a liquidation that was given a record afterwards could be paid twice: by a root, and by burning.

An end is opened of what has no record. The book lets the terms be amended, the record among them, and the pay date can
stay: then a root was posted of it and paid, and the end was armed and paid as well. A merger's root was refused, as a
set end stood; a liquidation's was not, for its earlier payments are roots beside a set end.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from machine.mixed_rules import PAR
from machine.mixed_world import DAY, HELD, HOUR, KEEPER, YEAR, Recorded
from machine.test_mixed_actions import Mixing

from scrip import instructions as ins
from scrip.instructions.base import TREASURY
from scrip.units import WAD, Wad


@pytest.mark.parametrize("code", ["LIQU", "MRGR"])
@pytest.mark.parametrize("told", [False, True], ids=["nobody follows", "somebody follows"])
def test_what_is_given_a_record_ends_nothing(code: str, told: bool) -> None:
    story = Mixing()
    now = story.model.now()
    pay = now - now % DAY + 9 * DAY
    money = {"price" if code == "LIQU" else "gross": Wad(12 * WAD)}
    terms = ins.RecordTerms(pay=pay, expiry=pay + 3 * YEAR + DAY, **PAR, **money)
    story.must(ins.AnnounceRecord(HELD, code, "last", terms))
    story.must(ins.BeginEnd(HELD, code, "last"))
    story.must(ins.AmendRecord(HELD, code, "last", replace(terms, record_at=pay - DAY)))
    if told:
        story.must(ins.FollowEnd(HELD, KEEPER))
        assert HELD not in story.ends.endings
        assert story.model.stocks[HELD].token.mints_end == 0
        assert story.give(ins.BeginEnd(HELD, code, "last")) == "windup: not an end"
    record = Recorded(code, "last", pay - DAY, pay - DAY, pay)
    story.actions.append(record)
    story.advance(pay - now - HOUR)
    known = story.post_of(record, False)
    # Of a merger an end that stands refuses the root; where nobody followed, the timelock lets the stock go on.
    assert bool(known) == (told or code == "LIQU")
    if known:
        story.fund(0, 0)
    story.advance(2 * HOUR)
    answer = story.give(ins.ArmEnd(HELD, TREASURY))
    assert answer == ("windup: not opened" if told else "windup: not an end")
    if known:
        story.push(0)
        assert story.book.distributions[known].unpaid == 0
