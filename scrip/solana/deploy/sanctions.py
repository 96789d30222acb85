"""Whose sanctions lists count: the manifest's oracle, and the one that the program hears."""

from __future__ import annotations

from scrip.plan import Change
from scrip.plan.draft import Draft, sender_of
from scrip.roles import ADMIN
from scrip.solana.addresses import SYSTEM
from scrip.solana.handlers.sanctions import setting
from scrip.solana.views import SolanaViews, step

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
    admin = sender_of(network.manifest, ADMIN)
    # An order would be told to a model, and before the deployment there is none to be read.
    call = setting(network.program, network.keys.address(admin), key)
    title = f"{told} signs the sanctions lists that count"
    draft.add(step(name, title, admin, [call], what="set_sanctions_oracle"))
    was = NOBODY if stands == SYSTEM else network.keys.name(stands)
    suspended = ", suspended" if found is not None and found.suspended else ""
    draft.changes.append(Change("sanctions lists are signed by", was + suspended, told))
