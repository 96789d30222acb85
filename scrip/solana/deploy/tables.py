"""The lookup tables of a deployment: with them a transaction pauses 50 mints, and freezes 20 accounts of a wallet.

The deployer makes and extends them; nothing depends on them but how much has room in a transaction.
"""

from __future__ import annotations

from scrip.labels import DEPLOYER
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft
from scrip.solana.connection import SolanaConnection
from scrip.solana.encoding.lookup import EXTENDED, MOST, create, extend, tables_of
from scrip.solana.views import SolanaViews, step
from scrip.solana.views.tables import missing

NAME = "deploy table"


def plan_tables(network: SolanaConnection) -> Plan:
    """Make the deployment's lookup table, or extend it by what came since, by the deployer."""
    draft = Draft(SolanaViews(network), NAME, network.manifest.deployment, natural=True)
    maker, left = network.keys.address(DEPLOYER), missing(network)
    if not left:
        return draft.nothing("the lookup tables have all that instructions name")
    free = [(one.key, MOST - len(one.addresses)) for one in tables_of(network.chain, maker)]
    table, room = max(free, key=lambda one: one[1], default=(None, 0))
    draft.changes.append(Change("addresses in lookup tables", "", f"{len(left)} more"))
    while left:
        calls = []
        if table is None or not room:
            # A final block's slot is one of the last 512, which a table is derived from.
            made, table = create(maker, network.cluster.final().slot)
            calls, room = [made], MOST
        part, left = left[: min(EXTENDED, room)], left[min(EXTENDED, room) :]
        title = f"{'make the lookup table' if calls else 'extend the lookup table'} {table} by {len(part)}"
        name = draft.fresh(f"table by {part[0]} and {len(part) - 1} more")
        draft.steps.append(step(name, title, DEPLOYER, [*calls, extend(table, maker, part)], what="lookup table"))
        room -= len(part)
    return draft.plan()
