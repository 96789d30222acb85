"""Where coins leave the program's treasury to: what a manifest names, and the chain does not have so."""

from __future__ import annotations

from scrip.labels import DEPLOYER
from scrip.plan import Change
from scrip.plan.draft import Draft, sender_of
from scrip.roles import ADMIN
from scrip.solana.addresses import TOKEN, token_account
from scrip.solana.encoding import tokens
from scrip.solana.views import SolanaViews, step
from scrip.units import STABLECOIN_DECIMALS, Stablecoin


def custodians(draft: Draft[SolanaViews]) -> None:
    """The steps that say where coins leave the treasury to; of a coin that the manifest names none for, nothing may."""
    network, admin = draft.views.network, sender_of(draft.views.network.manifest, ADMIN)
    wished = network.manifest.settlement.custodians
    for symbol, mint in network.assets().items():
        found = network.program.record(network.chain, network.program.at.custodian(mint), "Custodian")
        out, stands = wished.get(symbol), (found.account, found.daily) if found is not None else None
        if out is None and not (found and found.daily):
            continue
        daily = Stablecoin.parse(out.daily) if out else Stablecoin(0, STABLECOIN_DECIMALS)
        owner = network.keys.address(out.account) if out else None
        account = token_account(owner, mint, TOKEN) if owner else found.account
        if stands == (account, daily.value):
            draft.same.append(f"where {symbol} leaves the treasury to")
            continue
        accounts = {
            "signer": network.keys.address(admin),
            "settlement_mint": mint,
            "asset": network.program.at.asset(mint),
            "account": account,
            "custodian": network.program.at.custodian(mint),
        }
        if owner is not None and tokens.holding_at(network.chain, account, tokens.COINS) is None:
            call = tokens.create_account(network.keys.address(DEPLOYER), owner, mint, TOKEN)
            title = f"open {out.account}'s account of {symbol}" if out else ""
            draft.steps.append(step(f"open-{account}", title, DEPLOYER, [call]))
        call = network.program.build("set_custodian", daily.value, accounts=accounts)
        told = f"{out.account}, {daily} a day" if out else "nobody"
        name, title = f"custodian-{mint}-{account}-{daily.value}", f"{symbol} leaves the treasury to {told}"
        draft.steps.append(step(name, title, admin, [call], what="set_custodian"))
        before = f"{network.keys.name(found.account)}, {found.daily}" if found else "nobody"
        draft.changes.append(Change(f"{symbol} leaves the treasury to", before, told))
