"""The plan of a deployment: what the manifest asks for and the cluster lacks. The program itself is uploaded before."""

from __future__ import annotations

from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.labels import DEPLOYER, MOCK, TIMELOCK
from scrip.manifest.model import SolanaManifest
from scrip.manifest.rules import resolve
from scrip.model.state import Rules
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, sender_of
from scrip.roles import ADMIN, SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.addresses import TOKEN, local_address
from scrip.solana.build import Build
from scrip.solana.connection import SolanaConnection
from scrip.solana.deploy import holder_limits
from scrip.solana.deploy.custodians import custodians
from scrip.solana.deploy.providers import providers
from scrip.solana.deploy.sanctions import sanctions_oracle
from scrip.solana.deploy.suite import initialise, list_asset, settings_of
from scrip.solana.encoding import loader, places, tokens
from scrip.solana.encoding.coins import check_coin, coin_at
from scrip.solana.keys import FAUCET
from scrip.solana.views import SolanaViews, step
from scrip.units import STABLECOIN_DECIMALS, Shares

NAME = "deploy"
ISSUER = "ISSUER"


def plan_deployment(network: SolanaConnection) -> Plan:
    """Plan all that is left to do until the manifest stands: issuer, roles, assets, stocks, backing, authority.

    No key of the deployer's ever holds a role. InputError where the program is not there, or is not this build's, or
    the manifest has a mock on a public network.
    """
    draft = Draft(SolanaViews(network), NAME, network.manifest.deployment, natural=True)
    mocks = [name for name, at in network.manifest.settlement.assets.items() if at == MOCK]
    if network.manifest.chain.public and mocks:
        raise InputError("is a mock, on a public network", field=f"settlement.assets.{mocks[0]}")
    found = loader.deployed(network.chain, network.program)
    loader.check_code(found, Build().note)
    _initialise(draft, found.authority)
    _assets(draft)
    custodians(draft)
    providers(draft)
    sanctions_oracle(draft)
    for ticker in network.manifest.stocks:
        create(draft, ticker)
        holder_limits.set_all(draft, ticker)
        back(draft, ticker)
    _hand_over(draft, found.authority)
    return draft.plan()


def whole_deployment(network: SolanaConnection, authority: Pubkey) -> Plan:
    """Plan all that a deployment takes, as though nothing stood: its steps are known again by their instructions.

    `authority` could upgrade the program before the deployment.
    """
    draft = Draft(SolanaViews(network), NAME, network.manifest.deployment, natural=True)
    _initialise(draft, authority, anew=True)
    _assets(draft, anew=True)
    for ticker in network.manifest.stocks:
        create(draft, ticker, anew=True)
        holder_limits.set_all(draft, ticker, anew=True)
        configure(draft, ticker, f"reserve-{ticker}", ins.Basis(1, 1, 0))
    _hand_over(draft, authority)
    return draft.plan()


def creation(network: SolanaConnection, ticker: str, sender: str = "") -> Plan:
    """The plan that creates a stock of the manifest (ISSUER) and configures its reserve (the timelock)."""
    if ticker not in network.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    network.suite()
    draft = Draft(SolanaViews(network), "stock create", ticker, natural=True)
    create(draft, ticker, sender)
    holder_limits.set_all(draft, ticker)
    back(draft, ticker)
    return draft.plan()


def addresses(network: SolanaConnection) -> dict[str, dict[str, str]]:
    """Every address of the deployment, whether anything stands there or not, and what it is."""
    at = network.program.at
    found = {"program": (network.program.id, "program"), "issuer": (at.issuer, "issuer")}
    found |= {"authority": (at.authority, "of every mint"), "admin": (at.admin, "the program's own timelock")}
    found |= {symbol: (mint, "settlement asset") for symbol, mint in network.assets().items()}
    found |= {ticker: (network.listing(ticker).mint, "mint") for ticker in network.manifest.stocks}
    return {label: {"address": str(address), "contract": what} for label, (address, what) in found.items()}


def rules_of(manifest: SolanaManifest) -> Rules:
    """The manifest's notices, grace and withholding, and whether it goes by a strict sanctions list."""
    policy = manifest.corporate_actions
    return Rules(
        policy.split_notice,
        policy.dividend_announce_notice,
        policy.dividend_strike_notice,
        policy.withholding_bps,
        policy.grace,
        strict_list=manifest.strict_list,
    )


def holders_of(network: SolanaConnection) -> dict[str, str]:
    """Who is to hold each role, by the program's own names."""
    named = {field: network.manifest.role_holders(role)[0] for role, field in SOLANA_ROLES.items()}
    return {SOLANA_ADMIN: TIMELOCK} | named


def _initialise(draft: Draft[SolanaViews], authority: Pubkey | None, anew: bool = False) -> None:
    network = draft.views.network
    if network.initialised and not anew:
        draft.same.append("the issuer, its roles and settings")
        return
    if authority is None:
        raise InputError("can be initialised by nobody: it has no upgrade authority", field="program.address")
    holders, rules = holders_of(network), rules_of(network.manifest)
    places = {field: network.keys.address(name) for field, name in holders.items()}
    call = initialise(network.program, authority, authority, network.chain.genesis, places, rules)
    by = network.keys.name(authority)
    draft.steps.append(step("initialise", "name the issuer, its roles and settings", by, [call], what="initialise"))
    draft.changes += [Change(f"role {field}", "none", name) for field, name in holders.items()]
    draft.changes += [Change(name, "none", str(value)) for name, value in settings_of(rules).items()]


def _assets(draft: Draft[SolanaViews], anew: bool = False) -> None:
    network = draft.views.network
    deployer, admin = network.keys.address(DEPLOYER), sender_of(network.manifest, ADMIN)
    for symbol, mint in network.assets().items():
        treasury, calls = network.treasury(mint), []
        is_mock = network.manifest.settlement.assets[symbol] == MOCK
        if is_mock and (anew or not places.stands(network.chain, mint, tokens.COIN)):
            rent = network.chain.rent(tokens.MINT_SIZE)
            faucet = local_address(FAUCET)
            calls += tokens.create_seeded_mint(deployer, symbol, faucet, STABLECOIN_DECIMALS, rent)
            draft.changes.append(Change(f"asset {symbol}", "none", f"a mock, {mint}"))
        else:
            check_coin(coin_at(network.chain, mint), f"settlement.assets.{symbol}", mint)
        if anew or not places.stands(network.chain, treasury, tokens.COINS):
            calls.append(tokens.create_account(deployer, network.program.at.authority, mint, TOKEN))
            draft.changes.append(Change(f"treasury of {symbol}", "none", str(treasury)))
        if calls:
            draft.steps.append(step(f"treasury-{symbol}", f"open the treasury of {symbol}", DEPLOYER, calls))
        if not anew and _is_listed(network, mint, treasury):
            draft.same.append(f"{symbol} settles quotes")
            continue
        call = list_asset(network.program, network.keys.address(admin), mint, treasury)
        draft.steps.append(step(f"list-{symbol}", f"let {symbol} settle quotes", admin, [call], what="list_asset"))
        draft.changes.append(Change(f"{symbol} settles quotes", "no", "yes"))


def _is_listed(network: SolanaConnection, mint: Pubkey, treasury: Pubkey) -> bool:
    found = network.program.record(network.chain, network.program.at.asset(mint), "Asset")
    return found is not None and found.listed and found.treasury == treasury


def create(draft: Draft[SolanaViews], ticker: str, sender: str = "", anew: bool = False) -> None:
    """The step that creates a stock of the manifest; `anew` also where the cluster has one of its ISIN and series."""
    network, stock = draft.views.network, draft.views.network.manifest.stocks[ticker]
    if not anew and places.stands(network.chain, network.listing(ticker).mint, tokens.STOCK):
        draft.same.append(f"{ticker}, {network.listing(ticker).mint}")
        return
    policy = resolve(network.manifest, ticker).policy
    frozen = stock.default_frozen
    order = ins.CreateStock(ticker, stock.name, stock.born, policy, stock.series, stock.uri, frozen)
    signed = draft.by_role(order, sender)
    title = f"create {ticker}, {stock.name}, {stock.born}, {order.policy}{', accounts born frozen' if frozen else ''}"
    calls = draft.views.network.future_ledger().calls(signed)
    draft.steps.append(step(f"create-{ticker}", title, signed.by, calls, signed, what="create_stock"))
    draft.changes.append(Change(ticker, "none", title.removeprefix("create ")))


def back(draft: Draft[SolanaViews], ticker: str) -> None:
    """The step that says how a stock's attestations are judged, where that is not as the manifest says."""
    wanted = draft.views.manifest.stocks[ticker].reserve
    found = draft.views.reserve(ticker)
    said = f"at most {wanted.max_age} s old, {wanted.margin_bps} bps off"
    if found is not None and (found.max_age, found.margin_bps) == (wanted.max_age, wanted.margin_bps):
        # The ceiling moves with splits and attestations; the settings' plan compares it.
        draft.same.append(f"{ticker}'s reserve: {said}")
        return
    configure(draft, ticker, f"reserve-{ticker}")


def configure(draft: Draft[SolanaViews], ticker: str, name: str, basis: ins.Basis | None = None) -> None:
    """The step that configures a stock's reserve as the manifest says: age, margin and ceiling in one.

    In the split basis that is present, where none is named.
    """
    wanted = draft.views.network.manifest.stocks[ticker].reserve
    ceiling = Shares.parse(wanted.ceiling or "0")
    others = Shares.parse(wanted.others or "0")
    order = ins.ConfigureReserve(ticker, wanted.max_age, wanted.margin_bps, ceiling, others, basis, wanted.source)
    signed = draft.by_role(order)
    said = f"at most {wanted.max_age} s old, {wanted.margin_bps} bps off, ceiling {ceiling} shares"
    calls = draft.views.network.future_ledger().calls(signed)
    title = f"{ticker}'s reserve: {said}"
    draft.steps.append(step(name, title, signed.by, calls, signed, what="configure_reserve"))
    draft.changes.append(Change(f"{ticker}'s reserve", _shown(draft, ticker), said))


def _shown(draft: Draft[SolanaViews], ticker: str) -> str:
    found = draft.views.reserve(ticker)
    if found is None or not found.max_age:
        return "none"
    ceiling = Shares.from_wad(found.ceilings.own)
    return f"at most {found.max_age} s old, {found.margin_bps} bps off, ceiling {ceiling} shares"


def _hand_over(draft: Draft[SolanaViews], authority: Pubkey | None) -> None:
    network = draft.views.network
    if authority is None:
        return
    holder = network.manifest.program.upgrade_authority
    then = network.keys.address(holder)
    if authority == then:
        draft.same.append(f"{holder} may upgrade the program")
        return
    by = network.keys.name(authority)
    call = loader.set_authority(network.program, authority, then)
    draft.steps.append(step("hand-over", f"{holder} may upgrade the program, {by} no more", by, [call]))
    draft.changes.append(Change("upgrade authority", by, holder))
