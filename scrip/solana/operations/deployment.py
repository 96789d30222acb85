"""The plan of a deployment: what the manifest asks for and the cluster lacks. The program itself is uploaded before."""

from __future__ import annotations

from typing import Any

from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.words import DEPLOYER, TIMELOCK
from scrip.manifest.model import Manifest
from scrip.manifest.rules import resolve
from scrip.model.actions import Rules
from scrip.plan import Change, Plan
from scrip.roles import ADMIN, SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana import loader, tokens
from scrip.solana.addresses import TOKEN, local_address
from scrip.solana.desk import SolanaDesk
from scrip.solana.operations.common import Draft, sender_of, step
from scrip.solana.program import Listing
from scrip.solana.suite import FAUCET, Build, initialise, list_asset, settings_of
from scrip.units import STABLECOIN_DECIMALS, Shares

NAME = "deploy"
ISSUER = "ISSUER"


def suite(desk: SolanaDesk) -> Plan:
    """All that is left to do until the manifest stands: issuer, roles, assets, stocks, backing, upgrade authority.

    No key of the deployer's ever holds a role. InputError where the program is not there, or is not this build's, or
    the manifest has a mock on a public network.
    """
    draft = Draft(desk, NAME, desk.manifest.deployment, natural=True)
    mocks = [name for name, at in desk.manifest.settlement.assets.items() if at == "mock"]
    if desk.manifest.chain.public and mocks:
        raise InputError("is a mock, on a public network", field=f"settlement.assets.{mocks[0]}")
    found = loader.deployed(desk.chain, desk.program)
    loader.check_code(found, Build().note)
    _initialise(draft, found.authority)
    _assets(draft)
    for ticker in desk.manifest.stocks:
        create(draft, ticker)
        back(draft, ticker)
    _hand_over(draft, found.authority)
    return draft.plan()


def settings(desk: SolanaDesk, reference: str = "") -> Plan:
    """Every role, parameter, listing and reserve in which the cluster is not as the manifest says."""
    from scrip.solana.operations.settings import settings as differences

    return differences(desk, reference)


def show(desk: SolanaDesk) -> dict[str, dict[str, str]]:
    """Every address of the deployment, whether anything stands there or not, and what it is."""
    at = desk.program.at
    found = {"program": (desk.program.id, "program"), "issuer": (at.issuer, "issuer")}
    found |= {"authority": (at.authority, "of every mint")}
    found |= {symbol: (mint, "settlement asset") for symbol, mint in desk.assets().items()}
    found |= {ticker: (desk.listing(ticker).mint, "mint") for ticker in desk.manifest.stocks}
    return {label: {"address": str(address), "contract": what} for label, (address, what) in found.items()}


def rules_of(manifest: Manifest) -> Rules:
    """The manifest's notices, grace and withholding."""
    policy = manifest.corporate_actions
    return Rules(
        policy.split_notice,
        policy.dividend_announce_notice,
        policy.dividend_strike_notice,
        policy.withholding_bps,
        policy.grace,
    )


def holders_of(desk: SolanaDesk) -> dict[str, str]:
    """Who is to hold each role, by the program's own names."""
    named = {field: desk.manifest.role_holders(role)[0] for role, field in SOLANA_ROLES.items()}
    return {SOLANA_ADMIN: TIMELOCK} | named


def issuer_of(desk: SolanaDesk) -> Any:
    """The issuer's account, decoded; None before there is one."""
    data = desk.chain.account(desk.program.at.issuer)
    return desk.program.decode(data) if data else None


def _initialise(draft: Draft, authority: Pubkey | None) -> None:
    desk = draft.desk
    if desk.initialised:
        draft.same.append("the issuer, its roles and settings")
        return
    if authority is None:
        raise InputError("can be initialised by nobody: it has no upgrade authority", field="program.address")
    holders, rules = holders_of(desk), rules_of(desk.manifest)
    addresses = {field: desk.keys.address(name) for field, name in holders.items()}
    call = initialise(desk.program, authority, authority, desk.chain.genesis, addresses, rules)
    by = desk.keys.name(authority)
    draft.steps.append(step("initialise", "name the issuer, its roles and settings", by, [call], what="initialise"))
    draft.changes += [Change(f"role {field}", "none", name) for field, name in holders.items()]
    draft.changes += [Change(name, "none", str(value)) for name, value in settings_of(rules).items()]


def _assets(draft: Draft) -> None:
    desk = draft.desk
    deployer, admin = desk.keys.address(DEPLOYER), sender_of(desk.manifest, ADMIN)
    for symbol, mint in desk.assets().items():
        treasury, calls = desk.treasury(mint), []
        if desk.manifest.settlement.assets[symbol] == "mock" and desk.chain.account(mint) is None:
            rent = desk.chain.rent(tokens.MINT_SIZE)
            faucet = local_address(FAUCET)
            calls += tokens.create_seeded_mint(deployer, symbol, faucet, STABLECOIN_DECIMALS, rent)
            draft.changes.append(Change(f"asset {symbol}", "none", f"a mock, {mint}"))
        if desk.chain.account(treasury) is None:
            calls.append(tokens.create_account(deployer, desk.program.at.authority, mint, TOKEN))
            draft.changes.append(Change(f"treasury of {symbol}", "none", str(treasury)))
        if calls:
            draft.steps.append(step(f"treasury-{symbol}", f"open the treasury of {symbol}", DEPLOYER, calls))
        if _is_listed(desk, mint, treasury):
            draft.same.append(f"{symbol} settles quotes")
            continue
        call = list_asset(desk.program, desk.keys.address(admin), mint, treasury)
        draft.steps.append(step(f"list-{symbol}", f"let {symbol} settle quotes", admin, [call], what="list_asset"))
        draft.changes.append(Change(f"{symbol} settles quotes", "no", "yes"))


def _is_listed(desk: SolanaDesk, mint: Pubkey, treasury: Pubkey) -> bool:
    data = desk.chain.account(desk.program.at.asset(mint))
    found = desk.program.decode(data) if data else None
    return found is not None and found.listed and found.treasury == treasury


def create(draft: Draft, ticker: str, sender: str = "") -> None:
    """A stock of the manifest, where the cluster has none of its ISIN and series."""
    desk, stock = draft.desk, draft.desk.manifest.stocks[ticker]
    if desk.chain.account(desk.listing(ticker).mint) is not None:
        draft.same.append(f"{ticker}, {desk.listing(ticker).mint}")
        return
    order = ins.CreateStock(ticker, stock.name, stock.isin, resolve(desk.manifest, ticker).policy, stock.series)
    signed = draft.by_role(order, sender)
    title = f"create {ticker}, {stock.name}, {stock.isin}, {order.policy}"
    calls = draft.desk.future_ledger().calls(signed)
    draft.steps.append(step(f"create-{ticker}", title, signed.by, calls, signed, what="create_stock"))
    draft.changes.append(Change(ticker, "none", title.removeprefix("create ")))


def back(draft: Draft, ticker: str) -> None:
    """How a stock's attestations are judged, where that is not as the manifest says."""
    desk, wanted = draft.desk, draft.desk.manifest.stocks[ticker].reserve
    found = reserve_of(desk, desk.listing(ticker))
    said = f"at most {wanted.max_age} s old, {wanted.margin_bps} bps off"
    if found is not None and (found.max_age, found.margin_bps) == (wanted.max_age, wanted.margin_bps):
        # The ceiling moves with splits and attestations; the settings' plan compares it.
        draft.same.append(f"{ticker}'s reserve: {said}")
        return
    configure(draft, ticker, f"reserve-{ticker}")


def configure(draft: Draft, ticker: str, name: str) -> None:
    """Configure a stock's reserve as the manifest says: age, margin and ceiling in one."""
    wanted = draft.desk.manifest.stocks[ticker].reserve
    ceiling = Shares.parse(wanted.ceiling or "0")
    order = ins.ConfigureReserve(ticker, wanted.max_age, wanted.margin_bps, ceiling)
    signed = draft.by_role(order)
    said = f"at most {wanted.max_age} s old, {wanted.margin_bps} bps off, ceiling {ceiling} shares"
    calls = draft.desk.future_ledger().calls(signed)
    title = f"{ticker}'s reserve: {said}"
    draft.steps.append(step(name, title, signed.by, calls, signed, what="configure_reserve"))
    draft.changes.append(Change(f"{ticker}'s reserve", _shown(draft.desk, ticker), said))


def _shown(desk: SolanaDesk, ticker: str) -> str:
    found = reserve_of(desk, desk.listing(ticker))
    if found is None or not found.max_age:
        return "none"
    ceiling = Shares.from_wad(found.ceiling)
    return f"at most {found.max_age} s old, {found.margin_bps} bps off, ceiling {ceiling} shares"


def reserve_of(desk: SolanaDesk, listing: Listing) -> Any:
    """A stock's reserve, decoded; None where the stock does not exist."""
    data = desk.chain.account(listing.reserve)
    return desk.program.decode(data) if data else None


def _hand_over(draft: Draft, authority: Pubkey | None) -> None:
    desk = draft.desk
    if authority is None or desk.manifest.program is None:
        return
    holder = desk.manifest.program.upgrade_authority
    then = desk.keys.address(holder)
    if authority == then:
        draft.same.append(f"{holder} may upgrade the program")
        return
    by = desk.keys.name(authority)
    call = loader.set_authority(desk.program, authority, then)
    draft.steps.append(step("hand-over", f"{holder} may upgrade the program, {by} no more", by, [call]))
    draft.changes.append(Change("upgrade authority", by, holder))
