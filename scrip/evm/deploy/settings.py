"""The plan that brings a deployed network's roles and parameters back to its manifest, by whoever may."""

from __future__ import annotations

from collections.abc import Iterator

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.audit.logs import read_history
from scrip.evm.audit.run import evidence_of
from scrip.evm.chain import Contract
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy import design as parts
from scrip.evm.deploy import dividends, elections, market_limits, offers, pegs, region_exit, vaults, voting, wind_up
from scrip.evm.deploy import prices as price_settings
from scrip.evm.deploy.deployment import (
    ManifestFacts,
    administrator,
    backing,
    basis_now,
    check_assets,
    holder_rules,
    survey,
)
from scrip.evm.deploy.design import Design, Part, call
from scrip.evm.deploy.survey import Survey, plan_of
from scrip.evm.dividends import design_of as dividend_design
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers import transaction
from scrip.evm.handlers.offers import ROLES as OFFER_ROLES
from scrip.evm.labels import VAULT, role
from scrip.evm.rpc.logs import in_spans
from scrip.evm.vaults import designs
from scrip.labels import DISTRIBUTOR, OFFERS, REGION_EXIT, TIMELOCK, WIND_UP
from scrip.manifest.model import EvmManifest, EvmStock
from scrip.plan import Address, Change, Plan
from scrip.plan.identity import unrepeated
from scrip.preview import ceilings
from scrip.roles import EVM_ROLES
from scrip.units import Shares, ShareWad

NAME = "settings"
LISTED = "0x" + keccak(text="AssetListed(address,bool)").hex()


def plan_settings(network: EvmConnection, reference: str = "") -> Plan:
    """Every role, parameter and listing in which the chain is not as the manifest says.

    Grants come before revocations, so that nobody is missed in between. Roles of accounts that the manifest does not
    name are found in the events. A ceiling is CEILING's to move, a tighter rule COMPLIANCE's, a tighter limit of trades
    PAUSER's, an allowance the treasury's, all else the timelock's (the deployer's before the hand-over). InputError
    when the suite is not deployed, for a settlement coin that counts in other decimals than amounts here, or when a
    step was carried out before under this reference.
    """
    manifest = network.manifest
    network.suite()
    network.ledger()
    look = survey(network)
    check_assets(network)
    admin = administrator(look)
    design = Design.of(manifest, admin)
    wanted = [
        *parts.assets(design),
        *parts.treasury(design),
        *parts.sanctions(design),
        parts.grant("FACTORY", "factory", admin),
        parts.grant("MINTER", "market", admin),
        *parts.policy(design),
        *parts.roles(design),
        *parts.timelock(design),
        *rules(manifest, look, admin),
        *reserves(manifest, look, admin),
        *trades(manifest, look, admin),
        *price_settings.prices(manifest, look, ManifestFacts(manifest), admin),
        *market_limits.bands(manifest, look, ManifestFacts(manifest), admin),
        *pegs.pegs(manifest, look, ManifestFacts(manifest), admin),
        *parts.allowances(design),
        *vaults.wanted_parts(manifest, look, design.assets, admin, design.treasury),
        *dividends.wanted_parts(manifest, admin, tuple(design.assets), design.treasury),
        *voting.wanted_parts(manifest),
        *offers.wanted_parts(manifest, admin, tuple(design.assets), design.treasury),
        *wind_up.wanted_parts(manifest, admin, tuple(design.assets), design.treasury),
        *region_exit.wanted_parts(manifest, admin, design.treasury),
        *elections.wanted_parts(manifest),
        *withdrawals(network, design),
    ]
    return unrepeated(network, plan_of(NAME, reference or manifest.deployment, wanted, look))


def rules(manifest: EvmManifest, look: Survey, admin: str) -> Iterator[Part]:
    """The parts that set who may hold each stock that is born: COMPLIANCE tightens, the timelock loosens."""
    for ticker in manifest.stocks:
        if look.deployed(ticker):
            yield from holder_rules(manifest, ticker, look, admin)


def trades(manifest: EvmManifest, look: Survey, admin: str) -> Iterator[Part]:
    """The parts that limit what is minted and redeemed: PAUSER tightens, the timelock loosens."""
    facts = ManifestFacts(manifest)
    yield from market_limits.common(manifest, look, facts, admin)
    for ticker in manifest.stocks:
        if look.deployed(ticker):
            yield from market_limits.of_stock(manifest, ticker, look, facts, admin)


def reserves(manifest: EvmManifest, look: Survey, admin: str) -> Iterator[Part]:
    """The parts that set how each stock's reserve is judged, and this chain's ceilings."""
    for ticker, stock in manifest.stocks.items():
        found = look.ask("feed", "configuration", Address(ticker))
        if not isinstance(found, tuple):
            continue
        yield from backing(manifest, ticker, stock, look, admin)
        if found[2]:
            yield ceiling(manifest, ticker, stock, look, is_stopped=found[4] == 0)


def ceiling(manifest: EvmManifest, ticker: str, stock: EvmStock, look: Survey, *, is_stopped: bool) -> Part:
    """This chain's ceiling of a stock and all others' together, by the first who may move them.

    One of 0 (`is_stopped`) stays: somebody stopped mints, or a withdrawn split did, and `market ceiling` alone names
    one again.
    """
    wanted, others = stock.reserve.ceilings
    if is_stopped:
        wanted = Shares.of(0)
    by = manifest.role_holders("CEILING")[0]
    order = ins.SetCeiling(ticker, wanted, others, basis_now(look, ticker), by=by)
    step = call(
        f"ceiling-{ticker}-{wanted}-{others}",
        f"a ceiling of {ceilings(wanted, others)} for {ticker}",
        transaction(order, ManifestFacts(manifest)),
        order,
    )

    def now(look: parts.Look) -> tuple[Shares, Shares]:
        found = look.ask("feed", "configuration", Address(ticker))
        own, elsewhere = found[4:6] if isinstance(found, tuple) else (0, 0)
        return Shares.from_wad(ShareWad(own)), Shares.from_wad(ShareWad(elsewhere))

    def change(look: parts.Look) -> Change:
        own, elsewhere = now(look)
        if elsewhere == others:
            return Change(f"{ticker}'s ceiling", f"{own} shares", f"{wanted} shares")
        if own == wanted:
            return Change(f"{ticker}'s ceilings elsewhere", f"{elsewhere} shares", f"{others} shares")
        return Change(f"{ticker}'s ceilings", ceilings(own, elsewhere), ceilings(wanted, others))

    return Part(step, lambda look: now(look) == (wanted, others), change)


def withdrawals(network: EvmConnection, design: Design) -> Iterator[Part]:
    """The parts that take roles and listings which the manifest does not give. ADMIN goes last.

    It may be what revokes the others.
    """
    evidence = evidence_of(network)
    last = network.node.block().number
    suite = evidence.suite

    def held(contract: Contract) -> list[tuple[bytes, str]]:
        return sorted(read_history(network.node, contract.address, evidence.since, last).holders)

    wanted: dict[str, tuple[str, ...]] = {name: tuple(design.holders.get(name, ())) for name in EVM_ROLES}
    wanted |= {"FACTORY": ("factory",), "MINTER": ("market",)}
    burning = {WIND_UP: network.manifest.wind_up, REGION_EXIT: network.manifest.region_exit}
    wanted |= {VAULT: tuple(one for one, asked in burning.items() if asked is not None and one in network.book)}
    for one in designs(network.manifest):
        labels = tuple(label for asset in design.assets if (label := one.label(asset)) in network.book)
        wanted |= {name: (*wanted[name], *labels) for name in one.kind.roles}
    if network.manifest.offers is not None and OFFERS in network.book:
        wanted |= {name: (*wanted[name], OFFERS) for name in OFFER_ROLES}
    paying = dividend_design(network.manifest)
    if paying is not None and DISTRIBUTOR in network.book:
        wanted |= {name: (*wanted[name], DISTRIBUTOR) for name in paying.roles}
    yield from _unwanted(network, held(suite.roles), wanted, design.admin, "roles", "Roles")
    own = {"PROPOSER_ROLE": design.proposers, "CANCELLER_ROLE": (*design.proposers, *design.cancellers)}
    yield from _unwanted(network, held(suite.timelock), own, TIMELOCK, TIMELOCK, "Timelock")
    yield from _delisted(network, design, evidence.since, last)
    if design.admin == TIMELOCK:
        found = held(suite.roles)
        yield from _unwanted(network, found, {"ADMIN": (TIMELOCK,)}, TIMELOCK, "roles", "Roles")


def _unwanted(
    network: EvmConnection,
    held: list[tuple[bytes, str]],
    wanted: dict[str, tuple[str, ...]],
    by: str,
    to: str,
    contract: str,
) -> Iterator[Part]:
    for name, accounts in wanted.items():
        right = {network.chain.address(one) for one in accounts}
        for identifier, account in held:
            if identifier == role(name) and account not in right:
                yield parts.revoke(name, network.chain.name(account), by, to, contract)


def _delisted(network: EvmConnection, design: Design, first: int, last: int) -> Iterator[Part]:
    """Stablecoins that settle quotes and that the manifest does not name; the market's events tell of each."""
    market, right = network.book.contract("market"), {network.chain.address(label) for label in design.assets}
    events = in_spans(network.node, market.address, [LISTED], first, last)
    for address in sorted({"0x" + str(event["topics"][1])[-40:] for event in events} - right):
        one = Transaction(design.admin, "market", "PrimaryMarket", "listAsset", (Address(address), False))
        title = f"{network.chain.name(address)} settles no more quotes"
        asked = (Address(address),)
        yield parts.setting(f"delist-{address}", title, one, "assetListed", asked, False, f"{address} settles quotes")
