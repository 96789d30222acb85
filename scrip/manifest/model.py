"""What a manifest says, as pydantic models. Durations are seconds, rates basis points, shares decimal strings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
"""An account: lower case, so that no ticker can be taken for one."""
Ticker = Annotated[str, Field(pattern=r"^[A-Z0-9.]{1,16}$")]
HexAddress = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
Seconds = Annotated[int, Field(ge=0)]
Bps = Annotated[int, Field(ge=0, le=10_000)]

ROLES = (
    "COMPLIANCE",
    "ENFORCER",
    "PAUSER",
    "UNPAUSER",
    "GUARDIAN",
    "ACTIONS",
    "QUOTE_SIGNER",
    "CEILING",
    "ISSUER",
)
"""Roles that people hold. ADMIN is the timelock's, MINTER the market's, FACTORY the factory's: none is given here."""


class Part(BaseModel):
    """A part of a manifest: unknown fields are errors, and nothing is coerced from one type to another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Chain(Part):
    """Where the network is. `ape` is Ape's network choice; its URL comes from the variable `rpc_env`.

    `public` networks are never reached by the project's own tests. `finality` is how many blocks make a block final.
    """

    kind: Literal["evm", "solana"]
    chain_id: int = 0
    cluster: str = ""
    ape: str = ""
    rpc_env: str = ""
    genesis: str = ""
    finality: int = 0
    public: bool = False


class Account(Part):
    """An account by exactly one of: an Ape keystore's `alias`, an `address` that signs elsewhere, or `local: true`.

    A local account's key follows from its name; only networks that are not public allow it.
    """

    alias: str = ""
    address: str = ""
    local: bool = False


class Safe(Part):
    """The issuer's multisig, known as the account "safe". Without an address `deploy` creates it."""

    owners: tuple[Name, ...]
    threshold: int
    address: str = ""


class Timelock(Part):
    """The delay before what needs ADMIN, known as the account "timelock"."""

    delay: Seconds
    proposers: tuple[Name, ...]
    cancellers: tuple[Name, ...] = ()


class CorporateActionsPolicy(Part):
    """Notices in seconds, the grace of receivables in seconds, the issuer-level withholding rate."""

    split_notice: Seconds = 86_400
    dividend_announce_notice: Seconds = 86_400
    dividend_strike_notice: Seconds = 3_600
    correction_notice: Seconds = 86_400
    grace: Seconds = 432_000
    withholding_bps: Bps = 0


class Settlement(Part):
    """What quotes are settled in. An asset is an address, or "mock" on a network that is not public."""

    treasury: Name
    assets: dict[str, str]


class Oracle(Part):
    """A stock's reserve: oracle (an address, or "mock"), oldest answer in seconds, margin, this chain's ceiling."""

    oracle: str
    max_age: Seconds
    margin_bps: Bps
    ceiling: str


class Rules(Part):
    """Who may hold a stock. A preset's rules, or these; what no contract enforces yet is shown as not enforced."""

    preset: str = ""
    policy: Literal["ALLOWLIST", "BLOCKLIST"] | None = None
    countries_denied: tuple[str, ...] = ()
    countries_allowed: tuple[str, ...] = ()
    classes: tuple[Literal["retail", "professional", "institutional", "venue"], ...] = ()
    max_holders: int = 0
    max_per_investor: str = ""
    min_holding: str = ""


class Stock(Part):
    """One tokenised share."""

    name: str
    isin: str
    series: int = 1
    calendar: str = ""
    rules: Rules = Rules()
    reserve: Oracle


class Limits(Part):
    """Bounds on what the desk sends: most investors in a batch, most units of a mint, in tokens."""

    batch: int = 50
    max_mint: str = ""


class Manifest(Part):
    """The desired state of one network. `network` is the file's name without its ending."""

    version: Literal[1] = Field(alias="schema")
    network: str
    deployment: str
    chain: Chain
    issuer: str
    accounts: dict[Name, Account]
    safe: Safe
    timelock: Timelock
    roles: dict[str, tuple[Name, ...]]
    settlement: Settlement
    corporate_actions: CorporateActionsPolicy = CorporateActionsPolicy()
    calendar: str
    withholding: dict[str, Bps] = {}
    limits: Limits = Limits()
    stocks: dict[Ticker, Stock] = {}
