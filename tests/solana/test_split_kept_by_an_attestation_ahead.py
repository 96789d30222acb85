"""A split on Solana of which the custodian's books told already could not be cancelled: `state: invariant broken`.

What was attested in the basis after it named a basis that was no longer to come. A thief of ATTESTOR's key kept a false
split in its slot so, against ACTIONS and ADMIN both.
"""

from __future__ import annotations

import pytest
from solana_world import DAY, STOCK, World, shares
from support.days import ex_of

from scrip import instructions as ins
from scrip.ledger import SOLANA
from scrip.model import ModelLedger
from scrip.units import Wad

AHEAD = ins.Basis(1, 100, 1)


@pytest.mark.parametrize("attested", [0, 9])
def test_a_split_that_is_attested_ahead_can_be_cancelled(attested: int) -> None:
    world = World.with_stock()
    model = ModelLedger(SOLANA, world.now())
    model.apply(ins.CreateStock(STOCK, "Microsoft", world.listing.isin, "ALLOWLIST"))
    at = world.now() + 2 * DAY
    for ledger in (world.ledger, model):
        ledger.apply(ins.ConfigureReserve(STOCK, 40 * DAY, 50, shares(1_000), source="attested"))
        ledger.apply(ins.Announce(STOCK, "SPLR", "false", ex_of(at), at, num=1, den=100))
        ledger.apply(ins.Schedule(STOCK, "SPLR", "false", Wad(0)))
        ledger.apply(ins.AttestReserve(STOCK, shares(attested), basis=AHEAD))
        ledger.apply(ins.Cancel(STOCK, "SPLR", "false", 1, "doc"))
        # Nothing is attested any more, and a paper in the basis that stayed counts again.
        assert ledger.coverage(STOCK).attested == 0
        ledger.advance_to(world.now() + 1 if ledger is world.ledger else world.now())
        ledger.apply(ins.AttestReserve(STOCK, shares(900)))
        ledger.apply(ins.Announce(STOCK, "SPLF", "true", ex_of(at), at, num=2, den=1))
        ledger.apply(ins.Schedule(STOCK, "SPLF", "true", Wad(0)))
    assert world.ledger.coverage(STOCK) == model.coverage(STOCK)
