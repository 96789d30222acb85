"""The plan of a deployment: what the manifest asks for and the chain lacks, until the deployer is left with nothing."""

from __future__ import annotations

from collections.abc import Iterator

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm import mocks
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy import design as parts
from scrip.evm.deploy import dividends, elections, market_limits, offers, pegs, region_exit, vaults, voting, wind_up
from scrip.evm.deploy import holder_limits as rule_settings
from scrip.evm.deploy import prices as price_settings
from scrip.evm.deploy.design import Design, Part, call, deployment
from scrip.evm.deploy.survey import Survey, plan_of
from scrip.evm.deploy.unrecorded import demand_recorded
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.papers import Paper
from scrip.evm.encoding.values import SignedAttestation, SignedQuote, action_id
from scrip.evm.handlers import transaction
from scrip.evm.handlers.market import check_decimals
from scrip.evm.labels import ADMIN, role
from scrip.evm.safe import creation
from scrip.labels import (
    BALLOT,
    BLUEPRINT,
    BOOK,
    DEPLOYER,
    DISTRIBUTOR,
    ELECTIONS,
    EXTENSIONS,
    IMPLEMENTATIONS,
    LABELS,
    MOCK,
    OFFER_TERMS,
    OFFERS,
    PRICES,
    REGION_EXIT,
    REGISTRY_EXTENSION,
    SAFE,
    SEQUENCER,
    STABLECOIN,
    TIMELOCK,
    VAULTS,
    VERIFIER,
    WIND_UP,
    asset_label,
    oracle_label,
)
from scrip.manifest.checks import contracts_of_others
from scrip.manifest.document import dotted
from scrip.manifest.model import EvmManifest, EvmStock
from scrip.manifest.rules import resolve
from scrip.model.state.reserve import Feed
from scrip.plan import Address, Change, Plan
from scrip.plan.draft import sender_of
from scrip.plan.identity import unrepeated
from scrip.preview import ceilings
from scrip.units import WAD_DECIMALS

NAME = "deploy"
TAKEN = frozenset(
    {REGISTRY_EXTENSION, *EXTENSIONS, *IMPLEMENTATIONS, BLUEPRINT, VAULTS, BOOK, DISTRIBUTOR, STABLECOIN, PRICES}
    | {SEQUENCER, VERIFIER, BALLOT, ELECTIONS, OFFERS, OFFER_TERMS, WIND_UP, REGION_EXIT}
    | {*LABELS} - {TIMELOCK}
)
"""Names that no account may have, for contracts have them."""
ISSUER = "ISSUER"


class ManifestFacts:
    """A manifest's stocks as facts for translations, before a chain knows them."""

    def __init__(self, manifest: EvmManifest) -> None:
        self._manifest = manifest

    def isin(self, stock: str) -> str:
        """The ISIN that a stock will be born with."""
        return self._manifest.stocks[stock].born if stock in self._manifest.stocks else ""

    def action_id(self, stock: str, code: str, reference: str) -> bytes:
        """The id that an action of the stock will have."""
        wanted = self._manifest.stocks[stock]
        return action_id(wanted.born, wanted.series, code, reference)

    def oracle(self, stock: str) -> Address | str:
        """The oracle of a stock's reserve."""
        return oracle_of(stock, self._manifest.stocks[stock])

    def now(self) -> int:
        """No split of a stock that is not born is in effect."""
        return 0

    def backing(self, stock: str) -> Feed:  # noqa: ARG002
        """As at birth, where the manifest's order says no more."""
        return Feed()

    def paper(self, order: ins.AttestReserve) -> tuple[Paper, bytes]:
        """Of a stock that is not born nothing is attested."""
        raise InputError("is not created yet", field="stock", value=order.stock)

    def signed(self, order: ins.Mint | ins.Redeem) -> SignedQuote:
        """InputError: a stock that is not born is not traded."""
        raise InputError("is not created yet", field="stock", value=order.stock)

    def attested(self, order: ins.OnboardAttested) -> SignedAttestation:
        """InputError: a registry that is not deployed is told nothing."""
        raise InputError("is not deployed yet", field="registry", value=order.investor)


def oracle_of(ticker: str, stock: EvmStock) -> Address | str:
    """A stock's oracle: a contract of ours where it is a mock, else the manifest's address."""
    return Address(oracle_label(ticker)) if stock.reserve.oracle == MOCK else stock.reserve.oracle.lower()


def survey(network: EvmConnection) -> Survey:
    """Look at what stands on a network: the Safe too, for anyone may have created it in our stead."""
    network.find_safe()
    network.find_vaults()
    accounts = set(network.manifest.accounts) - set(dict(network.book))
    return Survey(network.chain, dict(network.book), accounts, network.node.code)


def plan_deployment(network: EvmConnection) -> Plan:
    """Plan all that is left to do until the manifest stands and the deployer holds nothing.

    InputError for a manifest that cannot be deployed: an account with a contract's name, a mock on a public network, a
    settlement coin that counts in other decimals than amounts here, a deployment that somebody else administers; and
    for a setting that was made and changed since, which is the settings' to make again. Drift where a suite stands that
    no record holds.
    """
    _check(network.manifest)
    demand_recorded(network)
    plan = whole_deployment(network)
    # Whatever was done while the deployer administered stands, or is not planned.
    return plan if administrator(survey(network)) == DEPLOYER else unrepeated(network, plan)


def whole_deployment(network: EvmConnection) -> Plan:
    """Plan what is left to do as far as the network's book says what stands."""
    manifest = network.manifest
    _check(manifest)
    look = survey(network)
    check_assets(network)
    admin = administrator(look)
    design = Design.of(manifest, admin)
    payer = design.treasury if signs_here(manifest, design.treasury) else ""
    wanted = [
        *safe(network),
        *parts.contracts(design),
        *parts.wiring(design),
        *parts.policy(design),
        *parts.roles(design),
        *market_limits.common(manifest, look, ManifestFacts(manifest), admin),
        *stocks(manifest, look, admin),
        *price_settings.prices(manifest, look, ManifestFacts(manifest), admin),
        *market_limits.bands(manifest, look, ManifestFacts(manifest), admin),
        *pegs.pegs(manifest, look, ManifestFacts(manifest), admin),
        *(parts.allowances(design) if signs_here(manifest, design.treasury) else ()),
        *vaults.wanted_parts(manifest, look, design.assets, admin, payer),
        *dividends.wanted_parts(manifest, admin, tuple(design.assets), payer),
        *voting.wanted_parts(manifest),
        *offers.wanted_parts(manifest, admin, tuple(design.assets), payer),
        *wind_up.wanted_parts(manifest, admin, tuple(design.assets), payer),
        *region_exit.wanted_parts(manifest, admin, payer),
        *elections.wanted_parts(manifest),
        *(parts.hand_over(TIMELOCK) if admin == DEPLOYER else ()),
    ]
    return plan_of(NAME, manifest.deployment, wanted, look)


def check_assets(network: EvmConnection) -> None:
    """InputError for a settlement coin of the manifest that counts in other decimals than amounts here."""
    for place, (symbol, at) in enumerate(network.manifest.settlement.assets.items()):
        if at != MOCK:
            coin = network.book.contract(asset_label(place, symbol))
            check_decimals(network.chain, coin, f"settlement.assets.{symbol}")


def stock_creation(network: EvmConnection, ticker: str, sender: str = "") -> Plan:
    """The plan that creates a stock (ISSUER), then sets who may hold it (COMPLIANCE) and its reserve (the timelock)."""
    manifest = network.manifest
    if ticker not in manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    network.ledger()
    look = survey(network)
    wanted = [creating(manifest, ticker, sender_of(manifest, "ISSUER", sender))]
    if not look.deployed(ticker):
        return plan_of("stock create", ticker, wanted, look)
    # What names the stock's address can be signed once it has one.
    admin = administrator(look)
    wanted += holder_rules(manifest, ticker, look, admin)
    wanted += backing(manifest, ticker, manifest.stocks[ticker], look, admin)
    wanted += market_limits.of_stock(manifest, ticker, look, ManifestFacts(manifest), admin)
    if (price := manifest.stocks[ticker].price) is not None:
        wanted += price_settings.price(manifest, ticker, price, look, ManifestFacts(manifest), admin)
    wanted += market_limits.band(manifest, ticker, look, ManifestFacts(manifest), admin)
    return unrepeated(network, plan_of("stock create", ticker, wanted, look))


def administrator(look: Survey) -> str:
    """Who holds ADMIN: the deployer until the end, then the timelock; InputError when it is neither."""
    if not look.deployed("roles") or look.holds(ADMIN, DEPLOYER):
        return DEPLOYER
    if look.deployed(TIMELOCK) and look.holds(ADMIN, TIMELOCK):
        return TIMELOCK
    raise InputError("is neither the deployer's nor the timelock's: somebody else administers", field="roles.ADMIN")


def signs_here(manifest: EvmManifest, account: str) -> bool:
    """Whether a key of the manifest signs for an account: not a contract's, and not one known by address alone."""
    found = manifest.accounts.get(account)
    return found is not None and not found.address


# --- the Safe and the stocks -----------------------------------------------------------------------------------------


def safe(network: EvmConnection) -> Iterator[Part]:
    """The parts that give the issuer its multisig, where the manifest names none."""
    for step in creation.creation_steps(network.manifest, DEPLOYER, dict(network.book)):
        after = f"a new {step.contract}" if step.label != SAFE else step.title
        change = Change(step.label, "none", after)
        yield Part(step, parts.stood(step.label), parts.fixed(change))


def stocks(manifest: EvmManifest, look: Survey, admin: str) -> Iterator[Part]:
    """The parts that make the manifest's stocks, by the deployer before it hands over, by ISSUER after."""
    missing = [ticker for ticker, stock in manifest.stocks.items() if not _born(look, stock)]
    by = DEPLOYER if admin == DEPLOYER else manifest.role_holders(ISSUER)[0]
    lent = admin == DEPLOYER and DEPLOYER not in manifest.role_holders(ISSUER)
    if lent and missing:
        yield parts.grant(ISSUER, DEPLOYER, admin)
    for ticker, stock in manifest.stocks.items():
        yield creating(manifest, ticker, by)
        yield from holder_rules(manifest, ticker, look, admin)
        yield from backing(manifest, ticker, stock, look, admin)
        yield from market_limits.of_stock(manifest, ticker, look, ManifestFacts(manifest), admin)
    if lent and (missing or look.holds(role(ISSUER), DEPLOYER)):
        back = parts.renounce(ISSUER, DEPLOYER)
        yield Part(back.step, lambda _: False, back.change)


def creating(manifest: EvmManifest, ticker: str, by: str) -> Part:
    """The part that creates a stock of the manifest, by the account `by`."""
    stock = manifest.stocks[ticker]
    order = ins.CreateStock(ticker, stock.name, stock.born, resolve(manifest, ticker).policy, stock.series, by=by)
    title = f"create {ticker}, {stock.name}, {stock.born}, {order.policy}"
    step = call(f"create-{ticker}", title, transaction(order, ManifestFacts(manifest)), order, label=ticker)

    def stands(look: parts.Look) -> bool:
        if not _born(look, stock) and look.deployed(ticker):
            reason = "is not what the chain knows the stock by: record the change of ISIN, a second token would be made"
            raise InputError(reason, field=f"stocks.{ticker}.isin", value=stock.isin)
        return _born(look, stock)

    return Part(step, stands, lambda _: Change(ticker, "none", title.removeprefix("create ")))


def holder_rules(manifest: EvmManifest, ticker: str, look: parts.Look, admin: str) -> Iterator[Part]:
    """The parts that say who may hold a stock, how many and how much, before anything can be minted."""
    wanted, officer = resolve(manifest, ticker), rule_settings.officer_of(manifest, admin)
    parties = (look, ManifestFacts(manifest), admin, officer)
    yield from rule_settings.rules(ticker, wanted.stock_rules, *parties)
    yield from rule_settings.limits(ticker, wanted.holder_limits, *parties)


def basis_now(look: parts.Look, ticker: str) -> ins.Basis:
    """The basis that a stock's shares are counted in now; the first one's before it is born."""
    found, step = (look.ask("feed", view, Address(ticker)) for view in ("basis", "step"))
    if isinstance(step, tuple) and 0 < step[3] <= look.now():
        return ins.Basis(*step[:3])
    return ins.Basis(*found) if isinstance(found, tuple) else ins.Basis(1, 1, 0)


def backing(manifest: EvmManifest, ticker: str, stock: EvmStock, look: parts.Look, admin: str) -> Iterator[Part]:
    """How a stock's reserve is judged. Without an oracle nothing is configured, and nothing can be minted."""
    wanted = stock.reserve
    if wanted.is_blind and not wanted.oracle:
        return
    if wanted.oracle == MOCK:
        yield deployment(oracle_label(ticker), mocks.RESERVE_ORACLE, WAD_DECIMALS)
    own, others = wanted.ceilings
    judged = (wanted.max_age, wanted.margin_bps, own, others, basis_now(look, ticker), wanted.source)
    order = ins.ConfigureReserve(ticker, *judged, by=admin)
    title = f"{ticker}'s reserve: {wanted.source}, at most {wanted.max_age} s old, {wanted.margin_bps} bps off"
    title += f", ceiling {ceilings(own, others)}"
    step = call(f"reserve-{ticker}", title, transaction(order, ManifestFacts(manifest)), order)

    def stands(look: parts.Look) -> bool:
        found = look.ask("feed", "configuration", Address(ticker))
        at = oracle_of(ticker, stock) if wanted.is_blind else ZERO_ADDRESS
        address = look.address(at.name) if isinstance(at, Address) else at
        # The ceiling moves with splits and by CEILING's hand; the settings' plan compares it.
        return isinstance(found, tuple) and (found[0], *found[2:4]) == (address, wanted.max_age, wanted.margin_bps)

    yield Part(step, stands, lambda _: Change(f"{ticker}'s reserve", "other", title.partition(": ")[2]))


def _born(look: parts.Look, stock: EvmStock) -> bool:
    return look.token(stock) != ZERO_ADDRESS


def _check(manifest: EvmManifest) -> None:
    for name in manifest.accounts:
        if name in TAKEN:
            raise InputError("is the name of a contract", field="accounts", value=name)
    if DEPLOYER not in manifest.accounts:
        raise InputError("names nobody who deploys", field="accounts", value=DEPLOYER)
    mocked = [dotted(where) for where, at in contracts_of_others(manifest) if at == MOCK]
    if manifest.chain.public and mocked:
        raise InputError("is a mock, on a public network", field=mocked[0])
