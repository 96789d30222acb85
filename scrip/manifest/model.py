"""What a manifest says, as pydantic models. Durations are seconds, rates basis points, shares decimal strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema

from scrip.errors import InputError, InputErrors
from scrip.labels import TIMELOCK
from scrip.parameters import (
    BATCH,
    CORRECTION_NOTICE,
    DIVIDEND_ANNOUNCE_NOTICE,
    DIVIDEND_STRIKE_NOTICE,
    GRACE,
    MAX_NAME,
    MAX_SYMBOL,
    RESERVE_MARGIN,
    SERIES,
    SPLIT_NOTICE,
    WITHHOLDING_BPS,
)
from scrip.roles import EVM_ROLES, SOLANA_ROLES

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
"""An account: lower case, so that no ticker can be taken for one."""
Network = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""A manifest's file, without its ending."""
TICKER = f"^[A-Z0-9.]{{1,{MAX_SYMBOL.value}}}$"
Ticker = Annotated[str, Field(pattern=TICKER)]
Text = Annotated[str, Field(min_length=1, max_length=MAX_NAME.value)]
Bps = Annotated[int, Field(ge=WITHHOLDING_BPS.floor, le=WITHHOLDING_BPS.ceiling)]
Decimal = Annotated[str, Field(pattern=r"^(|[0-9]{1,30}(\.[0-9]{1,18})?)$")]
"""An exact amount in quotes, at most 18 decimals; "" where there is none."""

DURATION = r"^[0-9]{1,9}[smhd]$"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def seconds(value: object) -> object:
    """ "24h", "30m", "5d" or "90s" in seconds; what is no text is left to the type. ValueError for other text."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(DURATION, value):
        raise ValueError('is neither a number of seconds nor a duration such as "24h", "30m" or "5d"')
    return int(value[:-1]) * _UNITS[value[-1]]


Seconds = Annotated[
    int,
    Field(ge=0),
    BeforeValidator(seconds),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": DURATION}]}),
]


def _version(value: object) -> object:
    if type(value) is not int or value != 1:  # 1 == True == 1.0, for Literal too
        raise ValueError("is not 1, the only schema that there is")
    return value


Version = Annotated[Literal[1], BeforeValidator(_version)]


class Part(BaseModel):
    """A part of a manifest: unknown fields are errors, and nothing is coerced from one type to another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Chain(Part):
    """Where the network is. `ape` is Ape's network choice; the URL of its node comes from the variable `rpc_env`.

    `genesis` is the hash of the first block (base58 on Solana): a node that answers another is refused. `public`
    networks are never reached by the project's own tests. `finality` is how many blocks make a block final.
    """

    kind: Literal["evm", "solana"]
    chain_id: Annotated[int, Field(ge=0, lt=2**63)] = 0
    cluster: Literal["", "localnet", "devnet", "mainnet-beta"] = ""
    ape: Annotated[str, Field(pattern=r"^(|[a-z0-9-]+(:[a-z0-9-]+){0,2})$")] = ""
    rpc_env: Annotated[str, Field(pattern=r"^(|[A-Z][A-Z0-9_]{0,63})$")] = ""
    genesis: str = ""
    finality: Annotated[int, Field(ge=0, le=10_000)] = 0
    public: bool = False


class Account(Part):
    """An account by exactly one of: a keystore's `alias`, an `address` that signs elsewhere, or `local: true`.

    The keystore is Ape's; on Solana it is the operator's keypair of that name. A local account's key follows from its
    name, so anyone can derive it: only networks that are not public allow it.
    """

    alias: Annotated[str, Field(pattern=r"^(|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$")] = ""
    address: str = ""
    local: bool = False


class Safe(Part):
    """The issuer's multisig, known as the account "safe". Without an address `deploy` creates it.

    On Solana it stands already, and `address` is its vault.
    """

    owners: tuple[Name, ...]
    threshold: Annotated[int, Field(ge=1)]
    address: str = ""


class Timelock(Part):
    """The delay before what needs ADMIN, known as the account "timelock". Proposers may cancel, too.

    `deploy` creates it; on Solana it stands already (a multisig with a time lock), and `address` is its vault.
    """

    delay: Seconds
    proposers: tuple[Name, ...]
    cancellers: tuple[Name, ...] = ()
    address: str = ""


class Program(Part):
    """Solana's program: its address, and the account that may upgrade it. ADMIN is the timelock's, as elsewhere."""

    address: str
    upgrade_authority: Name = TIMELOCK


class CorporateActionsPolicy(Part):
    """Notices in seconds, the grace of receivables in seconds, the issuer-level withholding rate."""

    split_notice: Seconds = SPLIT_NOTICE.default
    dividend_announce_notice: Seconds = DIVIDEND_ANNOUNCE_NOTICE.default
    dividend_strike_notice: Seconds = DIVIDEND_STRIKE_NOTICE.default
    correction_notice: Seconds = CORRECTION_NOTICE.default
    grace: Seconds = GRACE.default
    withholding_bps: Bps = WITHHOLDING_BPS.default


class Settlement(Part):
    """What quotes are settled in, by symbol: an address (Solana: a mint), or "mock" where the network is not public.

    `treasury` is paid and pays; on Solana the program itself holds it.
    """

    treasury: Annotated[str, Field(pattern=r"^(|[a-z][a-z0-9-]{0,31})$")] = ""
    assets: dict[Ticker, str]


class Oracle(Part):
    """A stock's reserve: oracle (an address, or "mock"), oldest answer in seconds, margin, this chain's ceiling.

    Without an oracle nothing can be minted. Solana has none: there ATTESTOR signs the attestations.
    """

    oracle: str = ""
    max_age: Seconds
    margin_bps: Annotated[int, Field(ge=RESERVE_MARGIN.floor, lt=RESERVE_MARGIN.ceiling + 1)]
    ceiling: Decimal


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


class Stock(Part):
    """One tokenised share."""

    name: Text
    isin: str
    series: Annotated[int, Field(ge=SERIES.floor, le=SERIES.ceiling)] = SERIES.default
    calendar: str = ""
    rules: Rules = Rules()
    reserve: Oracle


class Limits(Part):
    """Bounds on what the desk sends: most investors in a batch, most units of a mint, in tokens."""

    batch: Annotated[int, Field(ge=BATCH.floor, le=BATCH.ceiling)] = BATCH.default
    max_mint: Decimal = ""


class Manifest(Part):
    """The desired state of one network. `network` is the file's name without its ending.

    `deployment` names what stands there, and is the reference of operations that configure it. `issuer` is the
    issuer's legal name. `sanctions_oracle` is whom the registry asks about everybody who enters, in Chainalysis's
    interface: an address, "mock" where the network is not public, "" for nobody. `calendar` is the exchange whose
    sessions count where a stock names no other. `withholding` is the rate by an investor's country, ISO 3166 alpha-2.
    `spans` are the other networks that have some of these stocks: manifests beside this one, each of which names this
    one, too.
    """

    version: Version = Field(alias="schema")
    network: str
    deployment: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    chain: Chain
    program: Program | None = None
    issuer: Text
    spans: tuple[Network, ...] = ()
    accounts: dict[Name, Account]
    safe: Safe
    timelock: Timelock
    roles: dict[str, tuple[Name, ...]]
    settlement: Settlement
    sanctions_oracle: str = ""
    corporate_actions: CorporateActionsPolicy = CorporateActionsPolicy()
    calendar: str
    withholding: dict[str, Bps] = {}
    limits: Limits = Limits()
    stocks: dict[Ticker, Stock] = {}

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

    @property
    def known_roles(self) -> tuple[str, ...]:
        """The roles that people can hold on this kind of chain."""
        return EVM_ROLES if self.chain.kind == "evm" else tuple(SOLANA_ROLES)

    def calendar_of(self, ticker: str) -> str:
        """The exchange calendar of a stock."""
        return self.stocks[ticker].calendar or self.calendar
