"""Instructions: what an issuer or an investor asks of a ledger, as values.

The model and every chain adapter apply the same values. Accounts, stocks and investors are names ("alice", "MSFT"); an
adapter maps them to addresses, and "" to the zero address. Times are UTC seconds. `reason` is a code, 1 to 65535;
`document` is the 32 bytes of a document's hash as 0x-prefixed hex, or any other text, of which an adapter takes the
keccak ("" is no document). `key` makes an instruction unrepeatable and is mapped alike, but with key "" the ledger
draws a fresh one. `by` is the account that signs; role-gated instructions are the issuer's unless a test says else.
"""

from scrip.instructions.actions import Announce, Cancel, Schedule
from scrip.instructions.directory import (
    Block,
    BlockWallet,
    LinkWallet,
    Onboard,
    Renew,
    SetProfile,
    Unblock,
    UnblockWallet,
    UnlinkWallet,
)
from scrip.instructions.enforcement import (
    CloseCase,
    Enforcement,
    ForcedBurn,
    ForcedTransfer,
    Freeze,
    Lock,
    OpenCase,
    ReleaseLocks,
    SetFrozenTokens,
)
from scrip.instructions.fleet import (
    CreateStock,
    Halt,
    Pause,
    Unhalt,
    Unpause,
)
from scrip.instructions.holders import Approve, Transfer, TransferFrom
from scrip.instructions.kinds import (
    DOCUMENT_HASH,
    ISSUER,
    TREASURY,
    Instruction,
    InvestorClass,
    KeyedInstruction,
    Policy,
    RoleInstruction,
    Side,
)
from scrip.instructions.market import (
    FundStablecoin,
    Mint,
    PauseMarket,
    QuoteTerms,
    Redeem,
    UnpauseMarket,
)
from scrip.instructions.reserve import (
    AttestReserve,
    ConfigureReserve,
    ConfirmBasis,
    SetBasis,
    SetCeiling,
)
from scrip.instructions.rules import RemoveHolderLimits, SeedHolders, SetHolderLimits, SetStockRules

__all__ = [
    # actions
    "Announce",
    "Cancel",
    "Schedule",
    # directory
    "Block",
    "BlockWallet",
    "LinkWallet",
    "Onboard",
    "Renew",
    "SetProfile",
    "Unblock",
    "UnblockWallet",
    "UnlinkWallet",
    # enforcement
    "CloseCase",
    "Enforcement",
    "ForcedBurn",
    "ForcedTransfer",
    "Freeze",
    "Lock",
    "OpenCase",
    "ReleaseLocks",
    "SetFrozenTokens",
    # fleet
    "CreateStock",
    "Halt",
    "Pause",
    "Unhalt",
    "Unpause",
    # holders
    "Approve",
    "Transfer",
    "TransferFrom",
    # kinds
    "DOCUMENT_HASH",
    "ISSUER",
    "Instruction",
    "InvestorClass",
    "KeyedInstruction",
    "Policy",
    "RoleInstruction",
    "Side",
    "TREASURY",
    # market
    "FundStablecoin",
    "Mint",
    "PauseMarket",
    "QuoteTerms",
    "Redeem",
    "UnpauseMarket",
    # reserve
    "AttestReserve",
    "ConfigureReserve",
    "ConfirmBasis",
    "SetBasis",
    "SetCeiling",
    # rules
    "RemoveHolderLimits",
    "SeedHolders",
    "SetHolderLimits",
    "SetStockRules",
]
