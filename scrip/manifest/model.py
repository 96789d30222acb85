"""What a manifest says, as pydantic models. Durations are seconds, "24h" in the file.

Rates are basis points, shares decimal strings.

There are two types of manifest, told apart by `chain.kind`; what only one of them has is no field of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, PrivateAttr, Tag

from scrip.errors import InputError, InputErrors
from scrip.labels import TIMELOCK
from scrip.manifest.choices import Elections, Offers, RegionExit, Voting, WindUp
from scrip.manifest.fields import (
    Alias,
    ApeChoice,
    Bps,
    Decimal,
    Deployment,
    Elsewhere,
    Name,
    Network,
    Seconds,
    Text,
    Ticker,
    Uri,
    Variable,
    Version,
)
from scrip.manifest.part import Part
from scrip.manifest.prices import Price, Sequencer
from scrip.manifest.settlement import EvmSettlement, Settlement, SolanaSettlement
from scrip.market_limits import WINDOW_BITS, MarketLimits, cents_of
from scrip.parameters import (
    BATCH,
    CORRECTION_NOTICE,
    DAY,
    DIVIDEND_ANNOUNCE_NOTICE,
    DIVIDEND_STRIKE_NOTICE,
    ESCHEAT,
    GRACE,
    MAX_FEE,
    REQUEST_PATIENCE,
    RESERVE_MARGIN,
    SERIES,
    SPLIT_NOTICE,
    STRIKE_BAND,
    WITHHOLDING_BPS,
)
from scrip.roles import EVM_ROLES, SOLANA_ROLES
from scrip.units import EVM_DECIMALS, SOLANA_DECIMALS, Shares, Stablecoin

Kind = Literal["evm", "solana"]
"""A kind of chain."""


# --- where the network is --------------------------------------------------------------------------------------------


class Chain(Part):
    """Where the network is. The URL of its node comes from the variable `rpc_env`.

    `genesis` is the hash of the first block (base58 on Solana): a node that answers another is refused. `public`
    networks are never reached by the project's own tests. `finality` is how many blocks make a block final.
    `second_rpc_env` is the variable of a second node's URL: what is hard to undo is sent, what people decide on is
    shown, and what became of a transaction is recorded, only where both say the same; "" for one node alone.
    """

    kind: Kind
    rpc_env: Variable = ""
    second_rpc_env: Variable = ""
    genesis: str = ""
    finality: Annotated[int, Field(ge=0, le=10_000)] = 0
    public: bool = False


class EvmChain(Chain):
    """Where an Ethereum-family network is. `ape` is Ape's network choice.

    The URL of its node comes from the variable `rpc_env`. `genesis` is the hash of block 0: a node that answers another
    is refused. `public` networks are never reached by the project's own tests. `finality` is how many blocks make a
    block final. `second_rpc_env` is the variable of a second node's URL: what is hard to undo is sent, what people
    decide on is shown, and what became of a transaction is recorded, only where both say the same; "" for one node
    alone.
    """

    kind: Literal["evm"]
    chain_id: Annotated[int, Field(ge=1, lt=2**63)]
    ape: ApeChoice


class SolanaChain(Chain):
    """Where a Solana network is.

    The URL of its node comes from the variable `rpc_env`. `genesis` is the first block's hash in base58: a node that
    answers another is refused. `public` networks are never reached by the project's own tests. `finality` is how many
    slots root a block. `second_rpc_env` is the variable of a second node's URL: what is hard to undo is sent, what
    people decide on is shown, and what became of a transaction is recorded, only where both say the same; "" for one
    node alone.
    """

    kind: Literal["solana"]
    cluster: Literal["localnet", "devnet", "mainnet-beta"]


# --- who is who ------------------------------------------------------------------------------------------------------


class Account(Part):
    """An account by exactly one of: a keystore's `alias`, an `address` that signs elsewhere, or `local: true`.

    The keystore is Ape's, or a plug-in's of Ape's; on Solana it is the operator's keypair of that name, or the key of a
    device that a variable names. A local account's key follows from its name, so anyone can derive it: only networks
    that are not public allow it.
    """

    alias: Alias = ""
    address: str = ""
    local: bool = False


class Safe(Part):
    """The issuer's multisig, known as the account "safe". Without an address `deploy` creates it.

    On Solana it stands already, and `address` is its vault.
    """

    owners: tuple[Name, ...]
    threshold: Annotated[int, Field(ge=1)]
    address: str = ""


class EvmSafe(Safe):
    """The issuer's multisig, known as the account "safe". Without an address `deploy` creates it.

    `service_env` is the variable that holds the URL of the Safe's transaction service, whose queue proposals are put
    behind; "" for none.
    """

    service_env: Variable = ""


class Timelock(Part):
    """The delay before what needs ADMIN, known as the account "timelock". Proposers may cancel, too."""

    delay: Seconds
    proposers: tuple[Name, ...]


class EvmTimelock(Timelock):
    """The delay before what needs ADMIN, known as the account "timelock": `deploy` creates it.

    Proposers may cancel, too, and so may `cancellers`.
    """

    cancellers: tuple[Name, ...] = ()


class SolanaTimelock(Timelock):
    """The delay before what needs ADMIN, known as the account "timelock".

    At `address` stands the vault of a multisig with a time lock, or the program's own timelock, which `timelock adopt`
    hands ADMIN over to: its first proposer schedules, and `canceller` or that proposer cancels.
    """

    address: Annotated[str, Elsewhere("is a field of Solana networks: deploy creates it here")] = ""
    canceller: Annotated[Name | Literal[""], Elsewhere("is a field of Solana networks: say cancellers here")] = ""


class Program(Part):
    """Solana's program: its address, and the account that may upgrade it. ADMIN is the timelock's, as elsewhere."""

    address: str
    upgrade_authority: Name = TIMELOCK


# --- how business is done --------------------------------------------------------------------------------------------


class ActionsPolicy(Part):
    """Notices in seconds, the grace of receivables in seconds, the issuer-level withholding rate."""

    split_notice: Seconds = SPLIT_NOTICE.default
    dividend_announce_notice: Seconds = DIVIDEND_ANNOUNCE_NOTICE.default
    dividend_strike_notice: Seconds = DIVIDEND_STRIKE_NOTICE.default
    grace: Seconds = GRACE.default
    withholding_bps: Bps = WITHHOLDING_BPS.default


class EvmActionsPolicy(ActionsPolicy):
    """Notices in seconds, that of the timelock's corrections too; the grace of receivables, the withholding rate."""

    correction_notice: Seconds = CORRECTION_NOTICE.default


UNLIMITED = "Solana's market limits no trades over time: leave it out"
"""What is said of the market's limits in a manifest of Solana's."""
UNCHARGED = "Solana's quotes name no fee, and one key signs them: leave it out"
"""What is said of the terms of quotes there."""


class Limits(Part):
    """Bounds on what commands send: most investors in a batch, most units of a mint, in tokens."""

    batch: Annotated[int, Field(ge=BATCH.floor, le=BATCH.ceiling)] = BATCH.default
    max_mint: Decimal = ""


class MarketLimit(Part):
    """Most that mints may exceed redemptions by, or the other way round, and most of both, in money; "" for no cap.

    What was traded drains at the cap a window, so any window can see up to twice the cap.
    """

    net: Decimal = ""
    gross: Decimal = ""
    window: Annotated[Seconds, Field(ge=1, lt=1 << WINDOW_BITS)] = DAY

    @property
    def limits(self) -> MarketLimits:
        """As the market takes them."""
        net, gross = (cents_of(Stablecoin.parse(one or "0")) for one in (self.net, self.gross))
        return MarketLimits(net, gross, self.window if net or gross else 0)


class EvmLimits(Limits):
    """Bounds on what commands send, and what the market refuses: of all stocks, of each stock, of each investor.

    `max_fee_bps` is the highest fee that a quote may name, in basis points of its settlement. From a settlement of
    `second_signer_from` on, in money, two keys of QUOTE_SIGNER sign a quote, and every quote of a stock without a band;
    "" for one whatever the amount.
    """

    issuer: Annotated[MarketLimit, Elsewhere(UNLIMITED)] = MarketLimit()
    stock: Annotated[MarketLimit, Elsewhere(UNLIMITED)] = MarketLimit()
    investor: Annotated[MarketLimit, Elsewhere(UNLIMITED)] = MarketLimit()
    max_fee_bps: Annotated[int, Field(ge=0, le=MAX_FEE.ceiling), Elsewhere(UNCHARGED)] = 0
    second_signer_from: Annotated[Decimal, Elsewhere(UNCHARGED)] = ""

    @property
    def quote_terms(self) -> tuple[int, int]:
        """As the market takes them: the highest fee, and the cents from which two keys sign, 0 for never."""
        return self.max_fee_bps, cents_of(Stablecoin.parse(self.second_signer_from or "0"))


# --- the stocks ------------------------------------------------------------------------------------------------------


class Reserve(Part):
    """What backs a stock: ATTESTOR signs it. Oldest answer in seconds, margin, this chain's ceiling, all others'."""

    source: Literal["attested"] = "attested"
    max_age: Seconds
    margin_bps: Annotated[int, Field(ge=RESERVE_MARGIN.floor, lt=RESERVE_MARGIN.ceiling + 1)]
    ceiling: Decimal
    others: Decimal = "0"

    @property
    def ceilings(self) -> tuple[Shares, Shares]:
        """This chain's ceiling and all others' together; none where nothing is named yet."""
        return Shares.parse(self.ceiling or "0"), Shares.parse(self.others or "0")

    @property
    def is_blind(self) -> bool:
        """Whether the source does not say in which split basis it counts."""
        return False


class EvmReserve(Reserve):
    """What backs a stock: its source, oldest answer in seconds, margin, this chain's ceiling, all others' together.

    `attested` is what ATTESTOR signs; `aggregator` an AggregatorV3, `oracle` (an address, or "mock"), without which
    nothing can be minted.
    """

    source: Literal["attested", "aggregator"]  # type: ignore[assignment]
    oracle: Annotated[str, Elsewhere("Solana has no oracle: ATTESTOR signs the attestations")] = ""

    @property
    def is_blind(self) -> bool:
        """Whether the source does not say in which split basis it counts: an aggregator does not."""
        return self.source == "aggregator"


class Redemption(Part):
    """How holders leave by request: from how many tokens on one that is not filled stops new mints, after how long.

    `band_bps` is how far a day's prices of fills may be from its reference, and `reference` the price of one token, in
    what settles, that the first ones are held to. `in_kind` takes requests for the shares themselves, too.
    """

    minimum: Decimal
    patience: Seconds = REQUEST_PATIENCE.default
    band_bps: Annotated[int, Field(ge=STRIKE_BAND.floor, le=STRIKE_BAND.ceiling)] = STRIKE_BAND.default
    reference: Decimal
    in_kind: bool = False


class Subscription(Part):
    """How investors pay in by request: the least that is taken, in what settles, and when anyone may send it back.

    `band_bps` and `reference` are as of `redemption`.
    """

    minimum: Decimal
    patience: Seconds = REQUEST_PATIENCE.default
    band_bps: Annotated[int, Field(ge=STRIKE_BAND.floor, le=STRIKE_BAND.ceiling)] = STRIKE_BAND.default
    reference: Decimal


class CashDividends(Part):
    """How cash dividends are paid: whose account what is withheld goes to, and how long what nobody fetched stays, in
    seconds after pay and record, before it is swept to the settlement's treasury: what states ask of unclaimed money.
    `in_stock`: the distributor also makes units and hands them out; the treasury may hold what nobody fetches."""

    in_stock: bool = False
    tax: Name
    escheat: Seconds = ESCHEAT.default


class Rules(Part):
    """Who may hold a stock: a preset's rules, and what these say instead. scrip.manifest.rules says what is enforced.

    Countries are ISO 3166 alpha-2. 0 holders and "" tokens mean: no limit.
    """

    preset: str = ""
    policy: Literal["ALLOWLIST", "BLOCKLIST"] | None = None
    countries_denied: tuple[str, ...] = ()
    countries_allowed: tuple[str, ...] = ()
    classes: tuple[Literal["retail", "professional", "institutional", "venue"], ...] = ()
    max_holders: Annotated[int, Field(ge=0, lt=2**32)] = 0
    max_per_investor: Decimal = ""
    min_holding: Decimal = ""


class Preset(Part):
    """The rules of a regime, in a file of their own."""

    version: Version = Field(alias="schema")
    title: Annotated[str, Field(min_length=1, max_length=200)]
    rules: Rules


class LookThrough(Part):
    """How a venue's units are shared out among those whose they are: by which rule, and the file where it is by one.

    Rules: `file`, a list that the venue sends, which stands beside the manifest; `v2-pair` and `erc4626`, by the shares
    that are tokens of the venue's own contract.
    """

    rule: Annotated[str, Field(min_length=1, max_length=40)]
    file: str = ""


class Holders(Part):
    """What the register of holders makes of accounts: `excluded` ones are due nothing and vote for nothing, and venues
    are looked through. All are accounts of the manifest."""

    excluded: tuple[Name, ...] = ()
    look_through: Mapping[Name, LookThrough] = Field(default_factory=dict)


class Stock(Part):
    """One tokenised share.

    `birth_isin` is the ISIN that its token was created under, where it carries another by now: with the series it names
    the stock on every network, and its corporate actions, for ever.
    """

    name: Text
    isin: str
    birth_isin: str = ""
    series: Annotated[int, Field(ge=SERIES.floor, le=SERIES.ceiling)] = SERIES.default
    calendar: str = ""
    rules: Rules = Rules()
    reserve: Reserve
    holders: Holders = Holders()

    @property
    def born(self) -> str:
        """The ISIN that its token was, or will be, created under: on Solana its address follows from it."""
        return self.birth_isin or self.isin

    @property
    def identity(self) -> str:
        """What names it on every network: its ISIN at birth, and its series where that is not the first."""
        return self.born if self.series == SERIES.default else f"{self.born} series {self.series}"


class EvmStock(Stock):
    """One tokenised share.

    `birth_isin` is the ISIN that its token was created under, where it carries another by now. `price` is
    where its price comes from; without one the price feed does not know it. Without `redemption` holders redeem on
    quotes alone, without `subscription` investors buy on quotes alone. With `quotes: false` the desk signs none of it:
    cash at NAV, by request alone.
    """

    reserve: EvmReserve
    price: Annotated[Price | None, Elsewhere("the program on Solana prices nothing: leave it out")] = None
    redemption: Annotated[
        Redemption | None, Elsewhere("Solana's program keeps no queue of requests: holders redeem on quotes there")
    ] = None
    subscription: Annotated[
        Subscription | None, Elsewhere("Solana's program keeps no queue of requests: investors buy on quotes there")
    ] = None
    quotes: Annotated[bool, Elsewhere("on Solana quotes are the only way: leave it out")] = True


class SolanaStock(Stock):
    """One tokenised share.

    `birth_isin` is the ISIN that its mint was created under, from which its addresses follow, where it carries another
    by now. `uri` is where wallets find its description: JSON with "name", "symbol", "description", "image".
    `default_frozen` lets a BLOCKLIST stock's token accounts be born frozen, as an ALLOWLIST one's always are: nobody
    who is blocked or held makes itself an open one, and nobody holds anything before someone thaws an account.
    """

    uri: Annotated[Uri, Elsewhere("is of Solana's mints: a token here has no metadata")] = ""

    default_frozen: Annotated[bool, Elsewhere("is of Solana's token accounts: here a wallet has one balance")] = False


# --- the manifest ----------------------------------------------------------------------------------------------------


class Manifest(Part):
    """The desired state of one network, as far as every kind of chain has it.

    `network` is the file's name without its ending. `deployment` names what stands there, and is the reference of
    operations that configure it. `issuer` is the issuer's legal name. `calendar` is the exchange whose sessions count
    where a stock names no other. `withholding` is the rate by an investor's country, ISO 3166 alpha-2. `spans` are the
    other networks that have some of these stocks: manifests beside this one, each of which names this one, too.
    `sanctions_oracle` says who is on a sanctions list: a contract, or on Solana the account that signs lists.
    """

    known_roles: ClassVar[tuple[str, ...]] = ()
    """The roles that people can hold on this kind of chain."""
    decimals: ClassVar[int]
    """Decimals of a stock's raw units on this kind of chain."""

    version: Version = Field(alias="schema")
    network: str
    deployment: Deployment
    chain: Chain
    issuer: Text
    spans: tuple[Network, ...] = ()
    accounts: dict[Name, Account]
    safe: Safe
    timelock: Timelock
    roles: dict[str, tuple[Name, ...]]
    settlement: Settlement
    corporate_actions: ActionsPolicy = ActionsPolicy()
    calendar: str
    withholding: dict[str, Bps] = Field(default={})
    sanctions_oracle: str = ""
    limits: Limits = Limits()
    stocks: Mapping[Ticker, Stock] = {}

    _presets: dict[str, Preset] = PrivateAttr(default_factory=dict)
    _gaps: tuple[InputError, ...] = PrivateAttr(default=())

    def completed_by(self, presets: Mapping[str, Preset], gaps: Iterable[InputError]) -> Self:
        """The same manifest, knowing the presets that its stocks name and what is still to be filled in."""
        known = self.model_copy()
        known._presets = dict(presets)
        known._gaps = tuple(gaps)
        return known

    @property
    def presets(self) -> dict[str, Preset]:
        """The presets that its stocks name, by name."""
        return dict(self._presets)

    @property
    def gaps(self) -> tuple[InputError, ...]:
        """What is still to be filled in before anything can be issued; empty for a complete manifest."""
        return self._gaps

    def demand_complete(self) -> None:
        """Raises InputErrors, a line for each gap."""
        if self._gaps:
            raise InputErrors(self._gaps)

    def role_holders(self, role: str) -> tuple[str, ...]:
        """The names of a role's holders, first the one that signs unless told otherwise; none for an unknown role."""
        return self.roles.get(role, ())

    def emergency_holders(self, role: str) -> tuple[str, ...]:
        """The names of a role's holders in the order in which they sign what cannot wait."""
        return self.role_holders(role)

    def calendar_of(self, ticker: str) -> str:
        """The exchange calendar of a stock."""
        return self.stocks[ticker].calendar or self.calendar


class EvmManifest(Manifest):
    """The desired state of one Ethereum-family network. `network` is the file's name without its ending.

    `deployment` names what stands there, and is the reference of operations that configure it. `issuer` is the
    issuer's legal name. `sanctions_oracle` is whom the registry asks about everybody who enters, in Chainalysis's
    interface: an address, "mock" where the network is not public, "" for nobody. `sequencer` is what says
    whether a layer 2 works. `calendar` is the exchange whose sessions count where a stock names no other.
    `withholding` is the rate by an investor's country, ISO 3166 alpha-2, which cash dividends are kept to; without
    `dividends` none is paid in cash, without `voting` nobody votes, without `elections` nobody chooses, without
    `offers` nobody tenders, and without `region_exit` no country is left. `spans` are the other networks that have some
    of these stocks: manifests beside this one, each of which names this one, too. `emergency` are accounts that sign
    what cannot wait and nothing else, wherever they hold the role: no other operation's transaction is before theirs.
    """

    known_roles: ClassVar[tuple[str, ...]] = EVM_ROLES
    decimals: ClassVar[int] = EVM_DECIMALS

    chain: EvmChain
    safe: EvmSafe
    timelock: EvmTimelock
    settlement: EvmSettlement
    sequencer: Annotated[Sequencer | None, Elsewhere("is of layer 2 chains: Solana has none")] = None
    dividends: Annotated[
        CashDividends | None, Elsewhere("Solana's program pays no cash dividends: they are reinvested there")
    ] = None
    voting: Annotated[
        Voting | None, Elsewhere("Solana's program takes no votes: holders there instruct the custodian themselves")
    ] = None
    offers: Annotated[
        Offers | None, Elsewhere("Solana's program takes no offers: no action of them is announced of a stock there")
    ] = None
    wind_up: Annotated[WindUp | None, Elsewhere("Solana's program ends no stock: leave it out")] = None
    region_exit: Annotated[
        RegionExit | None,
        Elsewhere("Solana's program burns for no exit: deny the country in the stock's rules, and its holders redeem"),
    ] = None
    elections: Annotated[
        Elections | None, Elsewhere("Solana's program leaves no choice: dividends are reinvested there")
    ] = None
    corporate_actions: EvmActionsPolicy = EvmActionsPolicy()
    limits: EvmLimits = EvmLimits()
    emergency: Annotated[tuple[Name, ...], Elsewhere("no transaction waits for another there: leave it out")] = ()
    stocks: dict[Ticker, EvmStock] = Field(default={})

    def emergency_holders(self, role: str) -> tuple[str, ...]:
        """The names of a role's holders in the order in which they sign what cannot wait."""
        return tuple(sorted(self.role_holders(role), key=lambda name: name not in self.emergency))


class SolanaManifest(Manifest):
    """The desired state of one Solana network. `network` is the file's name without its ending.

    `deployment` names what stands there, and is the reference of operations that configure it. `issuer` is the
    issuer's legal name. `calendar` is the exchange whose sessions count where a stock names no other. `withholding` is
    the rate by an investor's country, ISO 3166 alpha-2. `spans` are the other networks that have some of these stocks:
    manifests beside this one, each of which names this one, too. `providers` are the KYC providers, accounts of the
    manifest, each with how many investors it may let in, ever. `sanctions_oracle` is the account of the manifest whose
    key signs sanctions lists, "" for nobody; with `strict_list` nobody is thawed or minted to who was not shown to be
    absent from a list that has not expired.
    """

    known_roles: ClassVar[tuple[str, ...]] = tuple(SOLANA_ROLES)
    decimals: ClassVar[int] = SOLANA_DECIMALS

    chain: SolanaChain
    program: Annotated[Program, Elsewhere("is a part of Solana networks")]
    providers: Annotated[
        dict[Name, Annotated[int, Field(ge=0, lt=2**32)]],
        Elsewhere("providers hold KYC_PROVIDER there: say so in roles"),
    ] = Field(default={})
    strict_list: Annotated[bool, Elsewhere("an oracle there is asked about everybody who enters")] = False
    timelock: SolanaTimelock
    settlement: SolanaSettlement
    stocks: dict[Ticker, SolanaStock] = Field(default={})


def kind_of(value: Any) -> str | None:
    """What a manifest, or the content of a manifest's file, says of its kind; None where it says nothing."""
    if isinstance(value, Manifest):
        return value.chain.kind
    chain = value.get("chain") if isinstance(value, Mapping) else None
    kind = chain.get("kind") if isinstance(chain, Mapping) else None
    return kind if isinstance(kind, str) else None


AnyManifest: TypeAlias = Annotated[
    Annotated[EvmManifest, Tag("evm")] | Annotated[SolanaManifest, Tag("solana")], Discriminator(kind_of)
]
"""A manifest of either kind."""
