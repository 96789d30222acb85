"""Instructions: what an issuer or an investor asks of a ledger, as values.

The model and every chain adapter apply the same values. Accounts, stocks and investors are names ("alice", "MSFT"); an
adapter maps them to addresses, and "" to the zero address. Times are UTC seconds. `reason` is a code, 1 to 65535;
`document` is the 32 bytes of a document's hash as 0x-prefixed hex, or any other text, of which an adapter takes the
keccak ("" is no document). `key` makes an instruction unrepeatable and is mapped alike, but with key "" the ledger
draws a fresh one. `by` is the account that signs; role-gated instructions are the issuer's unless a test says else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

# What this module offers beside its own.
from scrip.enforcement import (  # noqa: F401
    CloseCase,
    ForcedBurn,
    ForcedTransfer,
    Freeze,
    Lock,
    OpenCase,
    ReleaseLocks,
    SetFrozenTokens,
)
from scrip.kinds import ISSUER, Instruction, KeyedInstruction, RoleInstruction
from scrip.units import RawUnits, Shares, Stablecoin

TREASURY = "treasury"
"""The account that settlement is paid to and redemptions are paid from."""

DOCUMENT_HASH = re.compile(r"0x[0-9a-fA-F]{64}")

Policy = Literal["ALLOWLIST", "BLOCKLIST"]
Side = Literal["mint", "redeem"]
InvestorClass = Literal["retail", "professional", "institutional", "venue"]


# --- the fleet -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CreateStock(RoleInstruction):
    """Issue the token of a stock. `stock` is its symbol here and on the ledger, `isin` its birth ISIN."""

    stock: str
    name: str
    isin: str
    policy: Policy = "ALLOWLIST"
    series: int = 1


@dataclass(frozen=True)
class Halt(RoleInstruction):
    """Stop every stock: views answer, forced actions and the registry's news work, all else is refused."""


@dataclass(frozen=True)
class Unhalt(RoleInstruction):
    """Leave the halt."""


@dataclass(frozen=True)
class Pause(RoleInstruction):
    """Stop transfers, mints and burns of one stock; forced actions work."""

    stock: str


@dataclass(frozen=True)
class Unpause(RoleInstruction):
    """Leave the pause of one stock."""

    stock: str


# --- the directory ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Onboard(KeyedInstruction):
    """A new investor with a first wallet. `country` is ISO 3166 numeric; cleared while now < expiry."""

    investor: str
    wallet: str
    country: int
    investor_class: InvestorClass
    expiry: int


@dataclass(frozen=True)
class LinkWallet(KeyedInstruction):
    """One more wallet for a known investor, eight at most."""

    investor: str
    wallet: str


@dataclass(frozen=True)
class UnlinkWallet(KeyedInstruction):
    """A wallet leaves its investor and is unknown from then on."""

    investor: str
    wallet: str
    reason: int
    document: str


@dataclass(frozen=True)
class Renew(KeyedInstruction):
    """A new expiry of an investor's clearance, UTC seconds, later or earlier than the old one."""

    investor: str
    expiry: int


@dataclass(frozen=True)
class Block(KeyedInstruction):
    """Every wallet of the investor stops sending and receiving, in every stock, at once."""

    investor: str
    reason: int
    document: str


@dataclass(frozen=True)
class Unblock(KeyedInstruction):
    """Lift a block."""

    investor: str
    reason: int
    document: str


@dataclass(frozen=True)
class BlockWallet(KeyedInstruction):
    """Stop an address that belongs to no investor, as BLOCKLIST stocks need."""

    wallet: str
    reason: int
    document: str


@dataclass(frozen=True)
class UnblockWallet(KeyedInstruction):
    """Lift the block of such an address."""

    wallet: str
    reason: int
    document: str


# --- the primary market ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class QuoteTerms:
    """What an issuer's quote says beyond the amounts. Valid while now < expiry, once, at one multiplier generation.

    The last three describe a faulty quote: one for the other side (None: the instruction's own side), one whose
    signature is not `signer`'s, one in an asset that is not listed.
    """

    id: str
    expiry: int
    generation: int
    signer: str = ISSUER
    side: Side | None = None
    forged: bool = False
    asset: str = "stablecoin"


@dataclass(frozen=True)
class _Quoted(Instruction):
    stock: str
    account: str
    amount: RawUnits
    settlement: Stablecoin
    quote: QuoteTerms
    by: str = ""
    """The account that submits the quote; "" is `account` itself, and any other is refused."""


@dataclass(frozen=True)
class Mint(_Quoted):
    """`account` pays `settlement` to the treasury and receives `amount` new units."""


@dataclass(frozen=True)
class Redeem(_Quoted):
    """`amount` units of `account` are burnt and the treasury pays it `settlement`."""


@dataclass(frozen=True)
class PauseMarket(RoleInstruction):
    """Stop mints and redemptions on quotes, of all stocks."""


@dataclass(frozen=True)
class UnpauseMarket(RoleInstruction):
    """Open the primary market again."""


@dataclass(frozen=True)
class FundStablecoin(Instruction):
    """Give an account (TREASURY too) stablecoin out of nothing. For demonstrations and tests; no live chain does it."""

    account: str
    amount: Stablecoin


# --- holders ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Transfer(Instruction):
    """`sender` moves raw units to `to`. The name "" for `to` is the zero address."""

    stock: str
    sender: str
    to: str
    amount: RawUnits


@dataclass(frozen=True)
class Approve(Instruction):
    """`owner` lets `spender` move up to `amount` raw units; it replaces the earlier allowance."""

    stock: str
    owner: str
    spender: str
    amount: RawUnits


@dataclass(frozen=True)
class TransferFrom(Instruction):
    """`spender` moves raw units of `sender` to `to` and uses up its allowance."""

    stock: str
    spender: str
    sender: str
    to: str
    amount: RawUnits


# --- corporate actions -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Announce(RoleInstruction):
    """Record an action. `code` is ISO 15022: SPLF and SPLR carry num and den (new shares for old), DRIP carries gross.

    `ex` is the market's date, `effective_at` the token's instant. `gross` is a wad of currency per share of the split
    basis in force at effective_at; `pay` (UTC seconds) is the day the cash arrives, 0 for splits.
    """

    stock: str
    code: str
    reference: str
    ex: date
    effective_at: int
    num: int = 0
    den: int = 0
    gross: int = 0
    pay: int = 0


@dataclass(frozen=True)
class Schedule(RoleInstruction):
    """Put an announced action into the token's slot. `price` is a wad of currency per share for DRIP, 0 for splits."""

    stock: str
    code: str
    reference: str
    price: int = 0


@dataclass(frozen=True)
class Cancel(RoleInstruction):
    """Withdraw an announced or scheduled action, strictly before its effective_at."""

    stock: str
    code: str
    reference: str
    reason: int
    document: str


# --- backing ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ConfigureReserve(RoleInstruction):
    """Tell the feed how to judge a stock: oldest answer in seconds, margin in basis points, this chain's ceiling."""

    stock: str
    max_age: int
    margin_bps: int
    ceiling: Shares


@dataclass(frozen=True)
class SetCeiling(RoleInstruction):
    """A new ceiling of this chain, in shares of the feed's basis."""

    stock: str
    ceiling: Shares


@dataclass(frozen=True)
class AttestReserve(Instruction):
    """The external oracle publishes a new round: the custodian's shares, as of `updated_at` (None: now)."""

    stock: str
    shares: Shares
    updated_at: int | None = None


@dataclass(frozen=True)
class ConfirmBasis(Instruction):
    """Anyone shows the feed the rounds before and after a split. None: the ledger picks them.

    Rounds are numbered from 1 in the order of publication.
    """

    stock: str
    old_round: int | None = None
    new_round: int | None = None


@dataclass(frozen=True)
class SetBasis(RoleInstruction):
    """The feed adopts the token's split factor on the administrator's word."""

    stock: str
