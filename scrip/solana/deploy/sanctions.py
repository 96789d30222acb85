"""Whose sanctions lists count: the manifest's oracle, and the one that the program hears."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.plan import Change
from scrip.plan.draft import Draft
from scrip.solana.addresses import SYSTEM
from scrip.solana.views import SolanaViews

NOBODY = "nobody"


def sanctions_oracle(draft: Draft[SolanaViews]) -> None:
    """The step that names the manifest's oracle, or nobody; it ends a suspension, and no earlier list counts then."""
    network, wish = draft.views.network, draft.views.network.manifest.sanctions_oracle
    found = network.program.record(network.chain, network.program.at.sanctions_list, "SanctionsList")
    key = network.keys.address(wish) if wish else SYSTEM
    if found is None and not wish:
        return
    stands = found.oracle if found is not None else SYSTEM
    if stands == key and not (found is not None and found.suspended):
        draft.same.append("the sanctions oracle")
        return
    told = wish or NOBODY
    name = draft.fresh(f"sanctions-oracle-{key}")
    draft.order(f"{told} signs the sanctions lists that count", ins.SetSanctionsOracle(wish), name=name)
    was = NOBODY if stands == SYSTEM else network.keys.name(stands)
    suspended = ", suspended" if found is not None and found.suspended else ""
    draft.changes.append(Change("sanctions lists are signed by", was + suspended, told))
