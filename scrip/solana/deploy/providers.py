"""Who may attest to investors: the manifest's KYC providers with their limits, and those that the program has so."""

from __future__ import annotations

from scrip.plan import Change
from scrip.plan.draft import Draft, sender_of
from scrip.roles import ADMIN
from scrip.solana.handlers.attestations import named_providers, places
from scrip.solana.views import SolanaViews, step


def providers(draft: Draft[SolanaViews]) -> None:
    """The steps that name the manifest's providers; one that it does not name may let nobody in any more.

    One that was dropped, and that the manifest still names, is named again only where its limit differs: COMPLIANCE
    dropped it for a reason.
    """
    network, admin = draft.views.network, sender_of(draft.views.network.manifest, ADMIN)
    wished = {network.keys.address(name): limit for name, limit in network.manifest.providers.items()}
    standing = named_providers(network.chain, network.program, wished)
    for key in sorted({*wished, *standing}, key=bytes):
        found, limit = standing.get(key), wished.get(key, 0)
        name = network.keys.name(key)
        if found is None or (found.limit != limit and (limit > 0 or found.entered < found.limit)):
            accounts = {"signer": network.keys.address(admin)} | places(network.program.at, key)
            call = network.program.build("set_provider", key, limit, accounts=accounts)
            told = f"{limit} investors" if limit else "nobody more"
            row, title = f"provider-{key}-{limit}", f"the KYC provider {name} lets {told} in"
            draft.add(step(draft.fresh(row) if found else row, title, admin, [call], what="set_provider"))
            draft.changes.append(Change(f"{name} lets in", f"{found.limit}" if found else "nobody", told))
        elif limit:
            draft.same.append(f"whom the KYC provider {name} lets in")
