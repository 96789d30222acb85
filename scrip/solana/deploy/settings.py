"""The plan that brings a deployed program's roles and parameters back to its manifest, by whoever may."""

from __future__ import annotations

from scrip.labels import TIMELOCK
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, sender_of
from scrip.roles import ADMIN
from scrip.solana.connection import SolanaConnection
from scrip.solana.deploy import deployment as wanted
from scrip.solana.deploy import holder_limits
from scrip.solana.deploy.custodians import custodians
from scrip.solana.deploy.providers import providers
from scrip.solana.deploy.sanctions import sanctions_oracle
from scrip.solana.deploy.suite import list_asset, settings_of
from scrip.solana.encoding.coins import check_coin, coin_at
from scrip.solana.views import SolanaViews, step
from scrip.units import Shares

NAME = "settings"


def plan_settings(network: SolanaConnection, reference: str = "") -> Plan:
    """Every role, parameter, listing and reserve in which the cluster is not as the manifest says.

    A role that changes hands is offered by the timelock and accepted by its new holder. InputError when the program has
    no issuer, or when a step was carried out before under this reference.
    """
    network.suite()
    draft = Draft(SolanaViews(network), NAME, reference or network.manifest.deployment)
    _settings(draft)
    _assets(draft)
    custodians(draft)
    providers(draft)
    sanctions_oracle(draft)
    for ticker in network.stocks():
        holder_limits.set_all(draft, ticker)
        _reserve(draft, ticker)
    _roles(draft)
    return draft.plan()


def _settings(draft: Draft[SolanaViews]) -> None:
    network = draft.views.network
    stored = draft.views.issuer().settings
    wish = settings_of(wanted.rules_of(network.manifest))
    differ = {name: value for name, value in wish.items() if getattr(stored, name) != value}
    if not differ:
        draft.same.append("notices, grace and withholding")
        return
    admin = sender_of(network.manifest, ADMIN)
    call = draft.views.ledger.signed("change_settings", admin, wish)
    draft.changes += [Change(name, str(getattr(stored, name)), str(value)) for name, value in differ.items()]
    draft.steps.append(step("change-settings", f"set {', '.join(differ)}", admin, [call], what="change_settings"))


def _assets(draft: Draft[SolanaViews]) -> None:
    """The steps that list the manifest's assets and let others settle no more."""
    network, admin = draft.views.network, sender_of(draft.views.network.manifest, ADMIN)
    named = {mint: symbol for symbol, mint in network.assets().items()}
    kind = network.program.discriminator("Asset")
    every = dict(network.chain.owned(network.program.id, 0, kind))
    # Those of the manifest are asked for one by one: a list may lack some.
    ours = [network.program.at.asset(mint) for mint in named]
    records = zip(ours, network.program.records(network.chain, ours, "Asset"), strict=True)
    found = {at: network.program.decode(data) for at, data in every.items()}
    found |= {at: record for at, record in records if record is not None}
    listed = list(found.values())
    standing = {one.mint: one for one in listed if one.listed and one.treasury == network.treasury(one.mint)}
    for mint in {**named, **{one.mint: "" for one in listed if one.listed}}:
        symbol, wish = named.get(mint, ""), mint in named
        if wish:
            check_coin(coin_at(network.chain, mint), f"settlement.assets.{symbol}", mint)
        if wish == (mint in standing):
            draft.same += [f"{symbol} settles quotes"] if wish else []
            continue
        call = list_asset(network.program, network.keys.address(admin), mint, network.treasury(mint), wish)
        title = f"let {symbol} settle quotes" if wish else f"{mint} settles no more quotes"
        draft.steps.append(step(f"{'list' if wish else 'delist'}-{mint}", title, admin, [call], what="list_asset"))
        draft.changes.append(
            Change(f"{symbol or mint} settles quotes", "no" if wish else "yes", "yes" if wish else "no")
        )


def _reserve(draft: Draft[SolanaViews], ticker: str) -> None:
    wish = draft.views.network.manifest.stocks[ticker].reserve
    found = draft.views.reserve(ticker)
    own, others = (Shares.parse(one or "0").to_wad() for one in (wish.ceiling, wish.others))
    stands = (found.max_age, found.margin_bps, found.ceilings.own, found.ceilings.others)
    if stands == (wish.max_age, wish.margin_bps, own, others):
        draft.same.append(f"{ticker}'s reserve")
        return
    name = f"reserve-{ticker}-{wish.max_age}-{wish.margin_bps}-{wish.ceiling}-{wish.others}"
    wanted.configure(draft, ticker, name)


def _roles(draft: Draft[SolanaViews]) -> None:
    """The steps that hand roles over, ADMIN last: it is what offers the others."""
    network = draft.views.network
    stored, wish = draft.views.issuer().roles, wanted.holders_of(network)
    for role in sorted(wish, key=lambda role: wish[role] == TIMELOCK):
        if getattr(stored, role) == network.keys.address(wish[role]):
            draft.same.append(f"{wish[role]} is {role}")
        else:
            steps, changes = draft.views.giving(role, wish[role])
            draft.steps += steps
            draft.changes += changes
