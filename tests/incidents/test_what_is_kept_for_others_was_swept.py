"""What a contract keeps for others was taken for its own at a stock's end.

After the expiry a sweep took units out of the escrow of offers for the escheat account, and whose they were could fetch
them there no more. A preview had even burned them for the escrow, which the chain passes over. And what rounding leaves
in the escrow for ever would have kept an end from ever being closed. Found by the machine of actions of all codes.
"""

from __future__ import annotations

from machine.mixed_world import ESCHEAT, HELD, KEEPER, OWNERS, WHOLE, WHY, prepared, raw
from machine.test_mixed_actions import Mixing

from scrip import instructions as ins
from scrip.instructions.base import TREASURY
from scrip.labels import OFFERS


def test_the_escrow_is_neither_burned_for_nor_swept() -> None:
    story = Mixing()
    story.an_offer("TEND", False, False)
    story.tender(0, "alice", 40 * WHOLE, 0)
    story.an_end("LIQU", 1)
    story.advance(7 * 86_400)
    story.must(ins.ArmEnd(HELD, TREASURY))
    story.burn_for((*OWNERS, OFFERS))
    assert prepared().ledger.balance(HELD, OFFERS).value == 40 * WHOLE
    story.advance(story.ends.endings[HELD].expiry - story.model.now())
    coins = prepared().ledger.stablecoin(ESCHEAT)
    story.must(ins.SweepEnd(HELD, (*OWNERS, OFFERS), *WHY))
    assert prepared().ledger.balance(HELD, OFFERS).value == 40 * WHOLE
    assert prepared().ledger.stablecoin(ESCHEAT) == coins
    assert story.give(ins.CloseEnd(HELD)) == "windup: units left"
    # Nobody funded the offer: alice fetches what she put in, and is paid for it as anybody was.
    story.must(ins.ClaimOffer(HELD, story.offers[0], "alice", "alice", ""))
    before = story.has("alice")[0]
    story.must(ins.BurnForHolders(HELD, ("alice",), KEEPER))
    assert story.has("alice")[0] - before == story.worth(40 * WHOLE)[0]
    story.must(ins.CloseEnd(HELD))


def test_what_rounding_leaves_in_the_escrow_keeps_no_end_open() -> None:
    """A unit that nobody can fetch comes to nothing, and the funder has the rest back."""
    story = Mixing()
    story.an_end("LIQU", 1)
    story.advance(7 * 86_400)
    story.must(ins.ArmEnd(HELD, TREASURY))
    story.must(ins.BurnAtEnd(HELD, raw(100 * WHOLE + len("alice") - 10**6), "alice"))
    story.burn_for(("bob", "mallory"))
    story.must(ins.BurnAtEnd(HELD, raw(0 + 1), "alice"))
    story.must(ins.CloseEnd(HELD))
    assert story.ends.endings[HELD].cash == 0
    assert prepared().ledger.balance(HELD, "alice").value == 10**6 - 1
    assert story.give(ins.BurnAtEnd(HELD, raw(1), "alice")) == "windup: not armed"
